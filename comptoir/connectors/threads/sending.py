"""Answering on Threads, hiding replies, taking our own back.

Source: Threads API, "Create Replies", "Reply Management", "Delete Posts".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from comptoir.connectors.base import Outgoing, PermanentError, Sent, TransientError, UncertainError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.graph.errors import is_gone
from comptoir.connectors.shared.untrusted import inside, instant, name, text

MAX_CHARS = 500
_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Answering:
    """One account's replies."""

    graph: Graph

    def send(self, outgoing: Outgoing) -> Sent:
        """Prepare the reply, which nobody sees, and publish it. Raises as `SendsMessages.send`."""
        if outgoing.visibility == "private":
            raise PermanentError("Threads has no private messages for companies: answer in public.")
        container = self._prepared(outgoing)
        answer = self.graph.call("POST", "me/threads_publish", data={"creation_id": container})
        identifier = name(inside(answer.content, "id"))
        if identifier is None:
            raise UncertainError("%(network)s answered without the id of the reply.", network=self.graph.label)
        return Sent(identifier, answer.at, thread_id=outgoing.thread_id)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        """The reply that an interrupted attempt left, among our latest ones."""
        fields = "id,text,timestamp,permalink,replied_to"
        for one in listed(self.graph.get("me/replies", fields=fields, limit=_LOOKED_AT)):
            at, answered = instant(one.get("timestamp")), name(inside(one, "replied_to", "id"))
            is_it = (text(one.get("text")) or "").split() == outgoing.text.split() and answered == outgoing.parent_id
            if is_it and at is not None and at >= outgoing.queued_at - _CLOCKS_DIFFER and name(one.get("id")):
                return Sent(str(name(one.get("id"))), at, url=name(one.get("permalink")))
        return None

    def set_hidden(self, external_id: str, hidden: bool) -> None:
        """Hide a reply with all that answers it, or show it again."""
        data = {"hide": "true" if hidden else "false"}
        self.graph.call("POST", f"{external_id}/manage_reply", data=data, repeatable=True)

    def delete(self, external_id: str) -> None:
        """Delete a post or reply of ours; one that is gone is a success."""
        try:
            self.graph.call("DELETE", external_id)
        except RefusedError as error:
            if not is_gone(error):
                raise

    def _prepared(self, outgoing: Outgoing) -> str:
        """A container: harmless to make twice, and gone after a day if it is not published."""
        under = outgoing.parent_id or outgoing.thread_id
        if not under:
            raise PermanentError("It is not known which post or comment this answers.")
        asked = {"media_type": "TEXT", "text": outgoing.text, "reply_to_id": under}
        answer = self.graph.call("POST", "me/threads", data=asked, repeatable=True)
        container = name(inside(answer.content, "id"))
        if container is None:
            raise TransientError("%(network)s prepared the reply without saying under which id.", network="Threads")
        return container
