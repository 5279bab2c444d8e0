"""Messages of WhatsApp's webhooks: what customers write, what we write elsewhere (echoes), and what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text
from comptoir.connectors.whatsapp.contents import content_of, type_of
from comptoir.connectors.whatsapp.people import Company, Contacts, company_of, digits, renamed

_NOTHING_SAID = {
    "request_welcome": "the customer opened the chat and has not written yet",
    "system": "WhatsApp tells that something about the customer changed",
    "media_placeholder": "a file that WhatsApp sends after the history",
    "errors": "an error of WhatsApp’s instead of a message",
    "": "a message that says nothing of its kind",
}


def read_messages(value: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """What customers wrote."""
    company, contacts = company_of(value), Contacts(value)
    for message in mappings(value.get("messages")):
        person = contacts.person(_number(message, "from"), name(message.get("from_user_id")))
        group = name(message.get("group_id"))
        if company.is_own(name(message.get("from"))) and name(message.get("to")):
            yield _echo(message, company, contacts)
        else:
            yield _read(message, _incoming(message, person, group, contacts.user_id(person)))


def read_echoes(value: Mapping[str, Any], key: str) -> Iterator[NetworkEvent]:
    """What we wrote with the telephone's own app."""
    company, contacts = company_of(value), Contacts(value)
    for message in mappings(value.get(key)):
        yield _echo(message, company, contacts)


def read_history(value: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """What was said before the number was connected: threads by customer."""
    company, contacts = company_of(value), Contacts(value)
    for chunk in mappings(value.get("history")):
        for thread in mappings(chunk.get("threads")):
            customer = contacts.person(_number(thread, "id"), name(inside(thread, "context", "user_id")))
            for message in mappings(thread.get("messages")):
                is_ours = inside(message, "history_context", "from_me") is True or company.is_own(
                    name(message.get("from"))
                )
                if is_ours:
                    yield _read(message, _outgoing(message, Author(id=name(message.get("from"))), customer))
                else:
                    yield _read(message, _incoming(message, customer, None, contacts.user_id(customer)))
        if mappings(chunk.get("errors")):
            yield NetworkEvent(EventKind.IGNORED, reason="the history was not shared")


def _echo(message: Mapping[str, Any], company: Company, contacts: Contacts) -> NetworkEvent:
    author = contacts.person(_number(message, "from") or digits(company.number) or company.phone_number_id, None)
    customer = contacts.person(
        _number(message, "to"), name(message.get("to_user_id")) or name(message.get("recipient"))
    )
    return _read(message, _outgoing(message, author, customer))


def _incoming(message: Mapping[str, Any], person: Author, group: str | None, user_id: str | None) -> dict[str, Any]:
    kept = {"from": person.id, "user_id": user_id, "payload": _payload(message)}
    return {
        "direction": "incoming",
        "author": person,
        "thread_id": group or person.id,
        "custom": {key: found[:1000] for key, found in kept.items() if found},
    }


def _outgoing(message: Mapping[str, Any], author: Author, customer: Author) -> dict[str, Any]:
    thread = name(message.get("group_id")) or customer.id
    return {"direction": "outgoing", "author": author, "counterpart": customer, "thread_id": thread}


def _read(message: Mapping[str, Any], who: dict[str, Any]) -> NetworkEvent:
    type_ = type_of(message)
    said: dict[str, Any] = {
        **who,
        "visibility": "private",
        "external_id": name(message.get("id")),
        "sent_at": instant(message.get("timestamp")),
    }
    if type_ == "reaction":
        return _reaction(message, said)
    if type_ in ("edit", "revoke"):
        return _change(message, type_, said)
    content = content_of(message)
    if content is None and type_ in _NOTHING_SAID:
        system = mapping(message.get("system"))
        person = renamed(said["author"], system)
        told = {**said, "author": person, "thread_id": said["thread_id"] or person.id}
        return NetworkEvent(EventKind.IGNORED, text=text(system.get("body")), reason=_NOTHING_SAID[type_], **told)
    if content is None:  # "unsupported", one that disappears, or a type that WhatsApp has had since
        return NetworkEvent(EventKind.MESSAGE, is_unreadable=True, **said)
    kind = EventKind.POSTBACK if _is_permission(message) else EventKind.MESSAGE
    return NetworkEvent(
        kind,
        parent_id=name(inside(message, "context", "id")) or name(inside(message, "context", "message_id")),
        text=content.words,
        attachments=content.files + _product(message),
        **said,
    )


def _product(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The product of the catalogue that a customer asks about ("referred_product"), by our own number of it."""
    number = name(inside(message, "context", "referred_product", "product_retailer_id"))
    return (Attachment("link", name=number),) if number else ()


def _reaction(message: Mapping[str, Any], said: dict[str, Any]) -> NetworkEvent:
    """An emoji under a message; none takes the former one back."""
    reaction = mapping(message.get("reaction"))
    emoji = name(reaction.get("emoji"))
    return NetworkEvent(
        EventKind.REACTION,
        target_id=name(reaction.get("message_id")),
        reaction=emoji,
        reaction_removed=emoji is None,
        **said,
    )


def _change(message: Mapping[str, Any], type_: str, said: dict[str, Any]) -> NetworkEvent:
    told = mapping(message.get(type_))
    target = name(told.get("original_message_id"))
    if type_ == "revoke":
        return NetworkEvent(EventKind.DELETE, target_id=target, **said)
    content = content_of(mapping(told.get("message")))
    files = content.files if content else ()
    return NetworkEvent(
        EventKind.EDIT, target_id=target, text=content.words if content else None, attachments=files, **said
    )


def _payload(message: Mapping[str, Any]) -> str | None:
    """What a button or a row of a list stands for."""
    interactive = mapping(message.get("interactive"))
    chosen = (inside(interactive, key, "id") for key in ("button_reply", "list_reply"))
    return name(inside(message, "button", "payload")) or next((found for one in chosen if (found := name(one))), None)


def _is_permission(message: Mapping[str, Any]) -> bool:
    """Whether a customer let us telephone them, or not, by the button we sent for it."""
    return isinstance(inside(message, "interactive", "call_permission_reply"), dict)


def _number(told: Mapping[str, Any], key: str) -> str | None:
    return name(told.get(key))
