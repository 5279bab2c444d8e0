"""Sending on WhatsApp: a text, files, an approved template, an emoji under a message.

Source: facebook/openapi, business-messaging v23.0, POST /{Phone-Number-ID}/messages; WhatsApp Business Platform,
"Media", "Business-scoped user IDs" (for `recipient`, which is younger than that contract).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import (
    ConnectorError,
    FilledTemplate,
    Outgoing,
    OutgoingFile,
    PermanentError,
    Sent,
    TransientError,
    UncertainError,
)
from comptoir.connectors.shared.calling import Answered
from comptoir.connectors.shared.cut_short import cut_short
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.untrusted import inside, name
from comptoir.connectors.whatsapp.people import digits
from comptoir.connectors.whatsapp.templates import Templates

MAX_CHARS = 4096
MAX_FILE_BYTES = 100 * 1000 * 1000
WINDOW = timedelta(hours=24)
MAX_CHOICES, MAX_CHOICE_CHARS = 10, 24  # rows of a list
MAX_CHARS_ABOVE_CHOICES = 1024
_MAX_BUTTONS, _MAX_BUTTON_CHARS = 3, 20
_CAPTION_CHARS = 1024
#: What opens a list, in the languages of the counter; WhatsApp has no word of its own for it.
_OPENS = {"fr": "Choisir"}
#: What is shown as such, up to how many bytes; anything else goes as a document.
_SHOWN = {
    "image/jpeg": ("image", 5_000_000), "image/png": ("image", 5_000_000),
    "video/mp4": ("video", 16_000_000), "video/3gpp": ("video", 16_000_000),
    "audio/aac": ("audio", 16_000_000), "audio/amr": ("audio", 16_000_000), "audio/mpeg": ("audio", 16_000_000),
    "audio/mp4": ("audio", 16_000_000), "audio/ogg": ("audio", 16_000_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sender:
    """One number's sending. ``waba_id`` is the business account that owns its templates."""

    graph: Graph
    phone_number_id: str
    waba_id: str

    def send(self, outgoing: Outgoing) -> Sent:
        """Send what a reply makes: mostly one message. Raises as `SendsMessages.send`.

        Files are uploaded before anything is said, so that one which is refused leaves nothing half sent.
        """
        to = recipient(outgoing)
        if outgoing.template is not None:
            return _sent([self._post(to, "template", self._template(outgoing.template))])
        _check_window(outgoing)
        messages = self._messages(outgoing)
        if not messages:
            raise PermanentError("There is nothing to send: neither a text nor a file.")
        answers: list[Answered] = []
        for kind, content in messages:
            answers.append(self._next(to, kind, content, after=len(answers), of=len(messages)))
        return _sent(answers)

    def react(self, message_id: str, to: str, emoji: str) -> None:
        """Put an emoji under a customer's message; an empty one takes ours back."""
        self._post(address(to), "reaction", {"message_id": message_id, "emoji": emoji}, repeatable=True)

    def _template(self, filled: FilledTemplate) -> dict[str, Any]:
        return Templates(self.graph, self.waba_id).filled(filled)

    def _messages(self, outgoing: Outgoing) -> list[tuple[str, dict[str, Any]]]:
        """A text and files; a single picture, film or document carries a short text as its caption."""
        files = [self._uploaded(file) for file in outgoing.files]
        text = outgoing.text
        if outgoing.choices:
            if not text:
                raise PermanentError("Choices go with a text: write one.")
            return [*files, ("interactive", _interactive(text, outgoing.choices, outgoing.language))]
        if len(files) == 1 and files[0][0] != "audio" and 0 < len(text) <= _CAPTION_CHARS:
            kind, media = files[0]
            return [(kind, {**media, "caption": text})]
        said = [("text", {"body": text, "preview_url": "https://" in text or "http://" in text})] if text else []
        return [*said, *files]

    def _uploaded(self, file: OutgoingFile) -> tuple[str, dict[str, Any]]:
        answer = self.graph.call(
            "POST",
            f"{self.phone_number_id}/media",
            repeatable=True,
            data={"messaging_product": "whatsapp", "type": file.mime_type},
            files={"file": (file.name, file.content, file.mime_type or "application/octet-stream")},
        )
        identifier = name(inside(answer.content, "id"))
        if identifier is None:
            raise TransientError("%(network)s took a file without saying under which id.", network="WhatsApp")
        kind, most = _SHOWN.get(file.mime_type.partition(";")[0].strip(), ("document", 0))
        if len(file.content) > most:
            kind = "document"
        return kind, {"id": identifier, "filename": file.name} if kind == "document" else {"id": identifier}

    def _next(self, to: Mapping[str, str], kind: str, content: Mapping[str, Any], *, after: int, of: int) -> Answered:
        try:
            return self._post(to, kind, content)
        except ConnectorError as error:
            if not after or isinstance(error, UncertainError):
                raise
            raise cut_short(after, of, error) from error

    def _post(
        self, to: Mapping[str, str], kind: str, content: Mapping[str, Any], *, repeatable: bool = False
    ) -> Answered:
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **to, "type": kind, kind: content}
        return self.graph.call("POST", f"{self.phone_number_id}/messages", json=body, repeatable=repeatable)


def _interactive(text: str, choices: Sequence[str], language: str) -> dict[str, Any]:
    """Up to three short choices are buttons; more, or longer ones, are rows of a list.

    Source: WhatsApp Business Platform, "Interactive reply buttons messages", "Interactive list messages".
    """
    rows = [{"id": str(number), "title": one} for number, one in enumerate(choices, 1)]
    body = {"text": text}
    are_short = all(len(one) <= _MAX_BUTTON_CHARS for one in choices)
    if len(rows) <= _MAX_BUTTONS and are_short:
        buttons = [{"type": "reply", "reply": row} for row in rows]
        return {"type": "button", "body": body, "action": {"buttons": buttons}}
    opens = _OPENS.get(language[:2] or "fr", "Choose")
    return {"type": "list", "body": body, "action": {"button": opens, "sections": [{"rows": rows}]}}


def recipient(outgoing: Outgoing) -> dict[str, str]:
    """Whom a reply goes to. Raises PermanentError where that is not known."""
    wrote_as = name(outgoing.parent_custom.get("from"))  # the number or id they show now
    return address(wrote_as or outgoing.recipient.id or outgoing.thread_id or "")


def address(person: str) -> dict[str, str]:
    """A telephone number as `to`, an id of the business's own (FR.1234…) as `recipient`."""
    if not person:
        raise PermanentError("It is not known to whom this reply goes.")
    number = digits(person)
    if number and all(letter in "+-.() \u00a0" or letter.isdecimal() for letter in person):
        return {"to": number}
    return {"recipient": person}


def _check_window(outgoing: Outgoing) -> None:
    """Raise PermanentError where only an approved template may be sent: reckoned when the reply was queued."""
    wrote_at = outgoing.customer_wrote_at
    if wrote_at is not None and outgoing.queued_at - wrote_at > WINDOW:
        raise PermanentError(
            "More than 24 hours have passed since the customer’s last message: send an approved template."
        )


def _sent(answers: Sequence[Answered]) -> Sent:
    ids = [found for answer in answers if (found := name(inside(answer.content, "messages", 0, "id")))]
    if not ids:
        raise UncertainError("%(network)s answered without the id of the message.", network="WhatsApp")
    first = answers[0]
    thread = name(inside(first.content, "contacts", 0, "wa_id")) or name(
        inside(first.content, "contacts", 0, "user_id")
    )
    return Sent(ids[0], sent_at=first.at, thread_id=thread, part_ids=tuple(ids[1:]))
