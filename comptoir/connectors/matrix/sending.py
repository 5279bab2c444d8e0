"""Our answers, each with a transaction id that follows from it: sending twice makes one.

A homeserver forgets no such id for a day: what is wished for again after another wish goes under a new one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError, Sent, UncertainError
from comptoir.connectors.matrix.homeserver import Homeserver
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name

_LIKE = "👍"
_MSGTYPES = {"image": "m.image", "video": "m.video", "audio": "m.audio"}


def send(server: Homeserver, outgoing: Outgoing) -> Sent:
    """Send the text and each file. Raises what sending may raise."""
    room = outgoing.thread_id
    if not room:
        raise PermanentError("It is not known in which room this answer belongs.")
    contents = [_text(outgoing)] if outgoing.text else []
    contents += [_file(server, file) for file in outgoing.files]
    if not contents:
        raise PermanentError("There is neither a text nor a file to send.")
    relation = _relation(outgoing)
    ids = [
        _put(server, room, "m.room.message", f"{outgoing.key}-{number}", content | relation)
        for number, content in enumerate(contents)
    ]
    return Sent(ids[0], thread_id=room, custom={"room": room}, part_ids=tuple(ids[1:]))


def _put(server: Homeserver, room: str, kind: str, transaction: str, content: Mapping[str, Any]) -> str:
    answer = mapping(server.call("PUT", server.room(room, "send", kind, transaction), json=content))
    identifier = name(answer.get("event_id"))
    if identifier is None:
        raise UncertainError("The homeserver took the message without saying under which id it keeps it.")
    return identifier


def _text(outgoing: Outgoing) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": outgoing.text}


def _file(server: Homeserver, file: OutgoingFile) -> dict[str, Any]:
    """Uploaded first; a file that no message shows is nobody's concern."""
    answer = mapping(
        server.call(
            "POST", "/_matrix/media/v3/upload", params={"filename": file.name}, content=file.content,
            headers={"Content-Type": file.mime_type},
        )
    )  # fmt: skip
    address = name(answer.get("content_uri"))
    if address is None:
        raise PermanentError("The homeserver took “%(file)s” without saying where it keeps it.", file=file.name)
    return {
        "msgtype": _MSGTYPES.get(file.mime_type.split("/", 1)[0], "m.file"),
        "body": file.alt_text or file.name,
        "filename": file.name,
        "url": address,
        "info": {"mimetype": file.mime_type, "size": len(file.content)},
    }


def _relation(outgoing: Outgoing) -> dict[str, Any]:
    """In a room of several the answer names what it answers, and stays in its thread."""
    if outgoing.visibility != "public" or not (outgoing.parent_id or "").startswith("$"):
        return {}
    answered: dict[str, Any] = {"m.in_reply_to": {"event_id": outgoing.parent_id}}
    thread = name(outgoing.parent_custom.get("thread"))
    if thread:
        answered |= {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False}
    return {"m.relates_to": answered}


# --- what may be done with a message ------------------------------------------------------------------------------


def room_of(custom: Mapping[str, Any]) -> str:
    """The room of a message. Raises PermanentError where it was not kept."""
    room = name(custom.get("room"))
    if room is None:
        raise PermanentError("It is not known in which room this message is.")
    return room


def edit(server: Homeserver, external_id: str, text: str, room: str, key: str) -> None:
    """Put another text in the place of ours; ``key`` is this edit's own."""
    content = {
        "msgtype": "m.text",
        "body": f"* {text}",
        "m.new_content": {"msgtype": "m.text", "body": text},
        "m.relates_to": {"rel_type": "m.replace", "event_id": external_id},
    }
    _put(server, room, "m.room.message", f"edit-{key}", content)


def redact(server: Homeserver, external_id: str, room: str) -> None:
    """Take a message away; one that is gone is a success."""
    try:
        server.call("PUT", server.room(room, "redact", external_id, f"redact-{_digest(external_id)}"), json={})
    except RefusedError as error:
        if error.code != "M_NOT_FOUND":
            raise


def mark_read(server: Homeserver, room: str) -> None:
    """Show that we have read up to what stands last in the room."""
    answer = mapping(server.call("GET", server.room(room, "messages"), params={"dir": "b", "limit": "1"}))
    last = next((name(one.get("event_id")) for one in mappings(answer.get("chunk"))), None)
    if last is not None:
        server.call("POST", server.room(room, "receipt", "m.read", last), json={})


def like(server: Homeserver, external_id: str, room: str, own_id: str) -> None:
    """Put our reaction under a message; one that stands already is a success."""
    if _own_likes(server, external_id, room, own_id):
        return
    content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": external_id, "key": _LIKE}}
    try:
        _put(server, room, "m.reaction", f"like-{uuid.uuid4()}", content)
    except RefusedError as error:
        if error.code != "M_DUPLICATE_ANNOTATION":
            raise


def unlike(server: Homeserver, external_id: str, room: str, own_id: str) -> None:
    """Take our reaction back, where there is one."""
    for reaction in _own_likes(server, external_id, room, own_id):
        redact(server, reaction, room)


def _own_likes(server: Homeserver, external_id: str, room: str, own_id: str) -> list[str]:
    path = f"/_matrix/client/v1/rooms/{quote(room, safe='')}/relations/{quote(external_id, safe='')}/m.annotation"
    reactions = mappings(mapping(server.call("GET", path, params={"limit": "100"})).get("chunk"))
    liked = [one for one in reactions if inside(one, "content", "m.relates_to", "key") == _LIKE]
    return [found for one in liked if one.get("sender") == own_id and (found := name(one.get("event_id")))]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
