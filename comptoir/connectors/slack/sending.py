"""Our own messages: said, found again, changed, taken back, and likes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name
from comptoir.connectors.slack import files
from comptoir.connectors.slack.api import Workspace
from comptoir.connectors.slack.messages import place_of
from comptoir.connectors.slack.mrkdwn import escaped

#: How a message of ours carries the key of its reply: Slack keeps it, and shows it to us alone.
METADATA = "comptoir_reply"
LIKE = "+1"
_MAX_PAGES = 10
_CLOCKS_DIFFER = timedelta(minutes=10)


def send(workspace: Workspace, outgoing: Outgoing) -> Sent:
    """Say it in the channel, in the thread of what is answered."""
    channel = _channel(outgoing.thread_id, outgoing.parent_custom)
    root = root_of(outgoing)
    if outgoing.files:
        return _shared(workspace, outgoing, channel, root)
    body: dict[str, Any] = {
        "channel": channel,
        "text": escaped(outgoing.text),
        "mrkdwn": False,
        "unfurl_links": False,
        "metadata": {"event_type": METADATA, "event_payload": {"key": outgoing.key}},
    }
    if root:
        body["thread_ts"] = root
    content = mapping(workspace.tell("chat.postMessage", body).content)
    stamp = name(content.get("ts"))
    if stamp is None:
        raise UncertainError("%(network)s answered without saying under which id it keeps the answer.", network="Slack")
    return _sent(channel, stamp)


def _shared(workspace: Workspace, outgoing: Outgoing, channel: str, root: str | None) -> Sent:
    """Files with their text. Slack answers before it shows them, and does not say where: they are looked for."""
    files.share(workspace, outgoing, channel, root)
    sent = find(workspace, outgoing)
    if sent is None:
        raise UncertainError("%(network)s took the files and does not show them yet.", network="Slack")
    return sent


def _sent(channel: str, stamp: str) -> Sent:
    return Sent(f"{channel}/{stamp}", instant(stamp), thread_id=channel, custom={"channel": channel})


def root_of(outgoing: Outgoing) -> str | None:
    """The thread to answer in: that of the message answered or, in a channel of many, one that it begins."""
    root = name(outgoing.parent_custom.get("root"))
    if root or not outgoing.parent_id or outgoing.parent_custom.get("channel_type") == "im":
        return root
    return place_of(outgoing.parent_id, None)[1]


def find(workspace: Workspace, outgoing: Outgoing) -> Sent | None:
    """The message that bears the reply's key, or is its text with its files, among what was said since."""
    channel = _channel(outgoing.thread_id, outgoing.parent_custom)
    for message in _since(workspace, channel, outgoing):
        if _is_it(message, outgoing):
            stamp = name(message.get("ts"))
            if stamp:
                return _sent(channel, stamp)
    return None


def _is_it(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    if outgoing.files:
        return files.is_shared_in(message, outgoing)
    return name(inside(message, "metadata", "event_payload", "key")) == outgoing.key


def _since(workspace: Workspace, channel: str, outgoing: Outgoing) -> Iterator[Mapping[str, Any]]:
    """Every message since the reply was queued. Raises UncertainError where there are too many to look at."""
    root = root_of(outgoing)
    oldest = f"{(outgoing.queued_at - _CLOCKS_DIFFER).timestamp():.6f}"
    asked: dict[str, str | int] = {"channel": channel, "oldest": oldest, "limit": 100, "include_all_metadata": "true"}
    method = "conversations.history" if root is None else "conversations.replies"
    if root is not None:
        asked["ts"] = root
    for _page in range(_MAX_PAGES):
        content = mapping(workspace.ask(method, **asked).content)
        yield from mappings(content.get("messages"))
        following = name(inside(content, "response_metadata", "next_cursor"))
        if not following:
            return
        asked["cursor"] = following
    raise UncertainError("Too much was said on Slack since: whether the message arrived could not be seen.")


def edit(workspace: Workspace, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
    channel, stamp = _place(external_id, custom)
    workspace.tell("chat.update", {"channel": channel, "ts": stamp, "text": escaped(outgoing.text)}, repeatable=True)


def delete(workspace: Workspace, external_id: str, custom: Mapping[str, Any]) -> None:
    channel, stamp = _place(external_id, custom)
    workspace.tell_once("chat.delete", {"channel": channel, "ts": stamp}, done=frozenset({"message_not_found"}))


def like(workspace: Workspace, external_id: str, custom: Mapping[str, Any], *, taken_back: bool = False) -> None:
    channel, stamp = _place(external_id, custom)
    method = "reactions.remove" if taken_back else "reactions.add"
    body = {"channel": channel, "timestamp": stamp, "name": LIKE}
    workspace.tell_once(method, body, done=frozenset({"already_reacted", "no_reaction"}))


def _place(external_id: str, custom: Mapping[str, Any]) -> tuple[str, str]:
    channel, stamp = place_of(external_id, name(custom.get("channel")))
    return _channel(channel, {}), stamp


def _channel(thread_id: str | None, custom: Mapping[str, Any]) -> str:
    channel = name(custom.get("channel")) or thread_id
    if not channel:
        raise PermanentError("In which channel this was said is not known: answer in Slack.")
    return channel
