"""Stanzas of XMPP (RFC 6120, 6121 and the extensions that chat clients use) in the words of this house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import instant, name, storable, whole
from comptoir.connectors.xmpp.discovery import closed_room
from comptoir.connectors.xmpp.files import files_of
from comptoir.connectors.xmpp.names import (
    CARBONS,
    CLIENT,
    DELAY,
    FALLBACK,
    FORWARD,
    LANGUAGE,
    MAM,
    MARKERS,
    OMEMO,
    REACTIONS,
    RECEIPTS,
    REPLY,
    RETRACT,
    RETRACT_0,
    SID,
    bare,
    full,
    resource,
)  # fmt: skip
from comptoir.connectors.xmpp.occupants import Occupants, When, occupant_of
from comptoir.connectors.xmpp.speech import Speech, in_private, in_room, is_reminder
from comptoir.core.reasons import Reason

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Context:
    """What the wrapping of a message says: when it was sent, under which id the archive keeps it, and who tells it."""

    sent_at: datetime | None = None
    archived_as: str | None = None
    told_by: str | None = None


def read_stanzas(stanzas: Sequence[Any], own_jid: str | None, rooms: Sequence[str] = ()) -> Iterator[NetworkEvent]:
    """What stanzas tell, in their order; those of a room that stand before a message say who speaks in it."""
    people = Occupants(own_jid, rooms)
    quiet: list[NetworkEvent] = []
    has_spoken = False
    for stanza in stanzas:
        for event in read_stanza(stanza, people):
            if occupant_of(stanza) is not None or is_reminder(stanza) or closed_room(stanza) is not None:
                quiet.append(event)
            else:
                has_spoken = True
                yield event
    if not has_spoken:
        yield from quiet


def read_stanza(
    stanza: Any, people: Occupants, context: Context | None = None, depth: int = 0
) -> Iterator[NetworkEvent]:
    """What one stanza tells; messages inside copies of an archive or of our other devices are read as themselves."""
    kind = _local(stanza)
    people.note(stanza)
    if kind == "message":
        inner = _forwarded(stanza, people.own_jid) if depth < _DEEPEST else None
        if inner is not None:
            yield from read_stanza(inner[0], people, inner[1], depth + 1)
            return
        yield from _read_message(stanza, people, context or Context())
    elif kind == "presence":
        yield _read_presence(stanza)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason=f"A stanza of the kind “{kind[:40]}”: nobody said anything.")


def _forwarded(stanza: Any, own_jid: str | None) -> tuple[Any, Context] | None:
    """The message of an archive's result, or of a copy that our own server made of what another device of ours saw."""
    result = stanza.find(f"{{{MAM}}}result")
    copy = next((one for one in stanza if one.tag in (f"{{{CARBONS}}}sent", f"{{{CARBONS}}}received")), None)
    holder = result if result is not None else copy
    forwarded = holder.find(f"{{{FORWARD}}}forwarded") if holder is not None else None
    message = forwarded.find(f"{{{CLIENT}}}message") if forwarded is not None else None
    if message is None or not _may_tell(stanza, message, own_jid):
        return None
    archived = name(result.get("id")) if result is not None else None
    return message, Context(_stamp(forwarded), archived, storable(stanza.get("from") or "") or None)


def _may_tell(stanza: Any, message: Any, own_jid: str | None) -> bool:
    """Only our own server tells what others said, and a room what was said in it: anybody else's word is a forgery.

    Whoever speaks in a room has its address too, with a nickname behind it: that is not the room.
    """
    teller = bare(stanza.get("from"))
    if teller in (None, bare(own_jid) or bare(stanza.get("to"))):
        return True
    is_room = resource(stanza.get("from")) is None
    return is_room and message.get("type") == "groupchat" and bare(message.get("from")) == teller


def _read_presence(presence: Any) -> NetworkEvent:
    who = Author(bare(presence.get("from")), bare(presence.get("from")))
    kind = presence.get("type") or "available"
    events = {"subscribe": EventKind.FOLLOW, "unsubscribed": EventKind.UNFOLLOW, "unsubscribe": EventKind.UNFOLLOW}
    if kind in events:
        return NetworkEvent(events[kind], "incoming", "private", author=who, thread_id=who.id)
    return NetworkEvent(EventKind.IGNORED, author=who, reason=f"A presence ({kind[:40]}): nobody said anything.")


def _read_message(message: Any, people: Occupants, context: Context) -> Iterator[NetworkEvent]:
    sent_at = _stamp(message) or context.sent_at
    if message.get("type") == "error":
        yield _returned(message, people, sent_at)
        return
    if message.get("type") == "groupchat":
        is_archived = context.told_by is not None and bare(context.told_by) == bare(message.get("from"))
        when: When = "archived" if is_archived else "live" if sent_at is None else "past"
        kept_as = context.archived_as if is_archived else None  # our own archive has ids of its own
        speech = in_room(message, people, sent_at, when, kept_as=kept_as)
    else:
        speech = in_private(message, people, sent_at, kept_as=_archived_as(message) or context.archived_as)
    receipts = [] if speech.is_public else list(_receipts(message, speech.common))
    yield from receipts
    said = _said(message, speech)
    if said is not None:
        yield said
    elif not receipts:
        yield NetworkEvent(EventKind.IGNORED, speech.direction, **speech.common, reason=_why_quiet(message))


def _returned(message: Any, people: Occupants, sent_at: datetime | None) -> NetworkEvent:
    sender = message.get("from")
    other = full(sender) if bare(sender) in people.rooms else bare(sender)
    return NetworkEvent(
        EventKind.FAILED, "outgoing", "private", target_id=name(message.get("id")), thread_id=other, sent_at=sent_at,
        author=Author(other, other), id_scope=other or "", reason=_why_failed(message),
    )  # fmt: skip


def _receipts(message: Any, common: dict[str, Any]) -> Iterator[NetworkEvent]:
    for tag, kind in ((f"{{{RECEIPTS}}}received", EventKind.DELIVERY), (f"{{{MARKERS}}}received", EventKind.DELIVERY),
                      (f"{{{MARKERS}}}displayed", EventKind.READ)):  # fmt: skip
        receipt = message.find(tag)
        if receipt is not None:
            yield NetworkEvent(kind, "outgoing", **common, target_id=name(receipt.get("id")))
            return


def _said(message: Any, speech: Speech) -> NetworkEvent | None:
    common, direction = speech.common, speech.direction
    reactions = message.find(f"{{{REACTIONS}}}reactions")
    if reactions is not None:
        emoji = [storable(one.text or "") for one in reactions if one.text]
        return NetworkEvent(
            EventKind.REACTION, direction, **common, target_id=name(reactions.get("id")),
            reaction=emoji[0] if emoji else None, reaction_removed=not emoji,
        )  # fmt: skip
    retracted = _retracted(message)
    if retracted is not None:
        return NetworkEvent(EventKind.DELETE, direction, **common, target_id=retracted, own_only=not speech.is_room)
    encrypted = message.find(f"{{{OMEMO}}}encrypted")
    if encrypted is not None:
        return _sealed(encrypted, speech)
    text, files = _content(message)
    if text is None and not files:
        return None
    is_edit = speech.corrected_id is not None
    return NetworkEvent(
        EventKind.EDIT if is_edit else EventKind.MESSAGE,
        direction,
        **common,
        external_id=None if is_edit else speech.external_id,
        target_id=speech.corrected_id,
        parent_id=speech.answered_id,
        text=text,
        subject=_child_text(message, CLIENT, "subject"),
        attachments=files,
        language=name(message.get(LANGUAGE)),
        own_only=is_edit,
        counterpart=speech.counterpart,
        custom=speech.custom,
    )


def _sealed(encrypted: Any, speech: Speech) -> NetworkEvent | None:
    """An encrypted message; one without a payload only hands keys over."""
    if encrypted.find(f"{{{OMEMO}}}payload") is None:
        return None
    return NetworkEvent(
        EventKind.MESSAGE, speech.direction, **speech.common, external_id=speech.external_id, is_unreadable=True,
        counterpart=speech.counterpart, custom=speech.custom,
    )  # fmt: skip


def _retracted(message: Any) -> str | None:
    retract = message.find(f"{{{RETRACT}}}retract")
    if retract is not None:
        return name(retract.get("id"))
    old = message.find("{urn:xmpp:fasten:0}apply-to")
    return name(old.get("id")) if old is not None and old.find(f"{{{RETRACT_0}}}retract") is not None else None


def _archived_as(message: Any) -> str | None:
    kept = message.find(f"{{{SID}}}stanza-id")
    return name(kept.get("id")) if kept is not None else None


def _content(message: Any) -> tuple[str | None, tuple[Attachment, ...]]:
    """The text without what is quoted for clients that show no answers; files, whose address alone is no text."""
    body = _child_text(message, CLIENT, "body")
    files = files_of(message)
    if body is not None and body.strip() in {one.url for one in files}:
        return None, files
    return (_without_fallback(message, body) if body is not None else None), files


def _without_fallback(message: Any, body: str) -> str:
    for fallback in message.findall(f"{{{FALLBACK}}}fallback"):
        part = fallback.find(f"{{{FALLBACK}}}body")
        if fallback.get("for") == REPLY and part is not None:
            start, end = whole(part.get("start")) or 0, whole(part.get("end")) or 0
            if 0 <= start < end <= len(body):
                return body[:start] + body[end:]
    return body


def _child_text(stanza: Any, namespace: str, tag: str) -> str | None:
    found = stanza.find(f"{{{namespace}}}{tag}")
    return storable(found.text) if found is not None and found.text else None


def _stamp(holder: Any) -> datetime | None:
    delay = holder.find(f"{{{DELAY}}}delay")
    return instant(delay.get("stamp")) if delay is not None else None


def _why_failed(message: Any) -> str:
    error = message.find(f"{{{CLIENT}}}error")
    said = [_local(one) for one in error if _local(one) != "text"] if error is not None else []
    words = next((one.text for one in error if _local(one) == "text" and one.text), None) if error is not None else None
    return Reason(
        "The other server refused it (%(said)s).", said=storable(words or ", ".join(said) or "no reason given")
    )


def _why_quiet(message: Any) -> str:
    if message.find(f"{{{OMEMO}}}encrypted") is not None:
        return "Keys for encrypted messages: nobody said anything."
    inside = ", ".join(_local(one) for one in list(message)[:5])
    return f"A message that says nothing ({inside[:80] or 'empty'})."


def _local(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else "comment"
    return tag.rpartition("}")[2]
