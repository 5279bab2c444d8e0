"""Who hears of what on the stream of live updates."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client

from comptoir.config.streaming.audience import Audience, Batch, Listener, Touched, audiences_now, listener_of
from comptoir.config.streaming.hub import Hub, Stream
from comptoir.config.streaming.record import News, Record, Seen, _grouped
from comptoir.conversations.models import Conversation
from comptoir.events.queue import newest_moment
from comptoir.events.record import record
from comptoir.people.models import Agent
from tests.factories import make_agent, make_conversation, make_team


def touched(pk: int, *, teams: tuple[int, ...] = (), agents: tuple[int, ...] = ()) -> Touched:
    return Touched(pk, frozenset(teams), frozenset(agents), frozenset({"message.received"}))


def heard(batch: Batch, audience: Audience) -> list[int]:
    return sorted(one.conversation_id for one in batch.seen_by(audience))


BATCH = [touched(1, teams=(10,)), touched(2, teams=(20,)), touched(3, teams=(20,), agents=(5,)), touched(4)]


def test_an_agent_hears_of_their_teams_and_of_what_is_theirs() -> None:
    assert heard(Batch(BATCH), Audience(5, False, frozenset({10}))) == [1, 3]


def test_an_agent_of_no_team_hears_of_nothing_that_is_not_theirs() -> None:
    assert heard(Batch(BATCH), Audience(6, False, frozenset())) == []


def test_whoever_sees_every_team_hears_of_everything() -> None:
    assert heard(Batch(BATCH), Audience(6, True, frozenset())) == [1, 2, 3, 4]


def test_two_agents_of_one_team_hear_apart_of_what_is_theirs() -> None:
    batch = Batch(BATCH)
    assert heard(batch, Audience(5, False, frozenset({10}))) == [1, 3]
    assert heard(batch, Audience(6, False, frozenset({10}))) == [1]


AGENT = Audience(6, False, frozenset())
EVERY_AND_SOME = [(5, frozenset[int]()), (6, frozenset({7}))]


def test_supervisors_of_some_brands_and_of_all_hear_each_of_theirs() -> None:
    every, some = (Stream(Listener(str(pk), Audience(pk, True, frozenset(), hidden))) for pk, hidden in EVERY_AND_SOME)
    for order in ([every, some], [some, every]):
        hub = Hub()
        hub.streams = dict.fromkeys(order)  # type: ignore[assignment]  # in this order
        hub._tell(1, Batch([Touched(1, frozenset(), frozenset(), frozenset({"message.received"}), account=7)]))
        assert '"ids":[1]' in every.take().decode()
        assert some.take() == b""


def test_those_who_had_a_conversation_hear_that_it_left() -> None:
    [one] = _grouped([(1, "conversation.team_changed", 7, {"former": 10, "former_assignee": 5}, 20, None, 1, None)])
    assert one.teams == {10, 20}
    assert one.agents == {5}


def cookie_of(agent: Agent) -> str:
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return f"comptoir_session={client.cookies['comptoir_session'].value}; other=1"


@pytest.mark.django_db
def test_a_session_names_its_agent() -> None:
    team = make_team()
    agent = make_agent(teams=[team])
    listener = listener_of(cookie_of(agent))
    assert listener is not None
    assert listener.audience == Audience(agent.pk, False, frozenset({team.pk}))


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "comptoir_session=", "comptoir_session=unknown", "\x00=;;", "a=b"])
def test_no_session_is_nobody(cookie: str) -> None:
    assert listener_of(cookie) is None


@pytest.mark.django_db
def test_an_agent_whose_access_was_closed_is_nobody() -> None:
    agent = make_agent()
    cookie = cookie_of(agent)
    Agent.objects.update(is_active=False)
    assert listener_of(cookie) is None


@pytest.mark.django_db
def test_rights_are_looked_up_again_while_one_listens() -> None:
    moved, left = make_agent(), make_agent()
    listeners = [listener_of(cookie_of(agent)) for agent in (moved, left)]
    assert listeners[0] is not None
    assert listeners[1] is not None
    team = make_team()
    moved.teams.add(team)
    SessionStore(listeners[1].session_key).flush()
    present = audiences_now({listeners[0], listeners[1]})
    assert present[listeners[0]] == Audience(moved.pk, False, frozenset({team.pk}))
    assert present[listeners[1]] is None


def told_to(seen: Seen) -> set[int]:
    """The conversations that a browser which knows of ``seen`` hears of when it begins to listen."""

    async def ask() -> set[int]:
        record = Record()
        found = {one.conversation_id for one in await record.since(seen)}
        assert record._asking is not None
        await record._asking.close()
        return found

    with ThreadPoolExecutor(max_workers=1) as apart:  # this thread may have a loop of the browser's
        return apart.submit(asyncio.run, ask()).result()


@contextmanager
def still_open(conversation: Conversation) -> Iterator[None]:
    """A transaction that has told of ``conversation`` and is open until the block is left."""
    has_told, may_end = threading.Event(), threading.Event()

    def tell() -> None:
        with transaction.atomic():
            record("conversation.tagged", subject=conversation)
            has_told.set()
            may_end.wait(30)
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as apart:
        ended = apart.submit(tell)
        has_told.wait(30)
        yield
        may_end.set()
        ended.result()


def news_of(last_id: int) -> News:
    """What the process that listens is told of the event."""

    async def ask() -> News:
        record = Record()
        news = await record._ranges([(last_id, last_id)])
        assert record._asking is not None
        await record._asking.close()
        return news

    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, ask()).result()


@pytest.mark.django_db(transaction=True)
def test_whoever_watches_is_told_of_colleagues_who_come_and_go() -> None:
    agent, conversation = make_agent(), make_conversation()
    gone, tagged = (
        record("agent.availability_changed", subject=agent),
        record("conversation.tagged", subject=conversation),
    )
    told = record("agent.password_set", subject=agent)
    assert news_of(gone.pk) == News([], colleagues_changed=True)
    assert (news_of(tagged.pk).colleagues_changed, news_of(told.pk).colleagues_changed) == (False, False)
    watches, serves = Stream(Listener("a", Audience(5, True, frozenset()))), Stream(Listener("b", AGENT))
    hub = Hub()
    hub.streams = {watches, serves}
    hub._tell_watchers()
    assert (watches.take(), serves.take()) == (b"event: colleagues\ndata: {}\n\n", b"")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_was_just_loaded_hears_of_nothing_again() -> None:
    record("conversation.tagged", subject=make_conversation())
    assert told_to(Seen(*newest_moment())) == set()


@pytest.mark.django_db(transaction=True)
def test_a_page_hears_of_what_was_written_before_it_and_appeared_after_it() -> None:
    earlier, late, meanwhile = make_conversation(), make_conversation(), make_conversation()
    record("conversation.tagged", subject=earlier)
    with still_open(late):
        record("conversation.tagged", subject=meanwhile)
        moment = newest_moment()
    told = told_to(Seen(*moment))
    assert late.pk in told
    assert earlier.pk not in told


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_comes_back_hears_a_little_again_and_misses_nothing() -> None:
    one = make_conversation()
    record("conversation.tagged", subject=one)
    assert told_to(Seen(newest_moment()[0])) == {one.pk}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("12-34", Seen(12, 34)),
        ("12", Seen(12)),
        ("", None),
        ("12-", None),
        ("-1", None),
        ("1-2-3", None),
        ("9" * 19, None),
    ],
)
def test_what_a_browser_knows_of_is_read_or_is_nothing(text: str, seen: Seen | None) -> None:
    assert Seen.read(text) == seen
