"""Asterisk's two streams of events: ARI (JSON, by WebSocket) and AMI (lines of text)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.base import Direction
from comptoir.connectors.base.events import CallState
from comptoir.connectors.phone.calls import News, Party
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, number

#: What the channels are called that this counter has Asterisk make, so that their calls are known as ours.
OWN_PREFIX = "comptoir-"
#: The events of ARI that tell how a call stands.
TELLING = frozenset(["ChannelCreated", "ChannelStateChange", "StasisStart", "ChannelDestroyed"])
_LONGEST = timedelta(days=2)
_UP = "6"


def is_ari(event: Mapping[str, Any]) -> bool:
    """Whether an object is an event of ARI."""
    return isinstance(event.get("type"), str) and ("application" in event or "asterisk_id" in event)


def read_ari(event: Mapping[str, Any]) -> News | None:
    """What an event of ARI tells of a call; None for inner legs, and for what says nothing of how a call stands."""
    channel = mapping(event.get("channel"))
    if event.get("type") not in TELLING or _is_inner(channel):
        return None
    at, is_up = instant(event.get("timestamp")), channel.get("state") == "Up"
    state: CallState = "answered" if is_up else "ringing"
    if event.get("type") == "ChannelDestroyed":
        state = "ended" if is_up else "missed"
    caller = Party.of(name(inside(channel, "caller", "number")), name(inside(channel, "caller", "name")))
    called = Party.of(name(inside(channel, "dialplan", "exten")))
    return News(
        name(channel.get("id")),
        state,
        caller,
        called,
        _direction(name(channel.get("id")), name(channel.get("name"))),
        at=instant(channel.get("creationtime")) or at,
        moment=at,
        duration=_between(instant(channel.get("creationtime")), at) if state == "ended" else None,
    )


def _is_inner(channel: Mapping[str, Any]) -> bool:
    """The second half of a local channel, and the legs by which a call reaches our desks."""
    dialplan = mapping(channel.get("dialplan"))
    called_by_us = (name(channel.get("id")) or "").startswith(OWN_PREFIX)
    is_local = (name(channel.get("name")) or "").startswith("Local/")
    if (name(channel.get("name")) or "").endswith(";2"):
        return True
    dialed = (name(dialplan.get("app_name")) or "").startswith("AppDial") or name(dialplan.get("exten")) in (None, "s")
    return dialed and not called_by_us and not is_local


def _direction(identifier: str | None, channel_name: str | None) -> Direction | None:
    """Asterisk made the channel itself: we call."""
    ours = (identifier or "").startswith(OWN_PREFIX) or (channel_name or "").startswith("Local/")
    return "outgoing" if ours else None


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    if start is None or end is None or not timedelta(0) <= end - start <= _LONGEST:
        return None
    return end - start


# --- AMI ----------------------------------------------------------------------------------------------------------


def is_ami(body: bytes) -> bool:
    """Whether a text is lines of AMI."""
    start = body.lstrip()[:200]
    return start.startswith((b"Asterisk Call Manager/", b"Event: ", b"Response: ", b"Action: "))


def packets(body: bytes) -> Iterator[dict[str, str]]:
    """The packets of a stream: lines of "Key: value", an empty line after each."""
    packet: dict[str, str] = {}
    for line in (*body.decode("utf-8", "replace").splitlines(), ""):
        key, colon, value = line.partition(":")
        if not line.strip():
            if packet:
                yield packet
            packet = {}
        elif colon:
            packet.setdefault(key.strip().lower(), value.strip().replace("\x00", ""))


def read_ami(packet: Mapping[str, str]) -> News | None:
    """What a packet of AMI tells of a call; only of the channel with which the call began."""
    if packet.get("event") == "Cdr":
        return _read_record(packet)
    state = _state_of(packet)
    identifier = packet.get("linkedid") or packet.get("uniqueid")
    if state is None or not identifier or packet.get("uniqueid", identifier) != identifier:
        return None
    channel = packet.get("channel", "")
    called = packet.get("exten", "")
    return News(
        identifier,
        state,
        Party.of(packet.get("calleridnum"), packet.get("calleridname")),
        Party.of(None if called == "s" else called),
        _direction(identifier, channel),
        at=instant(packet.get("timestamp")) or (instant(identifier) if state == "ringing" else None),
    )


def _state_of(packet: Mapping[str, str]) -> CallState | None:
    up = packet.get("channelstate") == _UP
    event = packet.get("event")
    if event == "Newchannel":
        return "ringing"
    if event == "Newstate":
        return "answered" if up else "ringing"
    if event == "QueueCallerAbandon":
        return "missed"
    if event == "Hangup":
        return "ended" if up else "missed"
    return None


def _read_record(packet: Mapping[str, str]) -> News | None:
    """A call detail record: written once the call is over."""
    talked = number(packet.get("billableseconds"))
    state: CallState = "ended" if packet.get("disposition") == "ANSWERED" else "missed"
    return News(
        packet.get("uniqueid") or None,
        state,
        Party.of(packet.get("source")),
        Party.of(packet.get("destination")),
        at=instant(packet.get("starttime")),
        duration=timedelta(seconds=talked) if talked is not None and talked <= _LONGEST.total_seconds() else None,
    )
