"""Events of private exchanges, as Meta delivers them: of Messenger and of Instagram alike.

Source: Messenger Platform, "Webhook Events Reference"; Instagram Platform, "Webhook Notification Examples". Times are
milliseconds; every id may come as a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Author, Direction, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.graph.envelope import Item, id_in
from comptoir.connectors.shared.graph.messaging.attachments import (
    of_webhook,
    story_file,
    story_role,
    words_of_template,
)
from comptoir.connectors.shared.untrusted import flag, inside, instant, items, mapping, mappings, name, number, text

_MOST_ANSWERS = 20
_NOTHING_SAID = {
    "pass_thread_control": "control of the exchange was passed to another app",
    "take_thread_control": "another app took control of the exchange",
    "request_thread_control": "another app asks for control of the exchange",
    "app_roles": "the roles of the account's apps changed",
    "account_linking": "the customer linked or unlinked an account of theirs",
}


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Who an item is from and to. ``page``: our own account, as far as it is known."""

    page: str | None
    sender: Author
    recipient: Author
    direction: Direction
    at: datetime | None

    @property
    def customer(self) -> Author:
        return self.recipient if self.direction == "outgoing" else self.sender

    def event(self, kind: EventKind, **more: Any) -> NetworkEvent:
        """An event of this exchange; what is not said in ``more`` follows from who sent it."""
        said: dict[str, Any] = {
            "direction": self.direction,
            "visibility": "private",
            "thread_id": self.customer.id,
            "author": self.sender,
            "counterpart": self.recipient if self.direction == "outgoing" else None,
            "sent_at": self.at,
            "scope": self.page or "",
        }
        return NetworkEvent(event=kind, **{**said, **more})


def read_item(item: Item, own_id: str | None) -> list[NetworkEvent]:
    """What one item tells: mostly one event; a delivery receipt one for each message."""
    exchange = _exchange(item, own_id)
    for key, reader in _READERS.items():
        if isinstance(item.content.get(key), dict):
            return reader(exchange, item.content[key])
    return [exchange.event(EventKind.IGNORED, reason=_nothing_said(item.content))]


def _exchange(item: Item, own_id: str | None) -> _Exchange:
    sender, recipient = _person(item.content.get("sender")), _person(item.content.get("recipient"))
    ours = {own_id, item.owner} - {None, ""}
    is_echo = flag(inside(item.content, "message", "is_echo"))
    is_outgoing = is_echo or (sender.id in ours and recipient.id != sender.id)
    page = sender.id if is_echo else next((one for one in (recipient.id, sender.id) if one in ours), None)
    return _Exchange(
        page or item.owner or own_id,
        sender,
        recipient,
        "outgoing" if is_outgoing else "incoming",
        instant(item.content.get("timestamp")),
    )


def _person(written: object) -> Author:
    told = mapping(written)
    identifier = id_in(written) or name(told.get("user_ref"))
    return Author(id=identifier, handle=name(told.get("username")), name=name(told.get("name")))


# --- what people say ----------------------------------------------------------------------------------------------


def _message(exchange: _Exchange, message: Mapping[str, Any]) -> list[NetworkEvent]:
    mid = name(message.get("mid"))
    if flag(message.get("is_deleted")):
        return [exchange.event(EventKind.DELETE, target_id=mid)]
    files = of_webhook(message.get("attachments"))
    said = text(message.get("text")) or words_of_template(message.get("attachments"))
    story = mapping(inside(message, "reply_to", "story"))
    if name(story.get("url")):
        files += (story_file(str(name(story.get("url")))),)
    return [
        exchange.event(
            EventKind.MESSAGE,
            external_id=mid,
            parent_id=name(inside(message, "reply_to", "mid")) or name(story.get("id")),
            text=said,
            attachments=files,
            is_unreadable=flag(message.get("is_unsupported")) and not (said or files),
            custom=_kept(
                payload=inside(message, "quick_reply", "payload"),
                referral=message.get("referral"),
                story=story_role(message),
            ),
        )
    ]


def _postback(exchange: _Exchange, postback: Mapping[str, Any]) -> list[NetworkEvent]:
    payload = name(postback.get("payload"))
    return [
        exchange.event(
            EventKind.POSTBACK,
            external_id=name(postback.get("mid")),
            text=name(postback.get("title")) or payload,
            custom=_kept(payload=payload, referral=postback.get("referral")),
        )
    ]


def _optin(exchange: _Exchange, optin: Mapping[str, Any]) -> list[NetworkEvent]:
    """A customer agreed to be written to, by a plugin or a button: they said nothing that wants an answer."""
    payload = name(optin.get("title")) or name(optin.get("payload")) or name(optin.get("ref"))
    return [exchange.event(EventKind.POSTBACK, text=payload, automatic=True, custom=_kept(optin=optin.get("type")))]


#: The best answer of each kind of question, where feedback was asked for by Meta's own template.
_BEST = {"csat": 5.0, "nps": 10.0, "ces": 7.0}


def _feedback(exchange: _Exchange, feedback: Mapping[str, Any]) -> list[NetworkEvent]:
    """What a customer answered to a question of satisfaction: a rating, with their words where they gave some.

    Source: Messenger Platform, "Customer Feedback Template" (messaging_feedback).
    """
    answers = [
        (f"{name(screen.get('screen_id')) or '0'}/{question}", mapping(answer))
        for screen in mappings(feedback.get("feedback_screens"))
        for question, answer in mapping(screen.get("questions")).items()
    ]
    rated = [_rated(exchange, place, answer) for place, answer in answers[:_MOST_ANSWERS]]
    return rated or [exchange.event(EventKind.IGNORED, reason="feedback without an answer")]


def _rated(exchange: _Exchange, place: str, answer: Mapping[str, Any]) -> NetworkEvent:
    value, best = number(answer.get("payload")), _BEST.get(name(answer.get("type")) or "")
    said = text(inside(answer, "follow_up", "payload"))
    if value is None:
        said = said or text(answer.get("payload"))
    at = exchange.at.isoformat() if exchange.at else ""
    return exchange.event(
        EventKind.REVIEW,
        text=said,
        rating=Rating(value, best) if value is not None and best is not None else None,
        automatic=not said,  # stars alone ask for no answer
        custom={"surrogate_id": f"feedback:{exchange.sender.id}:{at}:{place[:200]}"},
    )


def _referral(exchange: _Exchange, referral: Mapping[str, Any]) -> list[NetworkEvent]:
    """A customer came back through a link or an advertisement, and has not said anything yet."""
    came_by = name(referral.get("ref")) or name(referral.get("source"))
    return [exchange.event(EventKind.POSTBACK, text=came_by, automatic=True, custom=_kept(referral=referral))]


# --- what becomes of messages -------------------------------------------------------------------------------------


def _reaction(exchange: _Exchange, reaction: Mapping[str, Any]) -> list[NetworkEvent]:
    return [
        exchange.event(
            EventKind.REACTION,
            target_id=name(reaction.get("mid")),
            reaction=name(reaction.get("emoji")) or name(reaction.get("reaction")),
            reaction_removed=name(reaction.get("action")) == "unreact",
        )
    ]


def _edit(exchange: _Exchange, edit: Mapping[str, Any]) -> list[NetworkEvent]:
    said = text(edit.get("text"))
    return [exchange.event(EventKind.EDIT, target_id=name(edit.get("mid")), text=said)]


def _read(exchange: _Exchange, read: Mapping[str, Any]) -> list[NetworkEvent]:
    """What the customer has read of ours: one message (Instagram), or all up to an instant (Messenger)."""
    return [_receipt(exchange, EventKind.READ, name(read.get("mid")), read)]


def _delivery(exchange: _Exchange, delivery: Mapping[str, Any]) -> list[NetworkEvent]:
    named: list[str | None] = list(dict.fromkeys(mid for mid in map(name, items(delivery.get("mids"))) if mid))
    return [_receipt(exchange, EventKind.DELIVERY, mid, delivery) for mid in named or [None]]


def _receipt(exchange: _Exchange, kind: EventKind, mid: str | None, told: Mapping[str, Any]) -> NetworkEvent:
    at = exchange.at or instant(told.get("watermark"))
    return exchange.event(kind, direction="outgoing", target_id=mid, sent_at=at, counterpart=None)


# --- what nobody said ---------------------------------------------------------------------------------------------


def _nothing_said(content: Mapping[str, Any]) -> str:
    kinds = [key for key in content if key not in ("sender", "recipient", "timestamp", "hop_context")]
    known = next((_NOTHING_SAID[key] for key in kinds if key in _NOTHING_SAID), None)
    return known or f"nothing that a customer said ({', '.join(kinds)[:100] or 'empty'})"


def _kept(**told: Any) -> dict[str, Any]:
    """What goes with a message and is small: names only, no objects of a customer's making."""
    kept: dict[str, Any] = {}
    for key, value in told.items():
        if isinstance(value, dict):
            small = {part[:100]: str(name(one))[:200] for part, one in list(value.items())[:12] if name(one)}
            kept.update({key: small} if small else {})
        elif name(value):
            kept[key] = str(name(value))[:1000]
    return kept


_READERS: Mapping[str, Callable[[_Exchange, Mapping[str, Any]], list[NetworkEvent]]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "read": _read,
    "delivery": _delivery,
    "optin": _optin,
    "referral": _referral,
    "messaging_feedback": _feedback,
}
