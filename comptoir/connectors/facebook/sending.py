"""Answering as a Page: in public under a post, a comment or a recommendation; once in private from a comment.

Source: Graph API reference, "Comment", "Object Comments"; Messenger Platform, "Private Replies".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.graph.errors import is_gone
from comptoir.connectors.shared.graph.messaging.sending import Sender
from comptoir.connectors.shared.untrusted import inside, instant, name, text

MAX_CHARS = 8000
PRIVATE_CHARS = 2000
MAX_FILE_BYTES = 10 * 1024 * 1024
#: How long after a comment it may be answered in private, once.
PRIVATE_WINDOW = timedelta(days=7)
_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Answering:
    """One Page's answers."""

    graph: Graph

    def send(self, outgoing: Outgoing) -> Sent:
        """Answer in public or in private. Raises as `SendsMessages.send`."""
        return self._private(outgoing) if outgoing.visibility == "private" else self._public(outgoing)

    def find_sent(self, outgoing: Outgoing, own_id: str | None) -> Sent | None:
        """The comment that an interrupted attempt left. Raises UncertainError for a private one, which no list has."""
        if outgoing.visibility == "private":
            raise UncertainError("Facebook does not say whether a private reply arrived: look in the Page’s inbox.")
        asked: dict[str, str | int] = {"filter": "stream", "order": "reverse_chronological", "limit": _LOOKED_AT}
        fields = "id,message,created_time,from,permalink_url"
        page = self.graph.get(f"{answered(outgoing)}/comments", fields=fields, **asked)
        earliest = outgoing.queued_at - _CLOCKS_DIFFER
        for one in listed(page):
            at, author = instant(one.get("created_time")), name(inside(one, "from", "id"))
            is_ours = author == own_id if own_id else True
            is_it = (text(one.get("message")) or "").split() == outgoing.text.split()
            if is_ours and is_it and at is not None and at >= earliest and name(one.get("id")):
                return Sent(str(name(one.get("id"))), at, url=name(one.get("permalink_url")))
        return None

    def edit(self, external_id: str, words: str) -> None:
        """Put other words in the place of a comment of ours."""
        self.graph.call("POST", external_id, data={"message": words}, repeatable=True)

    def _public(self, outgoing: Outgoing) -> Sent:
        options: dict[str, Any] = {"data": {"message": outgoing.text}}
        for file in outgoing.files[:1]:
            options["files"] = {"source": (file.name, file.content, file.mime_type)}
        answer = self.graph.call(
            "POST", f"{answered(outgoing)}/comments", params={"fields": "id,permalink_url"}, **options
        )
        identifier = name(inside(answer.content, "id"))
        if identifier is None:
            raise UncertainError("%(network)s answered without the id of the comment.", network=self.graph.label)
        return Sent(identifier, answer.at, url=name(inside(answer.content, "permalink_url")))

    def _private(self, outgoing: Outgoing) -> Sent:
        if outgoing.parent_visibility != "public" or not outgoing.parent_id:
            raise PermanentError(
                "A Page answers a comment in private once. What the customer answers comes to the Page’s Messenger "
                "account: go on there."
            )
        way = "post_id" if outgoing.parent_custom.get("item") == "post" else "comment_id"
        wrote_at = outgoing.customer_wrote_at
        if wrote_at is not None and outgoing.queued_at - wrote_at > PRIVATE_WINDOW:
            raise PermanentError("Facebook lets a comment be answered in private for 7 days only: answer in public.")
        sender = Sender(self.graph, "messenger")
        sent = sender.send(outgoing, {way: outgoing.parent_id})
        return replace(sent, thread_id=None)


@dataclass(frozen=True, slots=True)
class Moderation:
    """What a Page may do with what is said on it; what is gone, or done already, is a success."""

    graph: Graph

    def set_hidden(self, external_id: str, hidden: bool) -> None:
        """Hide a comment from all but its author and their friends, or show it again."""
        self.graph.call("POST", external_id, data={"is_hidden": "true" if hidden else "false"}, repeatable=True)

    def delete(self, external_id: str) -> None:
        """Delete for good, ours or another's."""
        self._harmless("DELETE", external_id)

    def like(self, external_id: str) -> None:
        self.graph.call("POST", f"{external_id}/likes", repeatable=True)

    def unlike(self, external_id: str) -> None:
        self._harmless("DELETE", f"{external_id}/likes")

    def _harmless(self, method: str, path: str) -> None:
        try:
            self.graph.call(method, path)
        except RefusedError as error:
            if not is_gone(error):
                raise


def answered(outgoing: Outgoing) -> str:
    """What a public answer is put under. Raises PermanentError where nothing is named."""
    under = outgoing.parent_id or outgoing.thread_id
    if not under:
        raise PermanentError("It is not known which post or comment this answers.")
    return under
