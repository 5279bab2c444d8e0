"""When something happened, if all of it holds, then these acts: once, in the automation's name, in the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.automations.errors import AutomationNameTakenError, UnfinishedAutomationError
from comptoir.automations.following import MAX_DEPTH, follow_automations
from comptoir.automations.models import AutomationRun
from comptoir.automations.writing import create_automation, edit_automation, remove_automation, switch_automation
from comptoir.connectors.base import Sent
from comptoir.conversations.models import Conversation, HandOff, Message, Note
from comptoir.core.clock import at_instant, now
from comptoir.delivery.outcomes import mark_message_sent
from comptoir.desk.actions import assign_conversation, resolve_conversation, tag_conversation, untag_conversation
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, record
from comptoir.intake.actions import receive
from comptoir.notifications.models import Notification, WebhookDelivery, WebhookEndpoint
from comptoir.people.models import Agent
from tests.automations.written import automation, ended, follow, run_all, settle, tag, terms
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_conversation,
    make_identity,
    make_incoming,
    make_team,
)
from tests.fake_network import FakeNetwork
from tests.intake.events import said
from tests.routing.writing import condition

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(fake_network: FakeNetwork) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent) -> Conversation:
    account = make_account(team=agent.teams.get())
    conversation = make_conversation(account=account, identity=make_identity(name="Nadia Benali"))
    make_incoming(conversation, text="Bonjour, mon colis est perdu.")
    return conversation


def comes_in(conversation: Conversation) -> None:
    record("message.received", subject=conversation.messages.incoming().latest("pk"))


def tags(conversation: Conversation) -> set[str]:
    return set(conversation.tags.values_list("name", flat=True))


def test_it_does_what_it_says_in_its_own_name_and_says_why(conversation: Conversation) -> None:
    one = automation("received", tag("colis"), conditions=[condition("text", "colis")])
    comes_in(conversation)
    settle()
    assert tags(conversation) == {"colis"}
    told = Event.objects.filter(actor_kind="automation", actor_id=one.pk).order_by("pk")
    assert [event.name for event in told] == ["conversation.tagged", "automation.run"]
    assert told[1].reason == "A message came in."
    assert told[1].conversation_id == conversation.pk


def test_what_comes_in_by_a_network_sets_it_off() -> None:
    account = make_account()
    automation("started", tag("début"))
    automation("received", tag("reçu"), name="Reçu")
    receive(
        account,
        [said("m1", "Bonjour")],
    )
    Message.objects.update(sent_at=now())
    Conversation.objects.update(last_message_at=now())
    settle()
    assert tags(Conversation.objects.get()) == {"début", "reçu"}


def test_history_that_is_read_later_sets_nothing_off(conversation: Conversation) -> None:
    automation("received", tag())
    Message.objects.update(sent_at=now() - timedelta(days=3))
    comes_in(conversation)
    settle()
    assert not AutomationRun.objects.exists()


def test_every_condition_must_hold_of_the_words_and_of_the_conversation(conversation: Conversation) -> None:
    automation("received", tag("un"), conditions=[condition("text", "facture")], name="1")
    automation("received", tag("deux"), conditions=[condition("owner", "somebody")], name="2")
    automation(
        "received", tag("trois"), conditions=[condition("owner", "nobody"), condition("text", "perdu")], name="3"
    )
    automation("received", tag("quatre"), conditions=[condition("status", "open", unless=True)], name="4")
    comes_in(conversation)
    settle()
    assert tags(conversation) == {"trois"}


def test_what_a_message_means_is_waited_for(conversation: Conversation) -> None:
    automation("received", tag("plainte"), conditions=[condition("intent", "complaint")])
    comes_in(conversation)
    settle()
    assert (tags(conversation), ended()) == (set(), [("waiting", "")])
    message = conversation.messages.get()
    make_analysis(message, intent="complaint")
    record("message.analysed", subject=message)
    settle()
    assert tags(conversation) == {"plainte"}


def test_what_nobody_could_read_in_time_is_said(conversation: Conversation) -> None:
    automation("received", tag("plainte"), conditions=[condition("intent", "complaint")])
    comes_in(conversation)
    follow()
    with at_instant(now() + timedelta(minutes=11)):
        run_all()
    assert ended() == [("over", "Nobody could read in time what the message means.")]


@pytest.mark.parametrize(
    ("trigger", "among"),
    [("assigned", []), ("status", ["resolved"]), ("tagged", ["Urgent"]), ("breached", []), ("warned", [])],
)
def test_each_thing_that_happens_can_set_it_off(
    conversation: Conversation, agent: Agent, trigger: str, among: list[str]
) -> None:
    automation(trigger, tag("vu"), among=among)
    acts: dict[str, Any] = {
        "assigned": lambda: assign_conversation(conversation.pk, to=agent, by=None),
        "status": lambda: resolve_conversation(conversation.pk, by=agent),
        "tagged": lambda: tag_conversation(conversation.pk, name="urgent", by=agent),
        "breached": lambda: record("clock.breached", subject=conversation),
        "warned": lambda: record("clock.warned", subject=conversation, warning=0, given=0),
    }
    acts[trigger]()
    follow_automations(Event.objects.order_by("pk"))
    run_all()
    assert "vu" in tags(conversation)


def test_all_its_acts_are_done(conversation: Conversation, agent: Agent) -> None:
    experts = make_team(name="Experts")
    experts.agents.add(make_agent(role="expert"))
    endpoint = WebhookEndpoint.objects.create(url="https://crm.example/", event_names=["account.connected"])
    automation(
        "received",
        {"act": "assign", "to": agent.pk},
        {"act": "priority", "level": "2"},
        {"act": "reply", "text": "Bonjour {first_name}, nous cherchons. {brand}"},
        {"act": "note", "text": "Vu pour {name}"},
        {"act": "hand_off", "to": experts.pk, "text": "Pouvez-vous regarder ?"},
        {"act": "notify", "who": "owner"},
        {"act": "webhook", "to": endpoint.pk},
        {"act": "snooze", "end": "hour"},
    )
    comes_in(conversation)
    settle()
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.priority, conversation.status) == (agent, 2, "snoozed")
    assert Message.objects.outgoing().get().text.startswith("Bonjour Nadia, nous cherchons.")
    assert Note.objects.get().text == "Vu pour Nadia Benali"
    assert HandOff.objects.get().to_team == experts
    assert Notification.objects.filter(agent=agent, kind="pointed").exists()
    assert [one.event.name for one in WebhookDelivery.objects.all()] == ["automation.run"]


@pytest.mark.parametrize("who", ["owner", "team", "supervisors", "named"])
def test_it_tells_whom_it_says(conversation: Conversation, agent: Agent, who: str) -> None:
    supervisor, somebody = make_agent(role="supervisor"), make_agent()
    told = {"owner": agent, "team": agent, "supervisors": supervisor, "named": somebody}[who]
    automation("received", {"act": "notify", "who": somebody.pk if who == "named" else who})
    comes_in(conversation)
    settle()
    heard = Notification.objects.filter(kind="pointed", conversation=conversation)
    assert list(heard.values_list("agent", flat=True)) == [told.pk]


def test_a_webhook_or_a_colleague_who_is_gone_is_told(conversation: Conversation) -> None:
    endpoint, colleague = WebhookEndpoint.objects.create(url="https://crm.example/"), make_agent()
    automation("received", {"act": "webhook", "to": endpoint.pk}, name="A")
    automation("received", {"act": "notify", "who": colleague.pk}, name="B")
    WebhookEndpoint.objects.update(is_active=False)
    Agent.objects.filter(pk=colleague.pk).update(is_active=False)
    comes_in(conversation)
    settle()
    assert [state for state, _reason in ended()] == ["refused", "refused"]
    assert "The webhook is switched off, or gone." in ended()[0][1]


def test_a_reply_of_its_own_answers_nobody_and_sets_nothing_off(conversation: Conversation) -> None:
    automation("received", {"act": "reply", "text": "Bien reçu."})
    automation("sent", tag("répondu"), name="Répondu")
    comes_in(conversation)
    settle()
    reply = Message.objects.outgoing().get()
    conversation.refresh_from_db()
    mark_message_sent(reply, conversation, Sent(external_id="out-1"), by=SYSTEM)
    settle()
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    assert tags(conversation) == set()


def test_one_act_that_cannot_be_done_undoes_the_others_and_is_told(conversation: Conversation) -> None:
    resolve_conversation(conversation.pk, by=None)
    automation("received", tag(), {"act": "resolve"})
    comes_in(conversation)
    settle()
    assert tags(conversation) == set()
    assert ended() == [("refused", "Resolve: This conversation has been resolved. Reopen it first.")]
    assert not Event.objects.filter(name="automation.run").exists()


def test_a_public_reply_with_personal_data_is_refused_as_any_other(agent: Agent) -> None:
    conversation = make_conversation(account=make_account(team=agent.teams.get()), is_public=True)
    make_incoming(conversation)
    automation("received", {"act": "reply", "text": "Appelez le 06 12 34 56 78."})
    comes_in(conversation)
    settle()
    assert ended()[0][0] == "refused"
    assert not Message.objects.outgoing().exists()


def test_the_same_event_read_twice_runs_it_once(conversation: Conversation) -> None:
    automation("received", {"act": "note", "text": "Vu"})
    comes_in(conversation)
    events = list(Event.objects.all())
    follow_automations(events)
    run_all()
    follow_automations(events)
    run_all()
    assert Note.objects.count() == 1


def test_its_own_event_does_not_run_it_again(conversation: Conversation, agent: Agent) -> None:
    automation("tagged", {"act": "untag", "name": "a"}, tag("b"), {"act": "note", "text": "Vu"})
    tag_conversation(conversation.pk, name="a", by=agent)
    settle()
    assert Note.objects.count() == 1


def test_automations_that_set_one_another_off_come_to_an_end(conversation: Conversation, agent: Agent) -> None:
    limits = {"most_runs_a_day": 50}
    automation("tagged", {"act": "untag", "name": "pong"}, tag("pong"), among=["ping"], name="A", **limits)
    automation("tagged", {"act": "untag", "name": "ping"}, tag("ping"), among=["pong"], name="B", **limits)
    tag_conversation(conversation.pk, name="ping", by=agent)
    settle(12)
    states = [one.state for one in AutomationRun.objects.order_by("pk")]
    assert states == ["done"] * (MAX_DEPTH + 1) + ["refused"]
    assert "in a chain" in AutomationRun.objects.latest("pk").reason


def test_what_happened_before_it_was_switched_on_does_not_count(conversation: Conversation) -> None:
    one = automation("received", tag())
    switch_automation(one.pk, on=False)
    comes_in(conversation)
    switch_automation(one.pk, on=True)
    settle()
    assert not AutomationRun.objects.exists()


def test_switched_off_in_between_it_does_nothing(conversation: Conversation) -> None:
    one = automation("received", tag())
    comes_in(conversation)
    follow()
    switch_automation(one.pk, on=False)
    run_all()
    assert ended() == [("over", "It was switched off meanwhile.")]


def test_what_no_longer_holds_is_not_done(conversation: Conversation, agent: Agent) -> None:
    automation("received", tag(), conditions=[condition("owner", "nobody")])
    comes_in(conversation)
    follow()
    assign_conversation(conversation.pk, to=agent, by=None)
    run_all()
    assert ended() == [("over", "The conversation had gone on meanwhile.")]


def test_a_batch_costs_one_query_where_there_is_none_and_the_same_few_however_many_events(
    conversation: Conversation,
) -> None:
    for _number in range(3):
        comes_in(conversation)
    few = list(Event.objects.all())
    with CaptureQueriesContext(
        connection,
    ) as without:
        follow_automations(few)
    assert len(without) == 1
    automation("received", tag(), conditions=[condition("text", "colis"), condition("owner", "nobody")])
    for _number in range(40):
        comes_in(conversation)
    many = list(Event.objects.filter(name="message.received"))
    follow_automations(many[:1])
    with CaptureQueriesContext(connection) as with_few:
        follow_automations(many[1:3])
    with CaptureQueriesContext(connection) as with_many:
        follow_automations(many[3:])
    assert len(with_many) <= len(with_few)


def test_a_name_is_taken_once_and_free_again_when_its_owner_is_deleted(db: None) -> None:
    one = automation("received", tag())
    with pytest.raises(AutomationNameTakenError):
        create_automation(terms("received", tag(), name="relance"))
    remove_automation(one.pk)
    create_automation(terms("received", tag()))


@pytest.mark.parametrize(
    "unfinished",
    [
        terms("received", tag(), name=" "),
        terms("", tag()),
        terms("received"),
        terms("waits", tag()),
        terms("waits", tag(), after=timedelta(days=500)),
        terms("status", tag()),
        terms("status", tag(), among=["gone"]),
        terms("received", {"act": "assign", "to": "me"}),
        terms("received", {"act": "priority", "level": "9"}),
        terms("received", {"act": "notify", "who": "0"}),
        terms("received", {"act": "webhook", "to": "0"}),
        terms("received", tag(), conditions=[condition("nothing", "x")]),
        terms("received", tag(), most_runs_a_day=0),
    ],
)
def test_what_is_unfinished_is_not_kept(db: None, unfinished: Any) -> None:
    with pytest.raises(UnfinishedAutomationError):
        create_automation(unfinished)


def test_a_run_keeps_the_words_by_which_it_was_caused(conversation: Conversation) -> None:
    one = automation("received", tag("avant"))
    comes_in(conversation)
    follow()
    edit_automation(one.pk, terms("received", tag("après")))
    run_all()
    assert tags(conversation) == {"avant"}
    untag_conversation(conversation.pk, name="avant", by=None)


@pytest.mark.parametrize("act", ["assign", "notify", "hand_off"])
def test_it_opens_an_account_to_nobody_from_whom_it_is_kept(conversation: Conversation, act: str) -> None:
    stranger = make_agent(name="Paul", teams=[make_team(name="Ventes")])
    conversation.account.reserved_for.add(make_team(name="Direction"))
    to = stranger.teams.get().pk if act == "hand_off" else stranger.pk
    automation("received", {"act": act, "to": to, "who": to, "text": "À vous"})
    comes_in(conversation)
    settle()
    [(state, reason)] = ended()
    assert state == "refused"
    assert "is not shown what is said on this account" in reason
    assert not Conversation.objects.visible_to(stranger).exists()
    assert not Notification.objects.filter(agent=stranger).exists()
    assert not HandOff.objects.exists()


@pytest.mark.parametrize("name", ["promo-iphone.com", "WWW.PROMO.COM Gagnez", "http://promo Gagnez"])
def test_it_advertises_for_nobody_by_the_name_they_gave_themselves(conversation: Conversation, name: str) -> None:
    Conversation.objects.update(is_public=True)
    conversation.identity.name = name
    conversation.identity.save()
    automation("received", {"act": "reply", "text": "Bonjour {name}, voyez https://aide.example/colis"})
    comes_in(conversation)
    settle()
    assert not Message.objects.outgoing().exists()
    assert "holds an address of the web" in ended()[0][1]


def test_whoever_calls_themselves_an_address_is_greeted_by_no_first_name(conversation: Conversation) -> None:
    Conversation.objects.update(is_public=True)
    conversation.identity.name = "promo-iphone.com"
    conversation.identity.save()
    automation("received", {"act": "reply", "text": "Bonjour {first_name}, voyez https://aide.example/colis"})
    comes_in(conversation)
    settle()
    assert Message.objects.outgoing().get().text == "Bonjour, voyez https://aide.example/colis"


def test_it_calls_by_their_name_who_has_one(conversation: Conversation) -> None:
    Conversation.objects.update(is_public=True)
    automation("received", {"act": "reply", "text": "Bonjour {first_name}, voyez https://aide.example/colis"})
    comes_in(conversation)
    settle()
    assert Message.objects.outgoing().get().text == "Bonjour Nadia, voyez https://aide.example/colis"
