"""Matters: what one customer wants solved, wherever they speak of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError

from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation, JoinedConversation, Matter, Message
from comptoir.core.clock import at_instant, now
from comptoir.desk.matters import (
    change_matter,
    join_conversation,
    open_matter,
    part_conversation,
    reopen_matter,
    resolve_matter,
)
from comptoir.desk.merging import merge_conversations, unmerge_conversation
from comptoir.desk.refusals import (
    BeyondReachError,
    JoinedAlreadyError,
    MatterResolvedError,
    NotRepliedError,
    TwoPeopleError,
    UntitledError,
)
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team
from comptoir.sla.actions import record_breaches, start_clocks
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.desk.racing import at_once
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def service() -> Team:
    return make_team(name="Service")


@pytest.fixture
def awa(service: Team) -> Agent:
    return make_agent(name="Awa Diop", teams=[service])


@pytest.fixture
def nadia() -> Contact:
    return make_identity(name="Nadia Benali").contact


def spoken(nadia: Contact, team: Team, *, days_ago: int = 0, is_public: bool = False) -> Conversation:
    """A conversation of hers in which she waits."""
    identity = make_identity(contact=nadia, name="Nadia Benali")
    begun = now() - days_ago * DAY
    made = make_conversation(
        account=make_account(team=team), identity=identity, contact=nadia, team=team, is_public=is_public,
        started_at=begun, waiting_since=begun,
    )  # fmt: skip
    make_incoming(made, text="Et alors ?", sent_at=begun)
    return made


@pytest.fixture
def both(nadia: Contact, service: Team, fake_network: FakeNetwork) -> list[Conversation]:
    return [spoken(nadia, service, days_ago=2), spoken(nadia, service, is_public=True)]


@pytest.fixture
def matter(both: list[Conversation], awa: Agent) -> Matter:
    return open_matter([one.pk for one in both], title="  Cafetière  en panne ", by=awa)


def promise_resolution(days: int = 5) -> None:
    SLAPolicy.objects.create(promise="resolution", target=days * DAY, position=50)


def test_it_joins_conversations_under_a_name_with_one_owner(
    matter: Matter, both: list[Conversation], awa: Agent
) -> None:
    assert (matter.title, matter.owner) == ("Cafetière en panne", awa)
    assert set(matter.conversations.all()) == set(both)


def test_it_is_one_persons(both: list[Conversation], awa: Agent) -> None:
    with pytest.raises(TwoPeopleError):
        open_matter([both[0].pk, make_conversation().pk], title="Panne", by=awa)
    assert not Matter.objects.exists()


def test_it_has_a_name(both: list[Conversation], awa: Agent) -> None:
    with pytest.raises(UntitledError):
        open_matter([both[0].pk], title=" \x00", by=awa)


def test_a_conversation_is_part_of_one_matter(matter: Matter, both: list[Conversation], awa: Agent) -> None:
    with pytest.raises(JoinedAlreadyError, match="Cafetière en panne"):
        open_matter([both[0].pk], title="Autre chose", by=awa)
    joined = JoinedConversation.objects.first()
    assert joined is not None
    joined.pk = None
    with pytest.raises(IntegrityError):
        joined.save(force_insert=True)


def test_another_persons_conversation_does_not_join(matter: Matter, awa: Agent) -> None:
    with pytest.raises(TwoPeopleError):
        join_conversation(matter.pk, conversation_id=make_conversation().pk, by=awa)


# --- one promise --------------------------------------------------------------------------------------------------


def test_its_promise_runs_since_the_first_conversation_began(
    nadia: Contact, service: Team, both: list[Conversation], awa: Agent
) -> None:
    promise_resolution()
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    assert SLAClock.objects.get(matter=matter).due_at == both[0].started_at + 5 * DAY


def test_the_conversations_own_resolutions_are_the_matters_from_then_on(both: list[Conversation], awa: Agent) -> None:
    promise_resolution()
    start_clocks({one.pk: one.started_at for one in both})
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    start_clocks({one.pk: now() for one in both})
    running = SLAClock.objects.filter(promise="resolution", stopped_at=None)
    assert [clock.matter for clock in running] == [matter]


def test_taken_out_a_conversation_has_its_own_promise_again(both: list[Conversation], awa: Agent) -> None:
    promise_resolution()
    start_clocks({one.pk: one.started_at for one in both})
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    part_conversation(matter.pk, conversation_id=both[1].pk, by=awa)
    clock = SLAClock.objects.get(promise="resolution", stopped_at=None, conversation=both[1])
    assert clock.due_at == both[1].started_at + 5 * DAY
    assert list(matter.conversations.all()) == [both[0]]


def test_a_matter_that_is_late_is_broken_once(both: list[Conversation], awa: Agent) -> None:
    promise_resolution(days=1)
    open_matter([one.pk for one in both], title="Panne", by=awa)
    assert (record_breaches(), record_breaches()) == (1, 0)


def test_reopened_its_promise_runs_on_without_the_time_in_between(both: list[Conversation], awa: Agent) -> None:
    promise_resolution()
    matter = open_matter([one.pk for one in both], title="Panne", by=awa)
    due = SLAClock.objects.get(matter=matter).due_at
    resolve_matter(matter.pk, resolution="", by=awa)
    with at_instant(now() + DAY):
        reopen_matter(matter.pk, by=awa)
    clock = SLAClock.objects.get(matter=matter)
    assert clock.stopped_at is None
    assert timedelta(hours=23) < clock.due_at - due < timedelta(hours=25)


# --- one resolution -----------------------------------------------------------------------------------------------


def test_resolving_it_resolves_all_of_it(matter: Matter, awa: Agent) -> None:
    resolve_matter(matter.pk, resolution="Pompe échangée.", by=awa)
    matter.refresh_from_db()
    assert (matter.status, matter.resolution) == ("resolved", "Pompe échangée.")
    assert set(Conversation.objects.values_list("status", flat=True)) == {"resolved"}
    assert not Message.objects.outgoing().exists()


def test_it_says_so_where_that_is_wanted_as_publicly_as_the_conversation_is(
    matter: Matter, both: list[Conversation], awa: Agent
) -> None:
    resolve_matter(matter.pk, resolution="", text="C’est réglé.", tell=[one.pk for one in both], by=awa)
    said = Message.objects.outgoing().values_list("conversation", "visibility", "text")
    assert set(said) == {(both[0].pk, "private", "C’est réglé."), (both[1].pk, "public", "C’est réglé.")}


def test_only_where_it_is_wanted(matter: Matter, both: list[Conversation], awa: Agent) -> None:
    stranger = make_conversation()
    resolve_matter(matter.pk, resolution="", text="C’est réglé.", tell=[both[0].pk, stranger.pk], by=awa)
    assert [one.conversation for one in Message.objects.outgoing()] == [both[0]]
    stranger.refresh_from_db()
    assert stranger.status == "open"


def test_where_one_reply_cannot_be_sent_nothing_is_done(matter: Matter, both: list[Conversation], awa: Agent) -> None:
    words = "C’est réglé, je vous appelle au 06 12 34 56 78."
    with pytest.raises(NotRepliedError, match=both[1].account.name) as refused:
        resolve_matter(matter.pk, resolution="", text=words, tell=[one.pk for one in both], by=awa)
    assert "confirm" not in str(refused.value)  # here nothing is there to confirm it by
    matter.refresh_from_db()
    assert matter.is_open
    assert not Message.objects.outgoing().exists()
    assert set(Conversation.objects.values_list("status", flat=True)) == {"open"}


def test_another_teams_conversation_is_not_resolved_over_their_heads(
    nadia: Contact, matter: Matter, awa: Agent
) -> None:
    theirs = spoken(nadia, make_team())
    join_conversation(matter.pk, conversation_id=theirs.pk, by=make_agent(role="supervisor"))
    with pytest.raises(BeyondReachError):
        resolve_matter(matter.pk, resolution="", by=awa)
    resolve_matter(matter.pk, resolution="", by=make_agent(role="supervisor"))
    theirs.refresh_from_db()
    assert theirs.status == "resolved"


def test_resolved_it_is_changed_no_more(matter: Matter, both: list[Conversation], awa: Agent) -> None:
    resolve_matter(matter.pk, resolution="", by=awa)
    for act in (
        lambda: resolve_matter(matter.pk, resolution="", by=awa),
        lambda: change_matter(matter.pk, title="Autre", owner=None, by=awa),
        lambda: part_conversation(matter.pk, conversation_id=both[0].pk, by=awa),
    ):
        with pytest.raises(MatterResolvedError):
            act()


def test_without_a_conversation_nothing_is_left_to_be_done(
    matter: Matter, both: list[Conversation], awa: Agent
) -> None:
    for one in both:
        part_conversation(matter.pk, conversation_id=one.pk, by=awa)
    matter.refresh_from_db()
    assert not matter.is_open


def test_the_record_tells_all_of_it(matter: Matter, both: list[Conversation], awa: Agent) -> None:
    change_matter(matter.pk, title="Panne", owner=None, by=awa)
    change_matter(matter.pk, title="Panne", owner=None, by=awa)
    resolve_matter(matter.pk, resolution="Échange", by=awa)
    told = Event.objects.filter(subject_kind="matter").order_by("id").values_list("name", flat=True)
    assert list(told) == ["matter.opened", "matter.joined", "matter.joined", "matter.changed", "matter.resolved"]


def test_merged_away_a_conversation_leaves_its_place_to_the_one_that_is_kept(
    nadia: Contact, service: Team, awa: Agent, fake_network: FakeNetwork
) -> None:
    gone = spoken(nadia, service)
    kept = make_conversation(account=gone.account, identity=gone.identity, contact=nadia, team=service)
    matter = open_matter([gone.pk], title="Panne", by=awa)
    merge_conversations(kept.pk, gone_id=gone.pk, by=awa)
    assert matter.conversations.get() == kept
    unmerge_conversation(gone.pk, by=awa)
    assert matter.conversations.get() == gone


@pytest.mark.django_db(transaction=True)
def test_two_who_join_one_conversation_at_once_make_one_matter_of_it(
    nadia: Contact, service: Team, awa: Agent, fake_network: FakeNetwork
) -> None:
    pk = spoken(nadia, service).pk
    refused = at_once(
        lambda: open_matter([pk], title="Panne", by=awa), lambda: open_matter([pk], title="Retard", by=awa)
    )
    assert len(refused) == 1
    assert Matter.objects.count() == JoinedConversation.objects.count() == 1
