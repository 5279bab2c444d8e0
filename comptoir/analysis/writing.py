"""Drafts and rewritings for the people who answer, by the model that the company has named; nothing leaves."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from functools import cache
from typing import Any, TypeVar

import httpx
from django.utils.translation import gettext as _

from comptoir.analysis.models import WriterDay
from comptoir.brands.numbers import number_patterns
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.http import new_client
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.understanding.personal_data import personal_data
from comptoir.understanding.replacing.masking import masked
from comptoir.understanding.replacing.settings import ReplacingError, WriterSettings, replacing
from comptoir.understanding.writing.asking import WriterError
from comptoir.understanding.writing.drafting import Draft, Source, Wish, draft_answer
from comptoir.understanding.writing.rewriting import Rewriting, rewrite_reply

Written = TypeVar("Written")
_log = logging.getLogger(__name__)
#: So many threads of a process wait for the model at once: the others have pages to serve.
_TURNS = threading.BoundedSemaphore(2)
_LEAST_NAME_CHARS = 3


class NotWrittenError(Exception):
    """The model wrote nothing that can be shown; the text, translated, is for whoever asked. What they typed stands."""


@cache
def writer() -> WriterSettings | None:
    """Who drafts and rewrites; None where the company has named nobody, or not rightly."""
    try:
        return replacing().writer
    except ReplacingError as error:
        _log.warning("nobody drafts or rewrites: %s", error)
        return None


def drafted_answer(
    conversation: Conversation, said: str, sources: Sequence[Source], *, language: str, register: str, by: Agent,
    max_chars: int | None = None,
) -> Draft:  # fmt: skip
    """A draft that answers what the customer ``said`` from entries of the catalogue alone. Raises NotWrittenError."""
    if not sources:
        raise NotWrittenError(_("No entry of the catalogue answers this: a draft would rest on nothing."))
    found = personal_data(said, patterns=number_patterns(conversation.account.brand))
    message = _without_names(masked(said, found), _names(conversation))
    wish = Wish(message, language, register, sources, min(max_chars or 1_200, 1_200))
    draft = _asked(lambda settings, client: draft_answer(settings, client, wish))
    cited = [sources[number - 1].key for number in draft.cited]
    _note("answer.drafted", conversation, by, entries=cited, unfounded=len(draft.unfounded))
    return draft


def rewritten_reply(conversation: Conversation, text: str, *, by: Agent) -> Rewriting:
    """The same reply said better, as the model would. Raises NotWrittenError."""
    names, patterns = [*_names(conversation), by.name], number_patterns(conversation.account.brand)
    found = _asked(lambda settings, client: rewrite_reply(settings, client, text, names=names, patterns=patterns))
    _note("answer.rewritten", conversation, by, added=len(found.added), lost=len(found.lost))
    return found


def _names(conversation: Conversation) -> list[str]:
    identity = conversation.identity
    return [one for one in (identity.name, identity.handle, conversation.contact.name) if one]


def _without_names(text: str, names: Iterable[str]) -> str:
    """Also inside of words (« Martins »), and however it is written: the capitals of « Groß » are « GROSS »."""
    parts = {part for name in names for part in name.split() if len(part) >= _LEAST_NAME_CHARS}
    written = sorted({way for part in parts for way in (part, part.upper(), part.casefold())}, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, written)), "[name]", text, flags=re.IGNORECASE) if written else text


def _asked(write: Callable[[WriterSettings, httpx.Client], Written]) -> Written:
    settings = writer()
    if settings is None:
        raise NotWrittenError(_("No model is set up to draft or rewrite: an administrator can name one."))
    if not _TURNS.acquire(blocking=False):
        raise NotWrittenError(_("The model is busy with your colleagues’ texts: try again in a moment."))
    try:
        if not WriterDay.claim(now().astimezone(UTC).date(), settings.calls_per_day):
            raise NotWrittenError(_("The model has written as much as it may today. It goes on tomorrow."))
        with new_client() as client:
            return write(settings, client)
    except WriterError as error:
        _log.warning("the model wrote nothing: %s", error)
        raise NotWrittenError(_told(error)) from error
    finally:
        _TURNS.release()


def _told(error: WriterError) -> str:
    return {
        "unreachable": _("The model cannot be reached. What you wrote is as it was: go on by hand."),
        "late": _("The model did not answer in time. What you wrote is as it was: go on by hand."),
        "refused": _("The model’s server refused. What you wrote is as it was; an administrator can look at its key."),
        "unusable": _("What the model wrote cannot be used: it does not keep to what it was given. Go on by hand."),
    }[error.cause]


def _note(name: str, conversation: Conversation, by: Agent, **details: Any) -> None:
    record(name, subject=conversation, by=Actor("agent", by.pk), **details)
