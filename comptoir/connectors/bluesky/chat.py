"""Direct messages: pages of chat.bsky.convo → events. Written from the published lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.bluesky.embeds import quoted_post
from comptoir.connectors.bluesky.facets import cut_links
from comptoir.connectors.bluesky.records import author_of, direction_of
from comptoir.connectors.bluesky.untrusted import instant, items, mapping, name, text

_KEYS = ("logs", "messages", "convos")
_REASONS = {
    "logReadMessage": "We read a direct message elsewhere.",
    "logReadConvo": "We read direct messages elsewhere.",
    "logBeginConvo": "A private exchange was opened.",
    "logAcceptConvo": "A private exchange was accepted.",
    "logLeaveConvo": "A private exchange was left.",
    "logMuteConvo": "A private exchange was muted.",
    "logUnmuteConvo": "A private exchange was unmuted.",
}


def is_chat_page(document: Mapping[str, Any]) -> bool:
    return any(isinstance(document.get(key), list) for key in _KEYS) or isinstance(document.get("convo"), dict)


class ChatReader:
    """Reads one page; ``convo_id`` is where its messages belong if the page does not say so itself."""

    def __init__(self, page: Mapping[str, Any], own_id: str | None, convo_id: str | None) -> None:
        self.page = page
        self.own_id = own_id
        self.convo_id = convo_id
        self.people: dict[str, Author] = {}
        self.counterparts: dict[str, Author] = {}
        self._meet(page.get("relatedProfiles"))
        for convo in map(mapping, [*items(page.get("exchanges")), *items(page.get("convos")), page.get("convo")]):
            self._meet_members(convo)

    def events(self) -> Iterator[NetworkEvent]:
        for log in map(mapping, items(self.page.get("logs"))):
            yield self._log(log)
        for message in map(mapping, items(self.page.get("messages"))):
            yield self._message(message, name(message.get("convoId")) or self.convo_id)
        for convo in map(mapping, [*items(self.page.get("convos")), *filter(None, [self.page.get("convo")])]):
            yield from self._convo(convo)

    def _meet(self, profiles: object) -> None:
        for person in map(author_of, items(profiles)):
            if person.id:
                self.people[person.id] = person

    def _meet_members(self, convo: Mapping[str, Any]) -> None:
        self._meet(convo.get("members"))
        others = [person for person in map(author_of, items(convo.get("members"))) if person.id != self.own_id]
        convo_id = name(convo.get("id"))
        if self.own_id and convo_id and len(others) == 1:
            self.counterparts[convo_id] = others[0]

    def _convo(self, convo: Mapping[str, Any]) -> Iterator[NetworkEvent]:
        convo_id = name(convo.get("id"))
        last = mapping(convo.get("lastMessage"))
        if last:
            yield self._message(last, convo_id)
        reacted = mapping(convo.get("lastReaction"))
        if reacted:
            yield self._reaction(reacted, convo_id, removed=False)
        if not last and not reacted:
            yield NetworkEvent(EventKind.IGNORED, thread_id=convo_id, reason="A private exchange without a message.")

    def _log(self, log: Mapping[str, Any]) -> NetworkEvent:
        self._meet(log.get("relatedProfiles"))
        kind = (name(log.get("$type")) or "").rpartition("#")[2]
        convo_id = name(log.get("convoId"))
        message = mapping(log.get("message"))
        if kind == "logCreateMessage":
            return self._message(message, convo_id)
        if kind == "logDeleteMessage":
            return self._deleted(message, convo_id)
        if kind in ("logAddReaction", "logRemoveReaction"):
            return self._reaction(log, convo_id, removed=kind == "logRemoveReaction")
        reason = _REASONS.get(kind, f"A change of a private exchange that is no message ({kind or 'without a kind'}).")
        return NetworkEvent(EventKind.IGNORED, visibility="private", thread_id=convo_id, reason=reason)

    def _message(self, message: Mapping[str, Any], convo_id: str | None) -> NetworkEvent:
        kind = (name(message.get("$type")) or "").rpartition("#")[2]
        if kind == "deletedMessageView":
            return self._deleted(message, convo_id)
        if kind == "systemMessageView" or "sender" not in message:
            return NetworkEvent(
                EventKind.IGNORED, visibility="private", thread_id=convo_id, external_id=name(message.get("id")),
                sent_at=instant(message.get("sentAt")), reason="The network's own notice in a private exchange.",
            )  # fmt: skip
        author = self._person(message.get("sender"))
        quote = quoted_post(message.get("embed"))
        direction = direction_of(author, self.own_id)
        said = text(message.get("text")) or ""
        return NetworkEvent(
            EventKind.MESSAGE,
            direction,
            "private",
            external_id=name(message.get("id")),
            parent_id=name(mapping(message.get("replyTo")).get("id")),
            thread_id=convo_id,
            author=author,
            text=said,
            attachments=tuple(Attachment("link", url=url) for url in cut_links(said, message.get("facets"))),
            sent_at=instant(message.get("sentAt")),
            related_ids=(quote["uri"],) if quote else (),
            counterpart=self.counterparts.get(convo_id or "") if direction == "outgoing" else None,
            custom={"convo": convo_id, **({"quote": quote} if quote else {})},
        )

    def _deleted(self, message: Mapping[str, Any], convo_id: str | None) -> NetworkEvent:
        author = self._person(message.get("sender"))
        return NetworkEvent(
            EventKind.DELETE, direction_of(author, self.own_id), "private",
            target_id=name(message.get("id")), thread_id=convo_id, author=author,
        )  # fmt: skip

    def _reaction(self, reacted: Mapping[str, Any], convo_id: str | None, *, removed: bool) -> NetworkEvent:
        reaction = mapping(reacted.get("reaction"))
        author = self._person(reaction.get("sender"))
        return NetworkEvent(
            EventKind.REACTION,
            direction_of(author, self.own_id),
            "private",
            target_id=name(mapping(reacted.get("message")).get("id")),
            thread_id=convo_id,
            author=author,
            sent_at=instant(reaction.get("createdAt")),
            reaction=name(reaction.get("value")),
            reaction_removed=removed,
        )

    def _person(self, sender: object) -> Author:
        person = author_of(sender)
        return self.people.get(person.id or "", person)
