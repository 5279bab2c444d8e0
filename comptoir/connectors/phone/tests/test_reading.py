"""How a call stands, whoever tells of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from comptoir.connectors.base import (
    Delivery,
    EventKind,
    PayloadError,
)
from comptoir.connectors.phone.calls import Party
from comptoir.connectors.phone.tests.far_side import FIXTURES, calls, phone
from comptoir.connectors.phone.words import state_named, state_of_sip


@pytest.mark.parametrize(
    ("name", "state", "seconds"),
    [
        ("twilio_ringing.form", "ringing", None),
        ("twilio_completed.form", "ended", 63),
        ("twilio_no_answer.form", "missed", None),
        ("twilio_nobody_at_the_desk.form", "missed", None),
        ("twilio_voicemail.form", "voicemail", 12),
        ("twilio_transcript.form", "voicemail", None),
        ("twilio_recording_of_a_call.form", "ended", None),
        ("documented.json", "missed", 0),
        ("documented_list.json", "voicemail", 9),
        ("kamailio_invite.form", "ringing", None),
        ("kamailio_answer.form", "answered", None),
        ("kamailio_bye.form", "ended", None),
        ("kamailio_busy.form", "missed", None),
        ("aircall_missed.json", "missed", 30),
        ("aircall_voicemail.json", "voicemail", 30),
        ("vonage.json", "ended", 45),
        ("plivo.form", "missed", 0),
        ("telnyx.json", "answered", None),
        ("ari_hangup.json", "ended", 3.039),
        ("cdr.txt", "ended", 60),
    ],
)
def test_every_teller_says_how_a_call_stands(name: str, state: str, seconds: float | None) -> None:
    call = calls(name)[0].call
    assert call is not None
    assert (call.state, call.duration) == (state, None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"event": "hangup", "disposition": "NO ANSWER"}, "missed"),
        ({"event": "hangup", "status": "missed"}, "missed"),
        ({"event": "call.ended", "result": "cancelled"}, "missed"),
        ({"event": "hangup", "disposition": "ANSWERED"}, "ended"),
        ({"event": "hangup", "status": "cancelled", "billsec": 12}, "ended"),
        ({"event": "hangup", "disposition": "NO ANSWER", "billsec": ""}, "missed"),
    ],
)
def test_a_call_that_was_hung_up_without_an_answer_is_missed(told: dict[str, str | int], state: str) -> None:
    body = {"call_id": "c1", "from": "+33611111111", "to": "+33199000002", **told}
    (event,) = phone().parse(Delivery(json.dumps(body).encode()))
    assert event.call is not None
    assert event.call.state == state


def test_a_whole_stream_of_asterisk_makes_one_event_for_each_call() -> None:
    inbound, outgoing = calls("ari_stream.jsonl")
    assert inbound.call is not None
    assert (inbound.call.state, inbound.direction) == ("ended", "incoming")
    assert inbound.call.duration == timedelta(seconds=3.005)
    assert (outgoing.direction, outgoing.thread_id) == ("outgoing", "900")
    first, second = calls("ami_stream.txt")
    assert (first.external_id, second.external_id) == (inbound.external_id, outgoing.external_id)
    assert first.call is not None
    assert first.call.state == "ended"


def test_frames_one_by_one_tell_the_same_call() -> None:
    lines = (FIXTURES / "ari_stream.jsonl").read_bytes().splitlines()
    events = [event for line in lines for event in phone().parse(Delivery(line))]
    states = [event.call.state for event in events if event.call and event.external_id == "1795369919.0"]
    assert list(dict.fromkeys(states)) == ["ringing", "answered", "ended"]


@pytest.mark.parametrize("app", ["AppDial", "AppDial2"])
def test_the_leg_to_an_agent_is_no_call_of_its_own(app: str) -> None:
    channel = {
        "id": "1.2", "name": "PJSIP/101-00000001", "state": "Down", "caller": {"number": "101"},
        "dialplan": {"context": "from-internal", "exten": "", "app_name": app, "app_data": "(Outgoing Line)"},
    }  # fmt: skip
    body = {"type": "ChannelCreated", "application": "comptoir", "channel": channel}
    assert [event.event for event in phone().parse(Delivery(json.dumps(body).encode()))] == [EventKind.IGNORED]


@pytest.mark.parametrize(
    ("written", "number", "name"),
    [
        ('"Léa" <sip:+33612345678@10.0.0.1;user=phone>', "+33612345678", "Léa"),
        ("sip:0612345678@pbx", "0612345678", None),
        ("tel:+33612345678", "+33612345678", None),
        ("+33 6 12 34 56 78", "+33612345678", None),
        (" 33612345678", "+33612345678", None),
        ("<unknown>", None, None),
        ("sip:anonymous@anonymous.invalid", None, None),
        ("client:lea", "client:lea", None),
        ("", None, None),
    ],
)
def test_a_party_is_read_however_it_is_written(written: str, number: str | None, name: str | None) -> None:
    assert Party.of(written) == Party(number, name)


@pytest.mark.parametrize(("shown", "name"), [('"Léa Martin"', "Léa Martin"), ('""', None), ('"Anonymous"', None)])
def test_quotes_around_a_shown_name_are_none_of_it(shown: str, name: str | None) -> None:
    assert Party.of("sip:+33612345678@pbx", shown) == Party("+33612345678", name)


def test_words_that_name_no_state_name_none() -> None:
    assert state_named("call.hungup") == "ended"
    assert state_named("CallAnswered") == "answered"
    assert state_named("no-answer") == "missed"
    for word in ("", "contact.created", "x" * 1000, "call"):
        assert state_named(word) is None
    assert state_of_sip("INVITE", 100) == "ringing"
    assert state_of_sip("OPTIONS", None) is None


@pytest.mark.parametrize("body", [b"", b"<xml a='b'/>", b"\xff\xfe", b"{", b"hello"])
def test_what_is_none_of_it_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        phone().parse(Delivery(body, ""))


def test_a_voice_message_is_as_long_as_its_recording_and_not_as_the_call() -> None:
    told = {
        "CallSid": "CA1", "CallStatus": "completed", "CallDuration": "31", "From": "+33612345678", "To": "+33755000001",
        "RecordingUrl": "https://api.twilio.com/RE1", "RecordingDuration": "8", "TranscriptionText": "Rappelez-moi",
    }  # fmt: skip
    call = phone().parse(Delivery(json.dumps(told).encode()))[0].call
    assert call is not None
    assert (call.state, call.duration) == ("voicemail", timedelta(seconds=8))
