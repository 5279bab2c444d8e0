"""The exchange: its windows, its thread, what is marked in it, and who may read what of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from comptoir.conversations.models import Attachment, Conversation, FormerText, Message, Note, ReadMark
from comptoir.core.clock import now
from comptoir.delivery.models import Moderation
from comptoir.intake.models import ContextPost
from comptoir.web.exposing import exposed_in
from comptoir.web.queries.exchange import exchange_window
from comptoir.web.queries.holdings import holdings
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.thread import PAGE, comments_around, thread_page
from comptoir.web.queries.windows import Place
from comptoir.web.templatetags.exchange import is_only_emoji
from tests.factories import make_account, make_conversation, make_identity, make_incoming, make_outgoing, make_team
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


@pytest.fixture
def thread(counter: Counter) -> Conversation:
    """A public exchange under a post of ours, with two other people's beside it."""
    fields = {"account": counter.account, "thread_id": "ours-1", "is_public": True}
    ContextPost.objects.create(
        account=counter.account, external_id="ours-1", thread_id="ours-1", is_ours=True, sent_at=now(), text="Soldes"
    )
    one = make_conversation(**fields)
    make_incoming(one, text="La mienne clignote", parent_external_id="ours-1")
    for name in ("Léa", "Oskar"):
        other = make_conversation(**fields, identity=make_identity(name=name))
        make_incoming(other, text=f"{name} demande", external_id=f"said-{name}")
    return one


def page_of(counter: Counter, conversation: Conversation, who: str = "agent", query: str = "") -> str:
    return client_of(counter.people[who]).get(f"/conversations/{conversation.pk}/{query}").content.decode()


def long_exchange(counter: Counter, count: int) -> list[Message]:
    one = make_conversation(account=counter.account)
    start = now() - timedelta(days=1)
    return [make_incoming(one, text=f"n° {place}", sent_at=start + timedelta(minutes=place)) for place in range(count)]


def shown(messages: list[Message], place: Place) -> list[int]:
    window = exchange_window(messages[0].conversation, place)
    return [messages.index(item.message) for item in window.items if item.message]


def position(message: Message) -> Position:
    return Position(message.sent_at, message.pk)


def test_a_window_around_a_message_has_it_in_its_middle_and_says_what_is_beyond(counter: Counter) -> None:
    messages = long_exchange(counter, 120)
    window = exchange_window(messages[0].conversation, Place(around=position(messages[60])))
    assert shown(messages, Place(around=position(messages[60]))) == list(range(46, 76))
    assert (window.before, window.after) == (position(messages[46]), position(messages[75]))


def test_windows_before_and_after_go_on_where_this_one_ends(counter: Counter) -> None:
    messages = long_exchange(counter, 120)
    assert shown(messages, Place(before=position(messages[46]))) == list(range(16, 46))
    assert shown(messages, Place(after=position(messages[75]))) == list(range(76, 106))


def test_messages_of_one_instant_are_each_shown_once(counter: Counter) -> None:
    messages = long_exchange(counter, 60)
    Message.objects.filter(conversation=messages[0].conversation).update(sent_at=now())
    for one in messages:
        one.refresh_from_db()
    last = exchange_window(messages[0].conversation)
    assert last.before is not None
    assert shown(messages, Place()) == list(range(30, 60))
    assert shown(messages, Place(before=last.before)) == list(range(30))


def test_a_page_that_ends_early_is_refreshed_up_to_its_end_only(counter: Counter) -> None:
    messages = long_exchange(counter, 60)
    place = Place(since=position(messages[10]), until=position(messages[20]))
    assert shown(messages, place) == list(range(10, 21))
    assert exchange_window(messages[0].conversation, place).after == position(messages[20])


def test_a_note_of_the_gap_between_two_windows_is_in_one_of_them(counter: Counter) -> None:
    messages = long_exchange(counter, 120)
    one = messages[0].conversation
    note = Note.objects.create(conversation=one, text="Entre deux")
    Note.objects.update(created_at=messages[75].sent_at + timedelta(seconds=30))
    windows = [Place(around=position(messages[60])), Place(after=position(messages[75]))]
    found = [[item.note for item in exchange_window(one, place).items if item.note] for place in windows]
    assert [note] in found
    assert sum(len(notes) for notes in found) == 1


def test_an_address_leads_to_the_window_around_its_message(counter: Counter) -> None:
    messages = long_exchange(counter, 120)
    pk = messages[0].conversation_id
    client = client_of(counter.people["agent"])
    page = client.get(f"/conversations/{pk}/exchange/?around=message-{messages[40].pk}").content.decode()
    assert f'id="message-{messages[40].pk}"' in page
    assert 'id="later"' in page
    assert client.get(f"/conversations/{pk}/exchange/?around=message-{counter.incoming.pk}").status_code == 404
    assert client.get(f"/conversations/{pk}/exchange/?around=person-1").status_code == 404


def test_what_came_since_the_last_visit_begins_with_a_line(counter: Counter) -> None:
    messages = long_exchange(counter, 6)
    one = messages[0].conversation
    ReadMark.objects.create(conversation=one, agent=counter.people["agent"], read_up_to=messages[2].sent_at)
    page = page_of(counter, one)
    assert page.index(f'id="message-{messages[2].pk}"') < page.index('id="unread"')
    assert page.index('id="unread"') < page.index(f'id="message-{messages[3].pk}"')
    assert 'id="unread"' not in page_of(counter, one)


def test_a_first_visit_has_no_such_line(counter: Counter) -> None:
    assert 'id="unread"' not in page_of(counter, long_exchange(counter, 2)[0].conversation)


def test_where_reading_stopped_is_marked_in_the_earlier_window_that_has_it(counter: Counter) -> None:
    messages = long_exchange(counter, 80)
    one = messages[0].conversation
    stopped = messages[9].sent_at
    ReadMark.objects.create(conversation=one, agent=counter.people["agent"], read_up_to=stopped)
    assert 'id="unread"' not in page_of(counter, one)
    asked = f"exchange/?before={quote(str(position(messages[30])))}&came_to={quote(stopped.isoformat())}"
    assert 'id="unread"' in page_of(counter, one, query=asked)


def test_a_page_that_nobody_looks_at_reads_nothing(counter: Counter) -> None:
    message = make_incoming(counter.conversation)
    since = quote(str(position(counter.incoming)))
    page_of(counter, counter.conversation, query=f"exchange/?since={since}&unseen=1")
    assert not ReadMark.objects.exists()
    page_of(counter, counter.conversation, query=f"exchange/?since={since}")
    assert ReadMark.objects.get().read_up_to >= message.sent_at


def test_what_an_edited_message_said_before_can_be_unfolded(counter: Counter) -> None:
    Message.objects.filter(pk=counter.incoming.pk).update(edited_at=now())
    FormerText.objects.create(message=counter.incoming, text="<b>Avant</b>", replaced_at=now())
    assert "&lt;b&gt;Avant&lt;/b&gt;" in page_of(counter, counter.conversation)


def test_a_reply_that_is_tried_again_says_when_and_why(counter: Counter) -> None:
    later = now() + timedelta(hours=1)
    make_outgoing(counter.conversation, state="queued", send_after=later, failure="Today’s quota is used up.")
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "Today’s quota is used up." in page


def test_the_other_comments_of_a_thread_are_counted_and_shown_by_time(counter: Counter, thread: Conversation) -> None:
    ContextPost.objects.create(
        account=counter.account, external_id="p2", thread_id="ours-1", sent_at=now(), text="Un passant dit"
    )
    agent = counter.people["agent"]
    assert comments_around(thread, agent, holdings(thread, agent)) == 3
    page = page_of(counter, thread, query="thread/")
    assert page.index("Léa demande") < page.index("Oskar demande") < page.index("Un passant dit")
    assert "La mienne clignote" not in page


def test_a_colleague_of_another_team_is_not_shown_what_they_may_not_read(
    counter: Counter, thread: Conversation
) -> None:
    lea = Conversation.objects.get(identity__name="Léa")
    Conversation.objects.filter(pk=lea.pk).update(team=make_team())
    assert "Léa demande" not in page_of(counter, thread, query="thread/")
    assert "Léa demande" in page_of(counter, thread, "supervisor", "thread/")


def test_what_is_private_or_deleted_in_another_exchange_is_not_shown_around(
    counter: Counter, thread: Conversation
) -> None:
    lea, oskar = (Conversation.objects.get(identity__name=name) for name in ("Léa", "Oskar"))
    make_outgoing(lea, text="Entre nous", visibility="private")
    make_outgoing(lea, text="Pas encore parti", state="queued", external_id=None)
    oskar.messages.update(deleted_at=now())
    assert [one.text for one in thread_page(thread, counter.people["agent"]).comments] == ["Léa demande"]


def test_a_long_thread_is_read_a_page_at_a_time_and_each_comment_once(counter: Counter, thread: Conversation) -> None:
    other = Conversation.objects.get(identity__name="Léa")
    for place in range(25):
        make_incoming(other, text=f"n° {place}", sent_at=other.started_at)
    first = thread_page(thread, counter.people["agent"])
    assert first.after is not None
    second = thread_page(thread, counter.people["agent"], after=first.after)
    ids = [one.message_id for one in (*first.comments, *second.comments)]
    assert (len(first.comments), len(ids), len(set(ids)), second.after) == (PAGE, 27, 27, None)


def test_a_reply_to_somebody_else_says_to_whom_unless_that_may_not_be_read(
    counter: Counter, thread: Conversation
) -> None:
    make_incoming(thread, text="Moi aussi", parent_external_id="said-Léa")
    assert "Léa demande" in page_of(counter, thread)
    Conversation.objects.filter(identity__name="Léa").update(team=make_team())
    assert "Léa demande" not in page_of(counter, thread)


def test_personal_data_that_a_customer_published_is_marked_and_can_be_hidden(
    counter: Counter, thread: Conversation
) -> None:
    message = make_incoming(thread, text="Appelez le 06 12 34 56 78 <b>vite</b>")
    page = page_of(counter, thread)
    assert "<mark>06 12 34 56 78</mark>" in page
    assert "&lt;b&gt;vite&lt;/b&gt;" in page
    assert page.count(f"/messages/{message.pk}/ask/hide/") > 0
    assert f"/messages/{message.pk}/ask/hide/" not in page_of(counter, thread, "reader")


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"deleted_at": now()}, {"hidden_at": now()}])
def test_what_the_public_does_not_see_is_not_marked(thread: Conversation, fields: dict[str, object]) -> None:
    assert exposed_in(make_incoming(thread, text="06 12 34 56 78", **fields)) is None


def test_hiding_is_asked_for_from_the_screen_and_its_refusal_is_shown(counter: Counter, thread: Conversation) -> None:
    message = make_incoming(thread, text="06 12 34 56 78")
    client = client_of(counter.people["agent"])
    assert client.post(f"/messages/{message.pk}/ask/hide/", headers=htmx()).status_code == 204
    moderation = Moderation.objects.get()
    assert (moderation.act, moderation.agent) == ("hide", counter.people["agent"])
    Moderation.objects.update(outcome="refused", reason="The network refused it (400).")
    assert "Le réseau l’a refusée (400)." in page_of(counter, thread)


def test_somebody_elses_message_is_not_moderated_by_guessing_its_number(counter: Counter) -> None:
    hidden = make_incoming(make_conversation(account=make_account(team=make_team())))
    client = client_of(counter.people["agent"])
    assert client.post(f"/messages/{hidden.pk}/ask/hide/", headers=htmx()).status_code == 404


@pytest.mark.parametrize(
    "fields", [{"kind": "call", "call_state": "missed"}, {"kind": "review", "rating_value": 3, "rating_best": 5}]
)
def test_a_call_or_stars_alone_say_enough(counter: Counter, thread: Conversation, fields: dict[str, object]) -> None:
    make_incoming(thread, text="", **fields)
    assert 'class="gone"' not in page_of(counter, thread)


def test_a_call_that_has_ended_asks_for_a_note_of_what_was_agreed(counter: Counter, thread: Conversation) -> None:
    make_incoming(thread, text="", kind="call", call_state="ended")
    assert 'class="wrap-up"' in page_of(counter, thread)
    assert 'class="wrap-up"' not in page_of(counter, thread, who="director")


def test_a_player_is_given_the_part_of_a_file_it_asks_for(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    answer = client.get(f"/attachments/{counter.attachment.pk}/", headers={"Range": "bytes=3-4"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, "bytes 3-4/7")
    assert b"".join(answer.streaming_content) == b"jo"  # type: ignore[attr-defined]  # a streaming response
    beyond = client.get(f"/attachments/{counter.attachment.pk}/", headers={"Range": "bytes=99-"})
    assert b"".join(beyond.streaming_content) == b"bonjour"  # type: ignore[attr-defined]  # as above


def test_a_document_may_be_framed_by_our_pages_only(counter: Counter) -> None:
    Attachment.objects.filter(pk=counter.attachment.pk).update(mime_type="application/pdf")
    answer = client_of(counter.people["agent"]).get(f"/attachments/{counter.attachment.pk}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_pictures_that_are_left_out_of_an_original_are_counted(counter: Counter) -> None:
    html = '<img src="https://spy.example/1.gif"><img src="cid:a"><img src="http://spy.example/2.gif">'
    Message.objects.filter(pk=counter.incoming.pk).update(html=html)
    client = client_of(counter.people["agent"])
    address = f"/messages/{counter.incoming.pk}/original/"
    assert client.head(address).headers["X-Pictures-Left-Out"] == "2"
    assert client.get(f"{address}?pictures").headers["X-Pictures-Left-Out"] == "0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("😡😡", True), ("👩‍👩‍👧", True), ("❤️", True), ("Merci 😊", False), ("12", False), ("", False), ("。。", False)],
)
def test_a_few_emoji_alone_are_told_from_words(text: str, expected: bool) -> None:
    assert is_only_emoji(text) is expected


@pytest.mark.parametrize(
    ("kind", "source_url", "shown"),
    [
        ("location", "geo:48.8566,2.3522", "https://www.openstreetmap.org/?mlat=48.8566&amp;mlon=2.3522#map=17/48.8566/2.3522"),
        ("contact", "tel:+33699887766", "tel:+33699887766"),
        ("link", "https://shop.example/brume", "https://shop.example/brume"),
    ],
)  # fmt: skip
def test_what_a_message_points_to_is_opened(counter: Counter, kind: str, source_url: str, shown: str) -> None:
    message = make_incoming(counter.conversation)
    Attachment.objects.create(message=message, kind=kind, state="linked", source_url=source_url)
    assert f'href="{shown}"' in page_of(counter, counter.conversation)


@pytest.mark.parametrize("source_url", ["geo:javascript:alert(1),2", "tel:javascript:1", "javascript:alert(1)"])
def test_an_address_that_is_none_is_not_opened(counter: Counter, source_url: str) -> None:
    message = make_incoming(counter.conversation)
    Attachment.objects.create(message=message, kind="location", state="linked", name="Ici", source_url=source_url)
    page = page_of(counter, counter.conversation)
    assert "Ici" in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    ("role", "said"), [("reply", "En réponse à notre story"), ("mention", "Nous mentionne dans une story")]
)
def test_what_a_message_has_to_do_with_a_story_is_said(counter: Counter, role: str, said: str) -> None:
    make_incoming(counter.conversation, text="", custom={"story": role})
    assert said in page_of(counter, counter.conversation)
