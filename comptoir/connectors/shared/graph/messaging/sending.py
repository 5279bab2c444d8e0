"""Sending private messages: within the time that Meta allows, a text and each file as a message of its own.

Source: Messenger Platform, "Send API", "Human Agent"; Instagram Platform, "Messaging API".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from comptoir.connectors.base import (
    ConnectorError,
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

#: How long after the customer's last word any answer, and one by a person (tag HUMAN_AGENT), may be sent.
STANDARD_WINDOW = timedelta(hours=24)
HUMAN_AGENT_WINDOW = timedelta(days=7)
MAX_CHOICES, MAX_CHOICE_CHARS = 13, 20

Platform = Literal["messenger", "instagram"]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: an account on one of the two platforms."""

    graph: Graph
    platform: Platform

    def send(self, outgoing: Outgoing, recipient: Mapping[str, str]) -> Sent:
        """Send to ``recipient``, a person's id or the comment that is answered. Raises as `SendsMessages.send`.

        Files are uploaded before anything is said, so that one which is refused leaves nothing half sent.
        """
        if outgoing.choices and "id" not in recipient:
            raise PermanentError("A private answer to a comment offers nothing to press: send it without choices.")
        how = messaging_type(self.graph.label, outgoing) if "id" in recipient else {}
        uploaded = [self._uploaded(file) for file in outgoing.files]
        said = [{"text": outgoing.text}] if outgoing.text else []
        messages: list[dict[str, Any]] = [*said, *uploaded]
        if not messages:
            raise PermanentError("There is nothing to send: neither a text nor a file.")
        if outgoing.choices:  # they are shown until something else is said: they go with the last
            messages[-1] = {**messages[-1], "quick_replies": _quick_replies(outgoing.choices)}
        sent: list[Answered] = []
        for message in messages:
            sent.append(self._sent({"recipient": recipient, **how, "message": message}, sent, of=len(messages)))
        ids = [one for one in (name(inside(answer.content, "message_id")) for answer in sent) if one]
        if not ids:
            raise UncertainError("%(network)s answered without the id of the message.", network=self.graph.label)
        thread = name(inside(sent[0].content, "recipient_id")) or recipient.get("id")
        return Sent(ids[0], sent_at=sent[0].at, thread_id=thread, part_ids=tuple(ids[1:]))

    def signal(self, person: str, action: Literal["typing_on", "mark_seen"]) -> None:
        """Show that we type, or have read."""
        body = {"recipient": {"id": person}, "sender_action": action}
        self.graph.call("POST", "me/messages", json=body, repeatable=True)

    def _sent(self, body: Mapping[str, Any], before: Sequence[Answered], *, of: int) -> Answered:
        try:
            return self.graph.call("POST", "me/messages", json=body)
        except ConnectorError as error:
            if not before or isinstance(error, UncertainError):
                raise
            raise cut_short(len(before), of, error) from error

    def _uploaded(self, file: OutgoingFile) -> dict[str, Any]:
        kind = _kind_of(file.mime_type)
        told = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        answered = self.graph.call(
            "POST",
            "me/message_attachments",
            repeatable=True,
            data={"platform": self.platform, "message": json.dumps(told)},
            files={"filedata": (file.name, file.content, file.mime_type or "application/octet-stream")},
        )
        identifier = name(inside(answered.content, "attachment_id"))
        if identifier is None:
            raise TransientError("%(network)s took a file without saying under which id.", network=self.graph.label)
        return {"attachment": {"type": kind, "payload": {"attachment_id": identifier}}}


def _quick_replies(choices: Sequence[str]) -> list[dict[str, str]]:
    """Source: Messenger Platform, "Quick Replies"; Instagram Platform, "Quick Replies": 13 of 20 characters."""
    return [{"content_type": "text", "title": one, "payload": one} for one in choices]


def messaging_type(label: str, outgoing: Outgoing) -> dict[str, str]:
    """By what right a message may be sent now. Raises PermanentError when the time is over.

    Reckoned when the reply was queued, so that it is the same at every attempt.
    """
    if outgoing.customer_wrote_at is None:
        return {"messaging_type": "RESPONSE"}
    ago = outgoing.queued_at - outgoing.customer_wrote_at
    if ago <= STANDARD_WINDOW:
        return {"messaging_type": "RESPONSE"}
    if ago <= HUMAN_AGENT_WINDOW:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    raise PermanentError(
        "%(network)s takes no answer later than 7 days after the customer’s last message: they have to write first.",
        network=label,
    )


def _kind_of(mime_type: str) -> str:
    family = mime_type.partition("/")[0]
    return family if family in ("image", "video", "audio") else "file"
