"""Our answers in a topic or a private message, and what is done to posts. Discourse reads Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError, Sent, UncertainError
from comptoir.connectors.discourse.api import Api, number_in
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.markdown import as_markdown
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, text, whole

MAX_CHARS = 32_000
MAX_FILES = 10
MAX_FILE_BYTES = 4 * 1024 * 1024
_LIKE = 2
_CLOCKS_DIFFER = timedelta(minutes=2)
_MOST_TITLE_CHARS = 80
_LAST_POSTS = 20


def send(api: Api, outgoing: Outgoing) -> Sent:
    """An answer in the topic; a private answer to a public post begins a private message."""
    if outgoing.parent_custom.get("chat"):
        raise PermanentError("Messages of the forum’s chat are read only: answer them on the forum.")
    body: dict[str, Any] = {"raw": _raw(api, outgoing)}
    if _begins_exchange(outgoing):
        if not outgoing.recipient.handle:
            raise PermanentError(
                "The forum has not told us this person’s name: no private message can be sent to them."
            )
        title = outgoing.subject or outgoing.text.strip().split("\n")[0]
        body |= {
            "title": title[:_MOST_TITLE_CHARS],
            "archetype": "private_message",
            "target_recipients": outgoing.recipient.handle,
        }
    else:
        body["topic_id"] = number_in(outgoing.thread_id)
        answered = whole(outgoing.parent_custom.get("number"))
        if answered is not None and answered > 1:
            body["reply_to_post_number"] = answered
    answer = api.post("/posts.json", body)
    return _sent(answer.content, api.site)


def _begins_exchange(outgoing: Outgoing) -> bool:
    return outgoing.visibility == "private" and (outgoing.parent_visibility != "private" or not outgoing.thread_id)


def _sent(made: Any, site: str) -> Sent:
    waiting = name(inside(made, "pending_post", "id"))
    if waiting:  # a moderator of the forum looks at it first
        return Sent(f"pending-{waiting}")
    post = mapping(inside(made, "post")) or mapping(made)
    identifier, topic, number = name(post.get("id")), name(post.get("topic_id")), whole(post.get("post_number"))
    if identifier is None:
        raise UncertainError("The forum answered without saying under which id it keeps what was sent.")
    address = f"{site}/t/{topic}/{number}" if topic and number else None
    kept = {"number": number} if number is not None else {}
    return Sent(identifier, instant(post.get("created_at")), thread_id=topic, url=address, custom=kept)


def _raw(api: Api, outgoing: Outgoing) -> str:
    shown = [_shown(api, file) for file in outgoing.files]
    return "\n\n".join(part for part in (as_markdown(outgoing.text), "\n".join(shown)) if part)


def _shown(api: Api, file: OutgoingFile) -> str:
    made = api.upload(file.name, file.content, file.mime_type)
    address = name(inside(made, "short_url")) or name(inside(made, "url"))
    if address is None:
        raise PermanentError("The forum did not take the file “%(file)s”.", file=file.name)
    label = (file.alt_text or file.name).replace("[", "(").replace("]", ")").replace("|", "/").replace("\n", " ")
    if file.mime_type.startswith("image/"):
        return f"![{label}]({address})"
    return f"[{label}|attachment]({address})"


def find_sent(api: Api, outgoing: Outgoing, username: str) -> Sent | None:
    """Our own post with the same words among the last of the topic, not older than the reply."""
    if _begins_exchange(outgoing):
        posts = mappings(inside(api.get("/private-posts.json"), "private_posts"))
    else:
        topic = number_in(outgoing.thread_id)
        stream = items(inside(api.get(f"/t/{topic}.json"), "post_stream", "stream"))
        last = [one for one in stream if isinstance(one, int)][-_LAST_POSTS:]
        found = api.get(f"/t/{topic}/posts.json", **{"post_ids[]": last, "include_raw": "true"}) if last else {}
        posts = mappings(inside(found, "post_stream", "posts"))
    for post in posts:
        at = instant(post.get("created_at"))
        is_ours = (name(post.get("username")) or "").lower() == username.lower()
        if is_ours and at and at >= outgoing.queued_at - _CLOCKS_DIFFER and _same(post, outgoing):
            return _sent(post, api.site)
    return None


def _same(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """The forum keeps what was typed; where it shows only the page, its words are compared."""
    typed, wanted = text(post.get("raw")), as_markdown(outgoing.text).split()
    if typed is not None:
        return typed.split()[: len(wanted)] == wanted
    return html_to_text(text(post.get("cooked")) or "").split()[: len(outgoing.text.split())] == outgoing.text.split()


# --- what else is done to posts ---------------------------------------------------------------------------------------


def edit(api: Api, external_id: str, outgoing: Outgoing) -> None:
    api.put(f"/posts/{number_in(external_id)}.json", {"post": {"raw": as_markdown(outgoing.text)}})


def delete(api: Api, external_id: str) -> None:
    """The forum keeps what is deleted for its team, who can bring it back; what is gone already is a success."""
    try:
        api.delete(f"/posts/{number_in(external_id)}.json")
    except RefusedError as error:
        if error.status not in (404, 410):
            raise


def recover(api: Api, external_id: str) -> None:
    api.put(f"/posts/{number_in(external_id)}/recover.json")


def like(api: Api, external_id: str) -> None:
    try:
        api.post("/post_actions.json", {"id": number_in(external_id), "post_action_type_id": _LIKE}, repeatable=True)
    except RefusedError as error:
        if not _is_liked(api, external_id):
            raise error from None


def unlike(api: Api, external_id: str) -> None:
    try:
        api.delete(f"/post_actions/{number_in(external_id)}.json", post_action_type_id=_LIKE)
    except RefusedError as error:
        if error.status != 404 and _is_liked(api, external_id):
            raise


def _is_liked(api: Api, external_id: str) -> bool:
    post = api.get(f"/posts/{number_in(external_id)}.json")
    summary = mappings(inside(post, "actions_summary"))
    return any(one.get("id") == _LIKE and one.get("acted") is True for one in summary)
