"""How a call stands, by the words that providers, switches and SIP have for it."""

from __future__ import annotations

from comptoir.connectors.base.events import CallState
from comptoir.connectors.phone.fields import plain_name

_WORDS: dict[CallState, tuple[str, ...]] = {
    "ringing": (
        "ringing", "ring", "initiated", "queued", "started", "start", "invite", "incoming", "incomingcall", "new",
        "created", "initial", "trying", "calling", "alerting", "offered", "proceeding", "setup", "startapp", "dialing",
        "routing", "waiting",
    ),
    "answered": (
        "answered", "answer", "inprogress", "connected", "established", "up", "talking", "bridged", "bridge", "pickup",
        "pickedup", "active", "confirmed", "accepted", "callinprogress",
    ),
    "missed": (
        "missed", "missedcall", "noanswer", "busy", "failed", "canceled", "cancelled", "cancel", "rejected", "declined",
        "unanswered", "notanswered", "timeout", "abandoned", "abandon", "unreachable", "congestion", "chanunavail",
        "nobodyanswered", "refused",
    ),
    "ended": (
        "ended", "end", "completed", "complete", "hangup", "hungup", "bye", "finished", "terminated", "disconnected",
        "disconnect", "done", "released", "closed", "archived",
    ),
    "voicemail": ("voicemail", "voicemailleft", "newvoicemail", "voicemailreceived", "vm"),
}  # fmt: skip
_STATES = {word: state for state, words in _WORDS.items() for word in words}
_PREFIXES = ("call", "calls", "telephony", "sip")


def state_named(word: str) -> CallState | None:
    """The state that a word names: "call.hungup", "no-answer", "CallAnswered"; None for any other."""
    about, _point, last = word.rpartition(".")
    named = plain_name(last) if not about or plain_name(about).startswith(_PREFIXES) else ""
    for spelled in (plain_name(word), named, *(named.removeprefix(prefix) for prefix in _PREFIXES)):
        if spelled in _STATES:
            return _STATES[spelled]
    return None


def state_of_sip(method: str, code: int | None) -> CallState | None:
    """By a SIP request (RFC 3261) and, where one was given, the answer to it."""
    if method.upper() == "INVITE" and code is not None and code >= 200:
        return "answered" if code < 300 else "missed"
    by_method: dict[str, CallState] = {"INVITE": "ringing", "ACK": "answered", "BYE": "ended", "CANCEL": "missed"}
    if method.upper() in by_method:
        return by_method[method.upper()]
    if code is None or not 100 <= code < 700:
        return None
    return "ringing" if code < 200 else "answered" if code < 300 else "missed"
