"""What the bot says: an approved answer, that it is automatic, and how to reach a person."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from comptoir.catalogue.choosing import Occasion, chosen_variant
from comptoir.catalogue.content import File
from comptoir.catalogue.filling import LINK, filled, numbers_given
from comptoir.catalogue.models import AnswerVariant, CatalogueEntry
from comptoir.connectors.base import text_length
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.checking import limits_in_force, sending_connector, takes_files
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.understanding.tone.register import register_of

#: The one placeholder that a person's name fills: a bot has none.
SENDER = "agent_name"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("comptoir.bot").joinpath("words.toml").read_text("utf-8"))


def languages() -> Sequence[str]:
    """ISO 639-1 codes of those in which the bot can say what it is."""
    return tuple(_words())


def automatic_text(answer: str, *, language: str, brand: str) -> str:
    """An answer as the customer reads it. Raises KeyError for a language that is not one of `languages`."""
    words = _words()[language]
    return "\n\n".join([words["says"].format(brand=brand), answer, words["way"]])


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry's answer to one message: ``text`` filled in as far as it is known; in which language; the files that go
    with it, and whether the channel takes them.
    """

    text: str
    language: str
    files: tuple[File, ...] = ()
    takes_files: bool = True


def answer_to(message: Message, entry: CatalogueEntry, language: str) -> Answer | None:
    """What the entry says here; None where it says nothing for this channel. ``language`` is the customer's."""
    conversation = message.conversation
    variants: list[AnswerVariant] = list(entry.variants.all())
    variant = chosen_variant(variants, _occasion(message, language), home=entry.language)
    if variant is None:
        return None
    text = filled(variant.text, _known(conversation, message.text) | {LINK: variant.link})
    files = tuple(File(one.name, one.storage_key, one.mime_type, one.size_bytes) for one in variant.files.all())
    return Answer(text, variant.language, files, takes_files=_takes(message, files))


def _takes(message: Message, files: Sequence[File]) -> bool:
    """Whether the channel takes an answer's files; one that cannot send takes none."""
    if not files:
        return True
    try:
        limits = limits_in_force(sending_connector(message.conversation.account))
    except ReplyRefusedError:
        return False
    own = limits.of("public" if message.is_public else "private")
    return takes_files(own, [(one.size_bytes, one.mime_type) for one in files])


def _occasion(message: Message, language: str) -> Occasion:
    account, brand = message.conversation.account, message.conversation.account.brand.name
    try:
        limits = limits_in_force(sending_connector(account)).of("public" if message.is_public else "private")
    except ReplyRefusedError:
        longest = None
    else:
        longest, unit = limits.max_text_chars, limits.text_unit

    def fits(text: str) -> bool:
        whole = automatic_text(text, language=language, brand=brand) if language in languages() else text
        return longest is None or text_length(whole, unit) <= longest

    register = "familiar" if register_of(message.text, language) == "tu" else "formal"
    return Occasion(language, account.kind, message.visibility, register, fits)


def _known(conversation: Conversation, said: str) -> dict[str, str]:
    return {
        "first_name": conversation.customer_first_name,
        "name": conversation.customer_name,
        "brand": conversation.account.brand.name,
        "channel": _channel(conversation.account.kind),
        **numbers_given(said),
    }


def _channel(kind: str) -> str:
    try:
        return connector_class(kind).label
    except UnknownKindError:
        return kind
