"""Which promise is given by what is known of the customer and of what they ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.models import ContactReason, ConversationReading, Figure
from comptoir.contacts.actions import edit_contact
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation, HandOff
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, record
from comptoir.routing.escalating import raise_priority
from comptoir.sla import following
from comptoir.sla.actions import start_clocks
from comptoir.sla.among_ourselves import start_clock
from comptoir.sla.models import SLAClock, SLAPolicy
from comptoir.sla.policies import Terms, create_policy
from tests.factories import make_agent, make_analysis, make_conversation, make_incoming, make_reason, make_team

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def conversation() -> Conversation:
    """Everybody is promised an answer within a day."""
    SLAPolicy.objects.all().delete()
    create_policy(Terms("first_reply", target=DAY))
    return make_conversation()


def within_an_hour(**conditions: Any) -> SLAPolicy:
    return create_policy(Terms("first_reply", target=HOUR, **conditions))


def promised(conversation: Conversation) -> timedelta:
    start_clocks({conversation.pk: now()})
    clock = SLAClock.objects.get(conversation=conversation, stopped_at=None)
    return clock.due_at - clock.started_at


def read_about(conversation: Conversation, reason: ContactReason | None = None, language: str = "") -> None:
    ConversationReading.objects.create(
        conversation=conversation, reason=reason, language=language, needs_answer=True, urgency=0
    )


def describe(contact: Contact, **card: Any) -> None:
    kept = {"name": contact.name, "language": "", "about": "", "attributes": {}, "tags": []}
    edit_contact(contact.pk, by=SYSTEM, **kept | card)


def react() -> None:
    """What the worker does about the record so far."""
    events = list(Event.objects.filter(name__in=following.FOLLOWED))
    following.follow_conditions(events)
    following.recompute_some(list(SLAClock.objects.values_list("conversation_id", flat=True)))


def test_a_group_of_customers_is_known_by_a_tag(conversation: Conversation) -> None:
    within_an_hour(customer_tags=["VIP", "presse"])
    Contact.objects.filter(pk=conversation.contact_id).update(tags=["vip"])
    assert promised(conversation) == HOUR
    assert promised(make_conversation()) == DAY


def test_a_stage_is_a_field_of_the_card(conversation: Conversation) -> None:
    within_an_hour(card_field="étape", card_values=["Prospect", "essai"])
    Contact.objects.filter(pk=conversation.contact_id).update(attributes={"étape": "PROSPECT"})
    assert promised(conversation) == HOUR
    assert promised(make_conversation()) == DAY


def test_a_language_is_what_the_network_told_or_what_was_read(conversation: Conversation) -> None:
    within_an_hour(languages=["de", "en"])
    Conversation.objects.filter(pk=conversation.pk).update(language="de")
    read = make_conversation()
    read_about(read, language="en")
    assert (promised(conversation), promised(read), promised(make_conversation())) == (HOUR, HOUR, DAY)


def test_a_topic_has_those_below_it(conversation: Conversation) -> None:
    above = make_reason("Livraison")
    below = make_reason("Colis perdu", parent=make_reason("Colis", parent=above))
    within_an_hour(topic_id=above.pk)
    read_about(conversation, below)
    assert promised(conversation) == HOUR
    assert promised(make_conversation()) == DAY


def test_complaints_before_questions(conversation: Conversation) -> None:
    within_an_hour(intents=["complaint"])
    read_about(conversation)
    ConversationReading.objects.update(intent="complaint")
    assert promised(conversation) == HOUR
    assert promised(make_conversation()) == DAY


@pytest.mark.parametrize(
    ("intent", "sentiment", "within"),
    [("question", "negative", HOUR), ("question", "neutral", DAY), ("praise", "negative", DAY)],
)
def test_whoever_asks_in_anger_complains_as_on_the_floor(
    conversation: Conversation, intent: str, sentiment: str, within: timedelta
) -> None:
    within_an_hour(intents=["complaint"])
    read_about(conversation)
    ConversationReading.objects.update(intent=intent, sentiment=sentiment)
    assert promised(conversation) == within


def test_a_reading_that_a_person_corrects_has_the_promise_computed_anew(conversation: Conversation) -> None:
    within_an_hour(intents=["complaint"])
    assert promised(conversation) == DAY
    message = make_incoming(conversation)
    make_analysis(message)
    correct_reading(message.pk, figure=Figure.INTENT, to="complaint", by=make_agent())
    asked: list[list[int]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(following, "defer", lambda _task, *, conversation_ids: asked.append(conversation_ids))
        following.follow_conditions(list(Event.objects.filter(name="analysis.corrected")))
    assert asked == [[conversation.pk]]
    following.recompute_some(asked[0])
    clock = SLAClock.objects.get()
    assert clock.due_at - clock.started_at == HOUR


def test_what_was_read_a_moment_later_has_the_promise_computed_anew(conversation: Conversation) -> None:
    within_an_hour(intents=["complaint"])
    assert promised(conversation) == DAY
    read_about(conversation)
    ConversationReading.objects.update(intent="complaint")
    record("message.analysed", subject=make_incoming(conversation))
    react()
    clock = SLAClock.objects.get()
    assert clock.due_at - clock.started_at == HOUR


def test_from_a_priority_on(conversation: Conversation) -> None:
    within_an_hour(least_priority=2)
    Conversation.objects.filter(pk=conversation.pk).update(priority=3)
    assert promised(conversation) == HOUR
    assert promised(make_conversation()) == DAY


def test_a_field_without_values_is_refused_by_the_database(conversation: Conversation) -> None:
    with pytest.raises(Exception, match="policy_names_a_field_with_its_values"):
        SLAPolicy.objects.create(target=HOUR, card_field="étape")


def test_it_holds_for_what_is_asked_among_ourselves_too(conversation: Conversation) -> None:
    create_policy(Terms("hand_off", target=HOUR, customer_tags=["vip"]))
    offered = HandOff.objects.create(conversation=conversation, to_team=make_team(), asked="?", given_at=now())
    assert start_clock(offered, at=now()) is None
    Contact.objects.filter(pk=conversation.contact_id).update(tags=["vip"])
    assert start_clock(offered, at=now()) is not None


@pytest.mark.parametrize("condition", [{"customer_tags": ["vip"]}, {"card_field": "étape", "card_values": ["essai"]}])
def test_what_a_colleague_writes_on_the_card_has_the_promise_computed_anew(
    conversation: Conversation, condition: dict[str, Any]
) -> None:
    within_an_hour(**condition)
    assert promised(conversation) == DAY
    describe(conversation.contact, tags=["vip"], attributes={"étape": "essai"})
    react()
    clock = SLAClock.objects.get()
    assert clock.due_at - clock.started_at == HOUR
    moved = Event.objects.get(name="clock.moved")
    assert moved.reason
    assert datetime.fromisoformat(moved.details["due_at"]) == clock.due_at


def test_a_priority_that_is_raised_has_the_promise_computed_anew(conversation: Conversation) -> None:
    within_an_hour(least_priority=2)
    assert promised(conversation) == DAY
    raise_priority(Conversation.objects.get())
    react()
    clock = SLAClock.objects.get()
    assert clock.due_at - clock.started_at == HOUR


def test_where_no_policy_asks_nothing_is_computed(conversation: Conversation, monkeypatch: Any) -> None:
    promised(conversation)
    describe(conversation.contact, tags=["vip"])
    asked: list[Any] = []
    monkeypatch.setattr(following, "defer", lambda *_arguments, **named: asked.append(named))
    following.follow_conditions(list(Event.objects.filter(name="contact.changed")))
    assert not asked
    within_an_hour(customer_tags=["vip"])
    following.follow_conditions(list(Event.objects.filter(name="contact.changed")))
    assert asked == [{"conversation_ids": [conversation.pk]}]
