from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    Holder,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.messenger.connector import Messenger
from tests.connectors.meta import Meta, challenge, delivered, refusal, sent_json

FIXTURES = Path(__file__).parent / "fixtures"
PAGE = "104000000000001"
CREDENTIALS = {"client_id": "42", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "EAAG"}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="Nous regardons.",
    visibility="private",
    recipient=Author(id="7001"),
    thread_id="7001",
    customer_wrote_at=QUEUED - timedelta(hours=1),
)
PICTURE = OutgoingFile("a.png", "image/png", b"PNG")
BILL = OutgoingFile("facture.pdf", "application/pdf", b"PDF")


def messenger(meta: Meta) -> Messenger:
    return Messenger(CREDENTIALS, meta.client(), own_id=PAGE)


def accepted(mid: str) -> dict[str, str]:
    return {"recipient_id": "7001", "message_id": mid}


def test_an_answer_within_a_day_is_a_response():
    meta = Meta({"POST /me/messages": accepted("m_1")})
    sent = messenger(meta).send(ANSWER)
    assert (sent.external_id, sent.thread_id, sent.part_ids) == ("m_1", "7001", ())
    assert sent_json(meta.asked[0]) == {
        "recipient": {"id": "7001"},
        "messaging_type": "RESPONSE",
        "message": {"text": "Nous regardons."},
    }


@pytest.mark.parametrize("ago", [timedelta(hours=25), timedelta(days=7)])
def test_later_answers_are_those_of_a_person(ago):
    meta = Meta({"POST /me/messages": accepted("m_1")})
    messenger(meta).send(replace(ANSWER, customer_wrote_at=QUEUED - ago))
    body = sent_json(meta.asked[0])
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_after_seven_days_nothing_is_sent():
    with pytest.raises(PermanentError, match="they have to write first"):
        messenger(Meta({})).send(replace(ANSWER, customer_wrote_at=QUEUED - timedelta(days=7, seconds=1)))


def test_files_are_uploaded_first_and_follow_the_text_each_as_a_message():
    uploads = [{"attachment_id": "1"}, {"attachment_id": "2"}]
    sendings = [accepted("m_1"), accepted("m_2"), accepted("m_3")]
    meta = Meta({"POST /me/message_attachments": uploads, "POST /me/messages": sendings})
    sent = messenger(meta).send(replace(ANSWER, files=(PICTURE, BILL)))
    assert (sent.external_id, sent.part_ids) == ("m_1", ("m_2", "m_3"))
    assert meta.names() == ["POST /me/message_attachments"] * 2 + ["POST /me/messages"] * 3
    assert b'"type": "image"' in meta.asked[0].content
    assert b'filename="facture.pdf"' in meta.asked[1].content
    assert sent_json(meta.asked[4])["message"] == {"attachment": {"type": "file", "payload": {"attachment_id": "2"}}}


def test_a_refused_file_leaves_nothing_half_sent():
    meta = Meta({"POST /me/message_attachments": refusal(100, 2018047, said="Upload attachment failure.")})
    with pytest.raises(PermanentError, match="Upload attachment failure"):
        messenger(meta).send(replace(ANSWER, files=(PICTURE,)))
    assert "POST /me/messages" not in meta.names()


def test_what_was_cut_after_a_part_is_put_to_a_person():
    answers = {"POST /me/message_attachments": {"attachment_id": "1"}}
    meta = Meta({**answers, "POST /me/messages": [accepted("m_1"), refusal(4)]})
    with pytest.raises(PermanentError, match="Only 1 of the 2 messages"):
        messenger(meta).send(replace(ANSWER, files=(PICTURE,)))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(190, 460, 401), AuthError),
        (refusal(613), TransientError),
        (refusal(1200), TransientError),
        (refusal(10, 2018278), PermanentError),
        (refusal(551, 1545041), PermanentError),
        (refusal(100, 2018001), PermanentError),
        (refusal(2, status=500), UncertainError),
        (httpx.ReadError("cut"), UncertainError),
        (httpx.ConnectError("away"), TransientError),
        ({"recipient_id": "7001"}, UncertainError),
    ],
)
def test_what_the_network_answers_says_what_may_be_done_next(answer, error):
    with pytest.raises(error):
        messenger(Meta({"POST /me/messages": answer})).send(ANSWER)


def listed(*messages: dict[str, object]) -> dict[str, object]:
    return {"data": [{"id": "t_1", "messages": {"data": list(messages)}}]}


def message(mid: str, words: str, time: str = "08:15:05", author: str = PAGE, **more: object) -> dict[str, object]:
    return {"id": mid, "message": words, "created_time": f"2026-03-02T{time}+0000", "from": {"id": author}, **more}


def test_a_message_that_arrived_is_found_by_its_author_words_and_time():
    others = [message("m_1", "Nous regardons.", "07:00:00"), message("m_2", "Nous regardons.", author="7001")]
    meta = Meta({"GET /me/conversations": [listed(message("m_3", "Nous  regardons."), *others), listed(*others)]})
    found = messenger(meta).find_sent(ANSWER)
    assert found is not None
    assert found.external_id == "m_3"
    assert meta.asked[0].url.params["user_id"] == "7001"
    assert messenger(meta).find_sent(ANSWER) is None


def test_a_reply_that_arrived_in_part_is_uncertain():
    meta = Meta({"GET /me/conversations": listed(message("m_3", "Nous regardons."))})
    with pytest.raises(UncertainError, match="part of this reply"):
        messenger(meta).find_sent(replace(ANSWER, files=(PICTURE,)))


def test_a_reply_with_its_file_is_found_whole():
    file = message("m_4", "", attachments={"data": [{"id": "1"}]})
    meta = Meta({"GET /me/conversations": listed(file, message("m_3", "Nous regardons."))})
    found = messenger(meta).find_sent(replace(ANSWER, files=(PICTURE,)))
    assert found is not None
    assert (found.external_id, found.part_ids) == ("m_3", ("m_4",))


def test_typing_and_reading_are_shown():
    meta = Meta({"POST /me/messages": {"recipient_id": "7001"}})
    messenger(meta).signal(Author(id="7001"), "typing", thread_id=None)
    messenger(meta).signal(Author(id="7001"), "read", thread_id=None)
    assert [sent_json(one)["sender_action"] for one in meta.asked] == ["typing_on", "mark_seen"]


def test_history_reads_conversations_back_to_an_instant_and_goes_on_where_it_rested():
    def talk(name: str, updated: str, **messages: object) -> dict[str, object]:
        people = {"data": [{"id": "7001", "name": "Léa Martin"}, {"id": PAGE}]}
        return {"id": name, "updated_time": updated, "participants": people, "messages": messages}

    more, following = (
        f"https://graph.facebook.com/v23.0/{path}" for path in ("t_1/messages?after=m", "me/talks?after=t")
    )
    first = talk("t_1", "2026-03-02T09:00:00+0000", data=[message("m_9", "b")], paging={"next": more})
    second = talk("t_2", "2026-01-02T09:00:00+0000", data=[message("m_1", "c", author="7001")])
    meta = Meta(
        {
            "GET /me/conversations": {"data": [first], "paging": {"next": following}},
            "GET /t_1/messages": {"data": [message("m_8", "a", "06:00:00", "7001")]},
            "GET /me/talks": {"data": [second]},
        }
    )
    account, since = messenger(meta), datetime(2026, 2, 1, tzinfo=UTC)
    pages = list(account.history(since, {}))
    events = [event for page in pages for one in page.deliveries for event in account.parse(one)]
    assert [(event.external_id, event.direction, event.thread_id) for event in events] == [
        ("m_8", "incoming", "7001"),
        ("m_9", "outgoing", "7001"),
    ]
    assert pages[1].cursor == {"next": following}
    assert pages[-1].cursor == {"done": True}
    assert list(account.history(since, {"done": True})) == []
    resumed = list(account.history(since, pages[1].cursor))
    assert [page.cursor for page in resumed] == [{"done": True}]


def test_people_are_told_apart_page_by_page():
    body = {"entry": [{"id": PAGE, "messaging": [{"sender": {"id": "7001"}, "recipient": {"id": PAGE}, "message": {"mid": "m", "text": "x"}}]}]}  # fmt: skip # noqa: E501
    (event,) = messenger(Meta({})).parse(Delivery(json.dumps(body).encode()))
    assert (event.event, event.scope) == (EventKind.MESSAGE, PAGE)


def test_an_echo_names_whom_it_went_to():
    body = {"sender": {"id": PAGE}, "recipient": {"id": "7001"}, "message": {"mid": "m", "text": "x", "is_echo": True}}
    (event,) = messenger(Meta({})).parse(Delivery(json.dumps(body).encode()))
    assert event.counterpart == Author(id="7001")
    assert event.scope == PAGE


def test_arrivals_by_link_and_opt_ins_ask_for_no_answer():
    body = {"sender": {"id": "7001"}, "recipient": {"id": PAGE}, "referral": {"ref": "vitrine", "source": "SHORTLINK"}}
    (event,) = messenger(Meta({})).parse(Delivery(json.dumps(body).encode()))
    assert event.automatic
    assert event.custom == {"referral": {"ref": "vitrine", "source": "SHORTLINK"}}


def test_a_delivery_is_verified_and_a_challenge_answered():
    account = messenger(Meta({}))
    account.verify(delivered(b"{}"))
    answer = account.challenge(challenge("phrase"))
    assert answer is not None
    assert answer.body == b"1158201444"


def test_a_customer_is_named_by_their_profile():
    told = {"first_name": "Léa", "last_name": "Martin", "profile_pic": "https://scontent.example/p.jpg", "id": "7001"}
    meta = Meta({"GET /7001": told})
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="7001"))
    assert messenger(meta).lacks(event) == ["person"]
    completed = messenger(meta).completed(event, ["person"])
    assert completed.author == Author("7001", None, "Léa Martin", "https://scontent.example/p.jpg")
    assert meta.asked[0].url.params["fields"] == "first_name,last_name,profile_pic"


def test_choices_are_quick_replies_of_the_last_message():
    meta = Meta(
        {
            "POST /me/messages": [accepted("m_1"), accepted("m_2")],
            "POST /me/message_attachments": {"attachment_id": "1"},
        }
    )
    messenger(meta).send(replace(ANSWER, files=(PICTURE,), choices=("Oui", "Non")))
    first, second = (sent_json(one)["message"] for one in meta.asked if one.url.path.endswith("/messages"))
    assert "quick_replies" not in first
    assert second["quick_replies"] == [
        {"content_type": "text", "title": "Oui", "payload": "Oui"},
        {"content_type": "text", "title": "Non", "payload": "Non"},
    ]


# --- an exchange that another app may hold --------------------------------------------------------------------------


def test_an_exchange_is_passed_to_the_other_app_and_taken_back():
    meta = Meta({"POST /me/pass_thread_control": {"success": True}, "POST /me/take_thread_control": {"success": True}})
    messenger(meta).pass_thread(Author(id="7001"))
    messenger(meta).take_thread(Author(id="7001"))
    passed, taken = (sent_json(one) for one in meta.asked)
    assert passed == {"recipient": {"id": "7001"}, "target_app_id": "263902037430900"}
    assert taken == {"recipient": {"id": "7001"}}


def test_the_other_app_is_the_one_that_was_named():
    meta = Meta({"POST /me/pass_thread_control": {"success": True}})
    Messenger({**CREDENTIALS, "other_app": "4711"}, meta.client(), own_id=PAGE).pass_thread(Author(id="7001"))
    assert sent_json(meta.asked[0])["target_app_id"] == "4711"
    with pytest.raises(PermanentError, match="number"):
        Messenger({**CREDENTIALS, "other_app": "mon robot"}, meta.client(), own_id=PAGE).pass_thread(Author(id="7001"))


def test_an_answer_to_an_exchange_that_another_app_holds_says_so():
    meta = Meta({"POST /me/messages": refusal(10, 2018300)})
    with pytest.raises(PermanentError, match="take it back"):
        messenger(meta).send(ANSWER)


APP = "5150"


def holder(item: dict[str, object], *, standby: bool = False, own_app: str = APP) -> Holder | None:
    """Who holds the exchange, by one item of a delivery."""
    people = {"sender": {"id": "7001"}, "recipient": {"id": PAGE}, "timestamp": 1772439302000}
    key = "standby" if standby else "messaging"
    body = json.dumps({"object": "page", "entry": [{"id": PAGE, "time": 1, key: [{**people, **item}]}]}).encode()
    connector = Messenger({**CREDENTIALS, "client_id": own_app}, Meta({}).client(), own_id=PAGE)
    (event,) = connector.parse(Delivery(body))
    assert event.thread_id == "7001"
    return event.holder


def test_control_that_is_passed_to_us_or_taken_from_us_says_who_holds_the_exchange():
    ours, inbox = {"new_owner_app_id": APP}, {"new_owner_app_id": 263902037430900}
    assert holder({"pass_thread_control": ours}) == Holder(is_ours=True)
    assert holder({"take_thread_control": inbox}) == Holder(is_ours=False, application="Meta Business Suite")
    assert holder({"pass_thread_control": {"new_owner_app_id": "4711"}}) == Holder(is_ours=False, application="4711")


def test_where_our_app_is_not_known_what_is_passed_is_ours_and_what_is_taken_is_not():
    assert holder({"pass_thread_control": {"new_owner_app_id": "1"}}, own_app="") == Holder(is_ours=True)
    assert holder({"take_thread_control": {}}, own_app="") == Holder(is_ours=False)


def test_what_we_hear_standing_by_is_held_by_another():
    assert holder({"message": {"mid": "m", "text": "Bonjour"}}, standby=True) == Holder(is_ours=False)


def test_a_customers_message_to_us_implies_that_we_hold_it():
    assert holder({"message": {"mid": "m", "text": "Bonjour"}}) == Holder(is_ours=True, is_implied=True)
    assert holder({"read": {"watermark": 1}}) is None


def test_another_app_that_asks_for_an_exchange_is_named():
    asked = {"request_thread_control": {"requested_owner_app_id": 4711, "metadata": "commande 12"}}
    assert holder(asked) == Holder(is_ours=True, is_implied=True, asked_by="4711")
    assert holder({"request_thread_control": {"requested_owner_app_id": APP}}) is None


def test_an_exchange_that_is_asked_for_is_passed_to_the_app_that_asks():
    meta = Meta({"POST /me/pass_thread_control": {"success": True}})
    for asked_by in ("4711", "Meta Business Suite"):
        messenger(meta).pass_thread(Author(id="7001"), asked_by=asked_by)
    assert [sent_json(one)["target_app_id"] for one in meta.asked] == ["4711", "263902037430900"]


def test_stars_alone_ask_for_no_answer():
    told = Delivery((FIXTURES / "feedback.json").read_bytes())
    assert [event.automatic for event in messenger(Meta({})).parse(told)] == [False, True]


@pytest.mark.parametrize("is_unsupported", [True, False])
def test_what_meta_does_not_hand_out_is_unreadable(is_unsupported: bool):
    item = {"sender": {"id": "7001"}, "recipient": {"id": PAGE}, "timestamp": 1772439302000}
    item["message"] = {
        "mid": "m_1",
        "is_unsupported": is_unsupported,
        **({} if is_unsupported else {"text": "Bonjour"}),
    }
    (event,) = messenger(Meta({})).parse(Delivery(json.dumps(item).encode()))
    assert (event.event, event.is_unreadable) == ("message", is_unsupported)


def test_two_ratings_of_one_moment_are_two():
    told = (FIXTURES / "feedback.json").read_bytes()
    kept = [event.custom["surrogate_id"] for event in messenger(Meta({})).parse(Delivery(told))]
    assert len(set(kept)) == 2
