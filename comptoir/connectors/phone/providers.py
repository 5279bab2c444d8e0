"""Calls as providers and switches post them: Twilio, SIP servers such as Kamailio, call centres, our own JSON."""

from __future__ import annotations

from datetime import timedelta

from comptoir.connectors.base import Direction
from comptoir.connectors.base.events import CallState
from comptoir.connectors.phone.calls import News, Party
from comptoir.connectors.phone.fields import Fields, plain_name, said
from comptoir.connectors.phone.words import state_named, state_of_sip
from comptoir.connectors.shared.untrusted import flag, instant, number, whole

_ID = ("callsid", "callsessionid", "telephonysessionid", "calluuid", "conversationuuid", "callid", "linkedid",
       "uniqueid", "sessionid", "uuid", "sid", "id", "ci", "callcontrolid")  # fmt: skip
_FROM = ("from", "caller", "callernumber", "fromnumber", "fromuri", "fu", "src", "source", "ani", "calleridnum",
         "callerid", "clid", "callingnumber", "msisdn")  # fmt: skip
_TO = ("to", "called", "callee", "callednumber", "calleenumber", "tonumber", "touri", "tu", "ruri", "ru", "dst",
       "destination", "dnis", "did")  # fmt: skip
_NAME = ("callername", "fromname", "calleridname", "displayname", "contactname")
_WORD_FIELDS = ("dialcallstatus", "callstatus", "event", "eventtype", "callstate", "status", "state", "type",
                "outertype", "disposition", "result")  # fmt: skip
_TIME = ("timestamp", "at", "time", "eventtime", "occurredat", "starttime", "startedat", "datecreated", "start", "date",
         "answertime", "endtime")  # fmt: skip
_DURATION = ("dialcallduration", "talktime", "billsec", "billableseconds", "callduration", "durations",
             "durationseconds", "duration")  # fmt: skip
_TALKED = ("talktime", "billsec", "billableseconds")
#: Of a voice message: what it lasts itself, and not the call with its ring and its greeting.
_MESSAGE_DURATION = ("recordingduration", "voicemailduration", "messageduration", "recordduration", "durations",
                     "durationseconds", "duration")  # fmt: skip
_RECORDING = ("recordingurl", "voicemailurl", "recordurl", "recording", "voicemail", "record")
_LONGEST = timedelta(days=2)


def read_call(fields: Fields, own_number: str | None) -> News | None:
    """What is told of a call; None where nothing is told of any."""
    caller = Party.of(_told(fields, _FROM), said(fields, *_NAME))
    called = Party.of(_told(fields, _TO))
    state = _state_of(fields)
    call_id = said(fields, *_ID)
    if state is None or not (call_id or caller.number or called.number):
        return None
    direction = _direction(fields)
    is_leg = "dial" in (said(fields, "direction") or "") and said(fields, "parentcallsid")
    if is_leg:  # Twilio's second leg of a call: to an agent where a customer called, to a customer where we did
        call_id = said(fields, "parentcallsid")
        direction = "outgoing" if own_number and caller.number == own_number else "incoming" if own_number else None
    other = said(fields, "rawdigits")  # Aircall: the customer's number, whoever called
    if other:
        caller, called = (called, Party.of(other)) if direction == "outgoing" else (Party.of(other), called)
    return News(
        call_id,
        state,
        caller,
        called,
        direction,
        at=next((found for field in _TIME if (found := instant(fields.get(field))) is not None), None),
        duration=_duration(fields, _MESSAGE_DURATION if state == "voicemail" else _DURATION),
        recording=_recording(fields),
        transcript=said(fields, "transcriptiontext", "transcript"),
    )


def _told(fields: Fields, names: tuple[str, ...]) -> str | None:
    return said(fields, *names)


def _state_of(fields: Fields) -> CallState | None:
    state = _worded(fields)
    if _is_voice_message(fields, state):
        return "voicemail"
    if state is None and said(fields, "recordingurl"):
        return "ended"
    if state == "ended" and _was_never_answered(fields):
        return "missed"
    return "ringing" if state is None and _asks_what_to_do(fields) else state


def _asks_what_to_do(fields: Fields) -> bool:
    """Vonage asks what to answer a call with before it tells any state of it."""
    return all(said(fields, field) for field in ("conversationuuid", "from", "to")) and not said(fields, *_WORD_FIELDS)


def _worded(fields: Fields) -> CallState | None:
    method = said(fields, "method", "sipmethod", "rm") or ""
    code = whole(fields.get("code")) or whole(fields.get("replycode")) or whole(fields.get("sipcode"))
    code = code or whole(fields.get("statuscode"))
    words = [word for field in _WORD_FIELDS if (word := said(fields, field))]
    if not method:
        method = next((word for word in words if word.upper() in ("INVITE", "BYE", "CANCEL", "ACK")), "")
    by_sip = state_of_sip(method, code) if method or code else None
    if by_sip is not None:
        return by_sip
    return next((state for word in words if (state := state_named(word)) is not None), None)


def _is_voice_message(fields: Fields, state: CallState | None) -> bool:
    """A recording that Twilio's Record made, or that a provider calls a voice message."""
    if "://" in (said(fields, "voicemailurl", "voicemail") or "") or said(fields, "transcriptiontext"):
        return True
    source = plain_name(said(fields, "recordingsource") or "")
    recorded = said(fields, "recordingurl") is not None
    by_verb = "digits" in fields and "dialcallstatus" not in fields
    return recorded and state != "missed" and (source == "recordverb" or (not source and by_verb))


def _was_never_answered(fields: Fields) -> bool:
    """Ended, but nobody had taken it: said outright, by an instant that is missing, by no second of talk, or by how it
    ended (an event “hangup” whose disposition is “NO ANSWER”).
    """
    if said(fields, "missedcallreason") or ("answeredat" in fields and not fields["answeredat"]):
        return True
    if "answered" in fields and fields["answered"] in (False, "false", "0", 0):
        return True
    talked = next((told for field in _TALKED if (told := number(fields.get(field))) is not None), None)
    if talked is not None:
        return talked == 0
    states = {state_named(word) for field in _WORD_FIELDS if (word := said(fields, field))}
    return "missed" in states and "answered" not in states


def _direction(fields: Fields) -> Direction | None:
    told = plain_name(said(fields, "direction", "calldirection") or "")
    if told.startswith("in") or told == "i":
        return "incoming"
    if told.startswith("out") or told == "o":
        return "outgoing"
    if flag(fields.get("isincoming")):
        return "incoming"
    return None


def _duration(fields: Fields, told_as: tuple[str, ...]) -> timedelta | None:
    seconds = next((found for field in told_as if (found := number(fields.get(field))) is not None), None)
    if seconds is None or not 0 <= seconds <= _LONGEST.total_seconds():
        return None
    return timedelta(seconds=seconds)


def _recording(fields: Fields) -> str | None:
    return next((url for field in _RECORDING if "://" in (url := said(fields, field) or "")), None)
