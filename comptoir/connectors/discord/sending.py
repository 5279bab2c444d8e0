"""Our answers on Discord, and what may be done with messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.discord.api import GONE, Api
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name

_EPOCH_MS = 1_420_070_400_000  # snowflakes count from 2015
_CLOCKS_DIFFER = timedelta(minutes=2)
_PAGE = 100
_MOST_PAGES = 5


def snowflake_at(moment: datetime) -> int:
    """The smallest id that Discord gives at an instant."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


def channel_of(api: Api, outgoing: Outgoing) -> str:
    """Where the answer goes: its channel, or the private one with whom it is for, which is opened where needed."""
    aside = outgoing.visibility == "private" and outgoing.parent_visibility == "public"
    if outgoing.thread_id and not aside:
        return outgoing.thread_id
    if not outgoing.recipient.id:
        raise PermanentError("Discord was told neither a channel nor a person to write to.")
    opened = api.call("POST", "/users/@me/channels", repeatable=True, json={"recipient_id": outgoing.recipient.id})
    channel = name(mapping(opened.content).get("id"))
    if channel is None:
        raise PermanentError("Discord opened no private channel with the customer.")
    return channel


def send(api: Api, outgoing: Outgoing) -> Sent:
    """Send. Discord recognises our nonce for some minutes; after that, see `find_sent`."""
    if not outgoing.text and not outgoing.files:
        raise PermanentError("There is neither a text nor a file to send.")
    channel = channel_of(api, outgoing)
    body: dict[str, Any] = {
        "content": outgoing.text,
        "nonce": hashlib.sha256(outgoing.key.encode()).hexdigest()[:25],
        "enforce_nonce": True,
        "allowed_mentions": {"parse": ["users"], "replied_user": True},
    }
    if outgoing.parent_id and outgoing.parent_id.isdigit() and channel == outgoing.thread_id:
        body["message_reference"] = {"message_id": outgoing.parent_id, "fail_if_not_exists": False}
    path = f"/channels/{channel}/messages"
    if not outgoing.files:
        return _sent(mapping(api.call("POST", path, repeatable=False, json=body).content), channel)
    body["attachments"] = [
        {"id": number, "filename": file.name, **({"description": file.alt_text} if file.alt_text else {})}
        for number, file in enumerate(outgoing.files)
    ]
    files = [
        (f"files[{number}]", (file.name, file.content, file.mime_type)) for number, file in enumerate(outgoing.files)
    ]
    form = {"payload_json": json.dumps(body)}
    return _sent(mapping(api.call("POST", path, repeatable=False, data=form, files=files).content), channel)


def find_sent(api: Api, own_id: str, outgoing: Outgoing) -> Sent | None:
    """The message that an interrupted attempt left: ours, in this channel, with the same text, not older than ours."""
    channel = channel_of(api, outgoing)
    after = snowflake_at(outgoing.queued_at - _CLOCKS_DIFFER)
    for _page in range(_MOST_PAGES):
        page = mappings(api.get(f"/channels/{channel}/messages", after=str(after), limit=_PAGE))
        for message in page:
            if name(inside(message, "author", "id")) == own_id and message.get("content") == outgoing.text:
                return _sent(message, channel)
        if len(page) < _PAGE:
            return None
        after = max(int(identifier) for one in page if (identifier := name(one.get("id")) or "0").isdigit())
    raise UncertainError("So much was written in this channel that Discord's lists do not show whether it arrived.")


def _sent(message: Mapping[str, Any], channel: str) -> Sent:
    identifier = name(message.get("id"))
    if identifier is None:
        raise UncertainError("Discord took the message without saying under which id it keeps it.")
    return Sent(identifier, instant(message.get("timestamp")), thread_id=channel, custom={"channel": channel})


# --- what may be done with a message ------------------------------------------------------------------------------


def _place(external_id: str, channel: str | None) -> str:
    if not channel or not channel.isdigit() or not external_id.isdigit():
        raise PermanentError("It is not known in which channel of Discord this message is.")
    return f"/channels/{channel}/messages/{external_id}"


def edit(api: Api, external_id: str, text: str, channel: str | None) -> None:
    """Put another text in the place of ours; its files stay."""
    api.call("PATCH", _place(external_id, channel), repeatable=True, json={"content": text})


def delete(api: Api, external_id: str, channel: str | None) -> None:
    """Delete a message; one that is gone is a success."""
    try:
        api.call("DELETE", _place(external_id, channel))
    except RefusedError as error:
        if error.code not in GONE:
            raise


def react(api: Api, external_id: str, channel: str | None, emoji: str, *, wanted: bool) -> None:
    """Put our reaction under a message, or take it back."""
    path = f"{_place(external_id, channel)}/reactions/{quote(emoji)}/@me"
    api.call("PUT" if wanted else "DELETE", path)
