"""Answering on Instagram: comments and mentions in public, a comment in private once, and private messages.

Source: Instagram Platform, "Comment Moderation", "Mentions", "Private Replies", "Send Messages".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from comptoir.connectors.base import Author, Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.instagram.account import Account
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.graph.errors import is_gone
from comptoir.connectors.shared.graph.messaging import handover
from comptoir.connectors.shared.graph.messaging.conversations import Conversations
from comptoir.connectors.shared.graph.messaging.sending import HUMAN_AGENT_WINDOW, Sender
from comptoir.connectors.shared.untrusted import inside, instant, name, text

PUBLIC_CHARS = 2200
PRIVATE_BYTES = 1000
MAX_FILE_BYTES = 25 * 1000 * 1000
FILE_TYPES = ("image/png", "image/jpeg", "image/gif", "video/mp4", "video/quicktime", "video/webm", "video/ogg",
              "audio/mp4", "audio/aac", "audio/x-m4a", "audio/wav", "application/pdf")  # fmt: skip
_MAX_PICTURE_BYTES = 8 * 1000 * 1000
_CLOCKS_DIFFER = timedelta(minutes=1)
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Answering:
    """One account's answers."""

    account: Account

    @property
    def graph(self) -> Graph:
        return self.account.graph

    def send(self, outgoing: Outgoing) -> Sent:
        """Answer in public or in private. Raises as `SendsMessages.send`."""
        if outgoing.visibility == "public":
            return self._public(outgoing)
        pictures = [file for file in outgoing.files if file.mime_type.startswith("image/")]
        if any(len(file.content) > _MAX_PICTURE_BYTES for file in pictures):
            raise PermanentError("Instagram takes pictures of 8 MB at most.")
        sender = Sender(self.graph, "instagram")
        if outgoing.parent_visibility != "public":
            return sender.send(outgoing, {"id": person_of(outgoing)})
        return self._from_comment(sender, outgoing)

    def find_sent(self, outgoing: Outgoing, own_id: str | None) -> Sent | None:
        """What an interrupted attempt left. Raises UncertainError where that cannot be known."""
        if outgoing.visibility == "private":
            if not outgoing.recipient.id:
                raise UncertainError("Instagram does not say whether a private reply arrived: look in its inbox.")
            return Conversations(self.graph, "instagram").find_sent(outgoing, outgoing.recipient.id, own_id)
        if outgoing.parent_custom.get("mentioned_in"):
            raise UncertainError("Instagram does not list what we answer under the posts of others: look there.")
        path = self._under(outgoing)
        page = self.graph.get(path, fields="id,text,timestamp,from,username", limit=_LOOKED_AT)
        for one in listed(page):
            at, author = instant(one.get("timestamp")), name(inside(one, "from", "id"))
            is_it = (text(one.get("text")) or "").split() == outgoing.text.split()
            is_late = at is not None and at >= outgoing.queued_at - _CLOCKS_DIFFER
            if is_it and is_late and author in (None, own_id) and name(one.get("id")):
                return Sent(str(name(one.get("id"))), at)
        return None

    def _public(self, outgoing: Outgoing) -> Sent:
        media = outgoing.parent_custom.get("mentioned_in")
        if media:
            asked = {"media_id": str(media), "message": outgoing.text}
            if outgoing.parent_id and outgoing.parent_id != media:
                asked["comment_id"] = outgoing.parent_id
            answer = self.graph.call("POST", f"{self.account.path}/mentions", data=asked)
        else:
            answer = self.graph.call("POST", self._under(outgoing), data={"message": outgoing.text})
        identifier = name(inside(answer.content, "id"))
        if identifier is None:
            raise UncertainError("Instagram answered without the id of the comment.")
        return Sent(identifier, answer.at)

    def _under(self, outgoing: Outgoing) -> str:
        """Where an answer is put: under a medium, or under a comment that answers none itself."""
        parent = outgoing.parent_id or outgoing.thread_id
        if not parent:
            raise PermanentError("It is not known which comment this answers.")
        if parent == outgoing.thread_id:
            return f"{parent}/comments"
        return f"{outgoing.parent_custom.get('parent') or parent}/replies"

    def _from_comment(self, sender: Sender, outgoing: Outgoing) -> Sent:
        if outgoing.parent_custom.get("mentioned_in"):
            raise PermanentError("Only comments under our own posts can be answered in private.")
        wrote_at = outgoing.customer_wrote_at
        if wrote_at is not None and outgoing.queued_at - wrote_at > HUMAN_AGENT_WINDOW:
            raise PermanentError("Instagram lets a comment be answered in private for 7 days only: answer in public.")
        return sender.send(replace(outgoing, files=()), {"comment_id": outgoing.parent_id or ""})


@dataclass(frozen=True, slots=True)
class Moderation:
    """What an account may do with comments under its posts; what is gone, or done already, is a success."""

    graph: Graph

    def set_hidden(self, external_id: str, hidden: bool) -> None:
        """Hide a comment from all but its author, or show it again."""
        self.graph.call("POST", external_id, data={"hide": "true" if hidden else "false"}, repeatable=True)

    def delete(self, external_id: str) -> None:
        """Delete for good, ours or another's."""
        try:
            self.graph.call("DELETE", external_id)
        except RefusedError as error:
            if not is_gone(error):
                raise


def pass_thread(account: Account, recipient: Author, app: str) -> None:
    """Let another app go on with this person. Raises PermanentError where only a Page could."""
    handover.pass_thread(_by_page(account), _known(recipient), app)


def take_thread(account: Account, recipient: Author) -> None:
    """Go on with this person ourselves. Raises PermanentError where only a Page could."""
    handover.take_thread(_by_page(account), _known(recipient))


def _by_page(account: Account) -> Graph:
    if not account.is_page_linked:
        raise PermanentError(
            "With Instagram’s own sign-in an exchange can be neither passed on nor taken back: do it in Meta’s inbox, "
            "or connect the account by way of its Page."
        )
    return account.graph


def _known(person: Author) -> str:
    if not person.id:
        raise PermanentError("It is not known to whom this reply goes.")
    return person.id


def person_of(outgoing: Outgoing) -> str:
    """Whom a private message goes to. Raises PermanentError where that is not known."""
    person = outgoing.recipient.id or outgoing.thread_id
    if not person:
        raise PermanentError("It is not known to whom this reply goes.")
    return person
