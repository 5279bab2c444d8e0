"""Whether a reply may be queued: what the network takes, and what nobody should publish by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from comptoir.brands.numbers import Patterns
from comptoir.catalogue.filling import unfilled_known
from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import (
    Connector,
    Limits,
    OutgoingFile,
    SendsMessages,
    SendsTemplates,
    Visibility,
    text_length,
)
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.conversations.files import sniffed_type
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.public_links import is_reachable
from comptoir.conversations.wishes import refusal_of
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.lines import on_one_line
from comptoir.core.saying import in_words
from comptoir.delivery import formats
from comptoir.delivery.refusals import (
    AnsweredOnceError,
    CannotAnswerHereError,
    ChoicesRefusedError,
    ColleagueAnsweredError,
    EmptyReplyError,
    FilesRefusedError,
    PersonalDataError,
    ReplyWindowClosedError,
    TextTooLongError,
    UnfilledError,
)
from comptoir.people.models import Agent
from comptoir.understanding.personal_data import personal_data

_SNIFFED_BYTES = 8 * 1024
_MOST_ANSWERS_SHOWN = 5


def clean_text(text: str) -> str:
    """The text as it is kept: one kind of line end, nothing that a database or a network cannot hold."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def sending_connector(account: ChannelAccount) -> Connector:
    """The connector that would send, which does not call the network here. Raises CannotAnswerHereError."""
    try:
        connector = parser_for(account)
    except UnknownKindError as error:
        raise CannotAnswerHereError from error
    except UnreadableSecretError as error:
        reason = _("The credentials of “%(account)s” can no longer be read: an administrator must reconnect it.")
        raise CannotAnswerHereError(reason % {"account": account.name}) from error
    if not isinstance(connector, SendsMessages):
        raise CannotAnswerHereError
    return connector


def can_answer(account: ChannelAccount) -> bool:
    """Whether there is any use in writing a reply; where its credentials are unreadable, what is sent says so."""
    try:
        connector = parser_for(account)
    except UnknownKindError:
        return False
    except UnreadableSecretError:
        return issubclass(connector_class(account.kind), SendsMessages)
    return isinstance(connector, SendsMessages) and connector.sends_here()


def writes_privately(account: ChannelAccount) -> bool:
    """Whether a public message can be answered by a private one; where its credentials are unreadable, what is sent
    says so.
    """
    try:
        connector = parser_for(account)
    except UnknownKindError:
        return False
    except UnreadableSecretError:
        return bool(getattr(connector_class(account.kind), "writes_privately", False))
    return isinstance(connector, SendsMessages) and connector.writes_privately_here()


def limits_in_force(connector: Connector) -> Limits:
    """What the network allows, as far as it can be done from here: no files are fetched where nobody reaches us."""
    limits = connector.limits_here()
    if is_reachable():
        return limits
    private = limits.private
    if private is not None and private.fetches_files:
        limits = replace(limits, private=replace(private, max_files=0))
    return replace(limits, max_files=0) if limits.fetches_files else limits


def check_text(
    text: str, *, has_files: bool, may_carry_personal_data: bool, limits: Limits, choices: Sequence[str] = (),
    patterns: Patterns = (),
) -> None:  # fmt: skip
    """Raise EmptyReplyError, TextTooLongError or PersonalDataError; everybody who reads the text reads the choices.

    ``patterns`` find the brand's own numbers.
    """
    if not text and not has_files:
        raise EmptyReplyError
    if limits.max_text_chars is not None:
        length = text_length(text, limits.text_unit)
        if length > limits.max_text_chars:
            raise TextTooLongError(length=length, longest=limits.max_text_chars)
    if not may_carry_personal_data:
        found = personal_data("\n".join([text, *choices]), patterns=patterns)
        if found:
            raise PersonalDataError(found)


def clean_choices(choices: Iterable[str]) -> list[str]:
    """The choices as they are kept: each on one line, the empty ones left out."""
    lines = (on_one_line(clean_text(choice)) for choice in choices)
    return [line for line in lines if line]


def check_choices(choices: Sequence[str], text: str, limits: Limits) -> None:
    """Raise ChoicesRefusedError or TextTooLongError where the network does not offer these answers below this text."""
    if not choices:
        return
    most, length = limits.max_text_chars_above_choices, text_length(text, limits.text_unit)
    if most is not None and length > most:
        raise TextTooLongError(length=length, longest=most)
    longest = max(choices, key=len)
    if limits.max_choices == 0:
        refusal = _("This channel offers nothing to press. The reply was not sent: take the choices off.")
    elif len(choices) > limits.max_choices:
        refusal = _("This channel offers %(most)s choices at most. The reply was not sent: take some off.")
    elif len(longest) > limits.max_choice_chars:
        refusal = _(
            "“%(choice)s” is too long for a choice here (%(longest)s characters at most). The reply was not sent: "
            "shorten it."
        )
    elif len(set(choices)) < len(choices):
        refusal = _("Two choices are the same. The reply was not sent: change one of them.")
    elif not text:
        refusal = _("Choices go with a text. The reply was not sent: write what they answer.")
    else:
        return
    said = {"most": limits.max_choices, "choice": longest, "longest": limits.max_choice_chars}
    raise ChoicesRefusedError(refusal % said)


def check_filled(*texts: str) -> None:
    """Raise UnfilledError where a placeholder of an answer kept ready still stands in what would be sent."""
    gaps = list(dict.fromkeys(gap for text in texts for gap in unfilled_known(text)))
    if gaps:
        raise UnfilledError(gaps)


def check_window(conversation: Conversation, limits: Limits) -> None:
    """Raise ReplyWindowClosedError when the customer's last message is too old for this network."""
    if limits.reply_window is None:
        return
    last = conversation.last_incoming_at
    if last is None or now() - last > limits.reply_window:
        has_templates = issubclass(connector_class(conversation.account.kind), SendsTemplates)
        raise ReplyWindowClosedError(window=limits.reply_window, has_templates=has_templates)


def check_once(connector: type[Connector], parent: Message | None, visibility: Visibility) -> None:
    """Raise AnsweredOnceError where the network lets ``parent`` have one private reply, and it has had it.

    The caller holds the conversation: of two who send at the same moment, one is refused.
    """
    if visibility == "private" and parent is not None and parent.is_public and is_answered_once(connector, parent):
        raise AnsweredOnceError


def writes_privately_once(connector: type[Connector]) -> bool:
    """Whether the network lets a public message have one private reply, and no second."""
    return issubclass(connector, SendsMessages) and connector.writes_privately_once


def is_answered_once(connector: type[Connector], comment: Message) -> bool:
    """Whether a comment has had its one private reply, or has one under way."""
    if not writes_privately_once(connector):
        return False
    replies = Message.objects.outgoing().filter(conversation=comment.conversation_id, visibility="private")
    lost = (Message.State.CANCELLED, Message.State.FAILED)
    return replies.filter(parent_external_id=comment.external_id).exclude(state__in=lost).exists()


def check_wish(connector: type[Connector], conversation: Conversation) -> None:
    """Raise CannotAnswerHereError where the customer has said that they want no answer, and not otherwise since."""
    refusal = refusal_of(connector, conversation)
    if refusal is not None:
        raise CannotAnswerHereError(_("%(reason)s The reply was not sent.") % {"reason": in_words(refusal)})


def check_seen(conversation: Conversation, *, by: Agent | None, seen_up_to: int) -> None:
    """Raise ColleagueAnsweredError when somebody else has answered after the message ``seen_up_to``.

    The caller holds the conversation: two who send at the same moment are told apart.
    """
    theirs = conversation.messages.outgoing().filter(pk__gt=seen_up_to, is_automatic=False, agent__isnull=False)
    since = theirs.exclude(agent=by).exclude(state=Message.State.CANCELLED).select_related("agent").order_by("pk")
    answers = list(since[:_MOST_ANSWERS_SHOWN])
    if answers:
        raise ColleagueAnsweredError(answers)


def read_files(files: Sequence[UploadedFile[bytes] | OutgoingFile], limits: Limits) -> list[OutgoingFile]:
    """The files of a reply, read and checked before anything is kept. Raises FilesRefusedError."""
    if len(files) > limits.max_files:
        raise _too_many(limits)
    return [check_file(file, limits) for file in files]


def takes_files(limits: Limits, files: Sequence[tuple[int, str]]) -> bool:
    """Whether files of these sizes (bytes) and types (MIME) may leave, without reading them."""
    largest = largest_file(limits)
    if len(files) > limits.max_files or (limits.fetches_files and not is_reachable()):
        return False
    return all(size <= largest and _is_taken(mime_type, limits.file_types) for size, mime_type in files)


def largest_file(limits: Limits) -> int:
    """How large a file may be, in bytes: the network's bound and our own."""
    return min(limits.max_file_bytes, settings.MAX_ATTACHMENT_BYTES)


def check_file(
    file: UploadedFile[bytes] | OutgoingFile, limits: Limits, *, is_one_too_many: bool = False
) -> OutgoingFile:
    """One file, read and checked. Raises FilesRefusedError."""
    if is_one_too_many:
        raise _too_many(limits)
    return _read_file(file, largest_file(limits), limits.file_types)


def _too_many(limits: Limits) -> FilesRefusedError:
    if limits.fetches_files and not is_reachable():
        return FilesRefusedError(
            _(
                "This network fetches files from a public https address, and this counter has none: an administrator "
                "gives it one (COMPTOIR_BASE_URL). The reply was not sent: take the files off."
            )
        )
    if limits.max_files == 0:
        return FilesRefusedError(_("This channel takes no files. The reply was not sent: take them off."))
    text = _("This channel takes %(most)s files at most. The reply was not sent: take some off.")
    return FilesRefusedError(text % {"most": limits.max_files})


def _read_file(file: UploadedFile[bytes] | OutgoingFile, largest: int, types: Iterable[str]) -> OutgoingFile:
    size = len(file.content) if isinstance(file, OutgoingFile) else file.size or 0
    if size > largest:
        text = _("“%(name)s” is too large for this channel (%(most)s MB at most). The reply was not sent.")
        raise FilesRefusedError(text % {"name": file.name, "most": floatformat(largest / 1024 / 1024, -1)})
    if isinstance(file, OutgoingFile):
        read = file
    else:
        read = OutgoingFile(file.name or "file", file.content_type or "", file.read())
    if not _is_taken(sniffed_type(read.content[:_SNIFFED_BYTES], declared=read.mime_type), types):
        text = _("“%(name)s” is not of a type that this channel takes (%(types)s). The reply was not sent.")
        raise FilesRefusedError(text % {"name": read.name, "types": formats.in_words(types)})
    return read


def _is_taken(mime_type: str, types: Iterable[str]) -> bool:
    return not types or any(fnmatchcase(mime_type, pattern) for pattern in types)
