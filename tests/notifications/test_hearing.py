"""What each agent hears of, out of the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from comptoir.conversations.models import Consultation, Conversation, Following, Note, NoteMention
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import assign_conversation
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.notifications.choices import Kind, Way, chosen_preferences, quiet_hours
from comptoir.notifications.digests import agents_to_mail, mail_digest
from comptoir.notifications.hearing import mark_notifications_seen, notify_agents
from comptoir.notifications.models import Notification
from comptoir.notifications.push_actions import subscribe, told_by_push
from comptoir.people.models import Agent
from tests.factories import (
    make_account,
    make_agent,
    make_brand,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_team,
)

CUSTOMER = Actor("contact", 1)


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent(name="Awa Diop")


@pytest.fixture
def mine(agent: Agent) -> Conversation:
    return make_conversation(assignee=agent)


def happen(name: str, subject, by: Actor = CUSTOMER, **details: object) -> None:  # type: ignore[no-untyped-def]
    notify_agents([record(name, subject=subject, by=by, **details)])


def heard() -> list[tuple[int, str]]:
    return list(Notification.objects.order_by("id").values_list("agent", "kind"))


def wants(agent: Agent, kind: Kind, *ways: Way) -> None:
    agent.preferences = chosen_preferences({kind: frozenset(ways)}, None)
    agent.save()


def test_the_owner_hears_of_what_their_customer_writes(agent: Agent, mine: Conversation) -> None:
    happen("message.received", make_incoming(mine))
    assert heard() == [(agent.pk, "reply")]


def test_what_one_does_oneself_is_no_news(agent: Agent, db: None) -> None:
    assign_conversation(make_conversation().pk, to=agent, by=agent)
    notify_agents(list(_recorded()))
    assert heard() == []


def test_what_a_colleague_gives_one_is(agent: Agent) -> None:
    assign_conversation(make_conversation().pk, to=agent, by=make_agent(role="supervisor"))
    notify_agents(list(_recorded()))
    assert heard() == [(agent.pk, "assigned")]


def test_whoever_is_addressed_in_a_note_hears_of_it(agent: Agent) -> None:
    conversation, writer = make_conversation(), make_agent()
    note = Note.objects.create(conversation=conversation, agent=writer, text="@Awa ?")
    NoteMention.objects.create(note=note, conversation=conversation, agent=agent)
    happen("note.added", note, by=Actor("agent", writer.pk))
    assert heard() == [(agent.pk, "addressed")]


def test_whoever_wrote_a_reply_hears_that_it_failed(agent: Agent) -> None:
    happen("message.failed", make_outgoing(make_conversation(), agent=agent, state="failed"))
    assert heard() == [(agent.pk, "failed")]


def test_the_owner_hears_that_nobody_called_their_customer_in_time(agent: Agent, mine: Conversation) -> None:
    happen("call_back.fell_overdue", mine)
    assert heard() == [(agent.pk, "overdue")]


def test_where_nobody_has_it_the_team_does(db: None) -> None:
    team = make_team()
    members = [make_agent(teams=[team]) for _number in range(2)]
    happen("call_back.fell_overdue", make_conversation(team=team))
    assert heard() == [(one.pk, "overdue") for one in members]


def test_followers_hear_of_it_the_owner_not_twice(agent: Agent, mine: Conversation) -> None:
    follower = make_agent(role="supervisor")
    for one in (agent, follower):
        Following.objects.create(conversation=mine, agent=one)
    happen("message.received", make_incoming(mine))
    assert sorted(heard()) == sorted([(agent.pk, "reply"), (follower.pk, "followed")])


def test_new_ones_are_told_to_those_of_the_team_who_asked_for_it(agent: Agent) -> None:
    wants(agent, Kind.NEW, Way.PAGE)
    team = make_team()
    team.agents.set([agent, make_agent()])
    conversation = make_conversation(team=team)
    happen("conversation.started", conversation)
    assert heard() == [(agent.pk, "new")]


def test_nobody_hears_of_what_comes_to_a_brand_that_is_not_theirs(agent: Agent) -> None:
    team = make_team()
    for brand in (make_brand(name="Maison"), make_brand(name="Ailleurs")):
        member = make_agent(teams=[team], brands=[brand])
        wants(member, Kind.NEW, Way.PAGE, Way.PUSH)
    account = make_account(brand=brand)
    happen("conversation.started", make_conversation(account=account, team=team))
    assert heard() == [(member.pk, "new")]


@pytest.mark.parametrize("kind", ["call_back.fell_overdue", "conversation.help_called"])
def test_nobody_hears_of_an_account_that_is_reserved_for_others(agent: Agent, kind: str) -> None:
    team, reserved = make_team(name="Service"), make_team(name="Affaires réservées")
    inside, _outside = make_agent(teams=[team, reserved]), make_agent(teams=[team])
    account = make_account()
    account.reserved_for.add(reserved)
    happen(kind, make_conversation(account=account, team=team), by=SYSTEM)
    assert [agent_id for agent_id, _kind in heard()] == [inside.pk]


def test_who_follows_hears_nothing_once_it_is_another_teams(agent: Agent) -> None:
    team = make_team(name="Service")
    agent.teams.add(team)
    conversation = make_conversation(team=team)
    Following.objects.create(conversation=conversation, agent=agent)
    happen("conversation.resolved", conversation)
    assert heard() == [(agent.pk, "followed")]
    mark_notifications_seen(agent)
    Conversation.objects.update(team=make_team(name="Juridique"))
    happen("conversation.reopened", conversation)
    assert not Notification.objects.filter(seen_at=None).exists()


def test_spam_is_no_news(mine: Conversation) -> None:
    mine.is_spam = True
    mine.save()
    happen("message.received", make_incoming(mine))
    assert heard() == []


def test_what_is_not_seen_yet_counts_up(mine: Conversation) -> None:
    for _time in range(3):
        happen("message.received", make_incoming(mine))
    assert Notification.objects.get().times == 3


def test_after_it_is_seen_the_next_one_is_new(agent: Agent, mine: Conversation) -> None:
    happen("message.received", make_incoming(mine))
    mark_notifications_seen(agent, conversation_id=mine.pk)
    happen("message.received", make_incoming(mine))
    assert [(one.times, one.seen_at is None) for one in Notification.objects.order_by("id")] == [(1, False), (1, True)]


def test_an_agent_whose_access_was_closed_hears_nothing(agent: Agent, mine: Conversation) -> None:
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    happen("message.received", make_incoming(mine))
    assert heard() == []


def test_a_batch_costs_as_many_queries_as_one(agent: Agent, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    many = [make_conversation(assignee=agent) for _number in range(20)]
    events = [record("message.received", subject=make_incoming(one), by=Actor("contact", 1)) for one in many]
    with django_assert_max_num_queries(9):
        notify_agents(events)
    assert Notification.objects.count() == 20


# --- quiet hours and digests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(19, False), (20, True), (23, True), (3, True), (7, False), (12, False)]
)
def test_quiet_hours_may_go_past_midnight(agent: Agent, hour: int, is_quiet: bool) -> None:
    begins, ends = datetime(2026, 1, 1, 20).time(), datetime(2026, 1, 1, 7).time()
    agent.preferences, agent.time_zone = chosen_preferences({}, (begins, ends)), "UTC"
    quiet = quiet_hours(agent)
    assert quiet is not None
    assert quiet.covers(datetime(2026, 3, 3, hour, tzinfo=UTC)) is is_quiet


def unseen_for(minutes: int, agent: Agent, mine: Conversation, kind: str = "failed") -> None:
    Notification.objects.create(agent=agent, conversation=mine, kind=kind, at=now() - timedelta(minutes=minutes))


def test_what_was_not_seen_for_a_while_comes_by_mail_once(agent: Agent, mine: Conversation, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_HOST = "mail.example"
    unseen_for(20, agent, mine)
    assert agents_to_mail() == [agent.pk]
    assert mail_digest(agent.pk)
    (sent,) = mail.outbox
    assert sent.to == [agent.user.email]
    assert "n’est pas arrivée" in sent.body
    assert agents_to_mail() == []
    assert not mail_digest(agent.pk)


def test_the_customers_words_do_not_leave_by_mail(agent: Agent, mine: Conversation) -> None:
    Conversation.objects.filter(pk=mine.pk).update(last_message_text="Mon code est 4411")
    unseen_for(20, agent, mine)
    mail_digest(agent.pk)
    assert "4411" not in mail.outbox[0].body


def gone_to_others(agent: Agent) -> Conversation:
    """Handed over: another team's by now, and the customer went on writing there."""
    conversation = make_conversation(account=make_account(team=make_team(name="Atelier")))
    Conversation.objects.filter(pk=conversation.pk).update(last_message_text="Mon code est 4411")
    unseen_for(20, agent, conversation, kind="decided")
    return conversation


def test_what_is_with_others_by_now_is_told_without_their_words_and_leads_nowhere(agent: Agent) -> None:
    gone = gone_to_others(agent)
    wants(agent, Kind.DECIDED, Way.PUSH, Way.EMAIL)
    told = told_by_push(agent)
    assert told is not None
    assert (told["body"], told["url"]) == ("", "/notifications/")
    assert mail_digest(agent.pk)
    assert f"/conversations/{gone.pk}/" not in mail.outbox[0].body
    assert str(gone.identity) not in f"{told['title']} {mail.outbox[0].body}"
    assert str(gone.account) not in mail.outbox[0].body


def test_of_several_those_that_are_with_others_by_now_are_counted_and_not_named(
    agent: Agent, mine: Conversation
) -> None:
    unseen_for(30, agent, mine, kind="reply")
    gone = gone_to_others(agent)
    agent.preferences = chosen_preferences(dict.fromkeys((Kind.DECIDED, Kind.REPLY), frozenset({Way.PUSH})), None)
    told = told_by_push(agent)
    assert told is not None
    assert told["count"] == 2
    assert str(gone.identity) not in f"{told['title']} {told['body']}"


def test_what_is_still_theirs_is_told_with_the_customers_words(agent: Agent, mine: Conversation) -> None:
    Conversation.objects.filter(pk=mine.pk).update(last_message_text="Bonjour")
    wants(agent, Kind.REPLY, Way.PUSH)
    unseen_for(1, agent, mine, kind="reply")
    told = told_by_push(agent)
    assert told is not None
    assert (told["body"], told["url"]) == ("Bonjour", f"/conversations/{mine.pk}/")


def test_without_a_mail_server_nobody_is_mailed(agent: Agent, mine: Conversation, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_HOST = ""
    unseen_for(20, agent, mine)
    assert agents_to_mail() == []


def test_in_quiet_hours_the_mail_waits(agent: Agent, mine: Conversation) -> None:
    agent.preferences = chosen_preferences({}, (datetime(2026, 1, 1, 20).time(), datetime(2026, 1, 1, 7).time()))
    agent.time_zone = "UTC"
    agent.save()
    unseen_for(20, agent, mine)
    with at_instant(datetime(2026, 3, 3, 22, tzinfo=UTC)):
        assert not mail_digest(agent.pk)
    assert Notification.objects.get().mailed_at is None


def test_a_browser_belongs_to_whoever_signed_in_there_last(agent: Agent) -> None:
    other = make_agent()
    for one in (agent, other):
        subscribe(
            agent=one, endpoint="https://push.example/1", browser_key=b"k", browser_secret=b"s", session_key="session"
        )
    assert list(other.push_subscriptions.values_list("endpoint", flat=True)) == ["https://push.example/1"]
    assert not agent.push_subscriptions.exists()


def _recorded():  # type: ignore[no-untyped-def]
    from comptoir.events.models import Event

    return Event.objects.order_by("id")


def test_what_happened_long_ago_is_no_news(mine: Conversation) -> None:
    with at_instant(now() - timedelta(hours=7)):
        event = record("message.received", subject=make_incoming(mine), by=CUSTOMER)
    notify_agents([event])
    assert heard() == []


def asked_an_expert(by: Agent, conversation: Conversation) -> Consultation:
    return Consultation.objects.create(
        conversation=conversation, asked_by=by, outside_email="roy@labo.example", question="?", asked_at=now()
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("consultation.answered", "answered"),
        ("consultation.unsent", "unanswered"),
        ("consultation.escalated", "unanswered"),
    ],
)
def test_whoever_has_the_customer_by_now_hears_of_the_expert_too_and_once(agent: Agent, name: str, kind: str) -> None:
    service = make_team(name="Service")
    agent.teams.add(service)
    hugo = make_agent(name="Hugo", teams=[service])
    asked = asked_an_expert(agent, make_conversation(team=service, assignee=hugo))
    happen(name, asked, by=SYSTEM, asked_by=agent.pk, expert=None)
    assert sorted(heard()) == sorted([(agent.pk, kind), (hugo.pk, kind)])
    Conversation.objects.update(assignee=agent)
    Notification.objects.all().delete()
    happen(name, asked, by=SYSTEM, asked_by=agent.pk, expert=None)
    assert list(Notification.objects.values_list("agent", "times")) == [(agent.pk, 1)]


def test_who_asked_an_expert_hears_nothing_once_it_is_another_teams(agent: Agent) -> None:
    """The way there would lead to nothing, and the customer's words are not theirs to read."""
    agent.teams.add(make_team(name="Service"))
    asked = asked_an_expert(agent, make_conversation(team=make_team(name="Juridique")))
    happen("consultation.answered", asked, by=SYSTEM, asked_by=agent.pk, expert=None)
    assert heard() == []
