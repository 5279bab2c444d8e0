"""Customers who are to be called back, whatever channel they wrote on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Author, Call, EventKind, NetworkEvent, PermanentError, PlacesCalls
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.delivery.calling import CallRefusedError, NoTelephoneError
from comptoir.desk.call_backs import ask_call_back, end_call_back, place_call_back, tell_overdue, usual_due
from comptoir.desk.errors import ConversationResolvedError, PastInstantError
from comptoir.desk.following_calls import FOLLOWED, follow_calls
from comptoir.desk.matters import open_matter
from comptoir.desk.models import CallBack
from comptoir.desk.refusals import (
    BadNumberError,
    CallBackOverError,
    CostlyNumberError,
    NoNumberError,
    NoTelephoneAccountError,
)
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import Fake

pytestmark = pytest.mark.django_db

NUMBER = "+33612345678"


class Telephone(Fake, PlacesCalls):
    """A telephone that remembers whom it rang."""

    kind, label = "telephone", "Telephone"
    rung: ClassVar[list[tuple[str, str]]] = []

    def place_call(self, to: str, *, agent: str, key: str) -> str:
        self.rung.append((agent, to))
        return f"call-{len(self.rung)}"


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> Sequence[tuple[str, str]]:
    monkeypatch.setattr(Telephone, "rung", [])
    registered = dict(registry.connector_classes()) | {"telephone": Telephone, "fake": Fake}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    return Telephone.rung


@pytest.fixture
def awa() -> Agent:
    agent = make_agent(name="Awa Diop")
    agent.preferences = {"telephone": "+33187654321"}
    agent.save(update_fields=["preferences"])
    return agent


@pytest.fixture
def conversation() -> Conversation:
    return make_conversation(account=make_account(kind="fake"))


@pytest.fixture
def telephone(conversation: Conversation) -> ChannelAccount:
    return make_account(kind="telephone", brand=conversation.account.brand, own_id="+33100000000")


def called(account: ChannelAccount, state: Any, *, after_s: int = 60, number: str = NUMBER, **fields: Any) -> None:
    """The network tells of a call of ours to ``number``; what follows from it follows."""
    event = NetworkEvent(
        EventKind.CALL, "outgoing", "private", external_id=fields.pop("external_id", "call-1"), author=Author("us"),
        counterpart=Author(number), sent_at=now() + timedelta(seconds=after_s), call=Call(state), **fields,
    )  # fmt: skip
    seen = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    receive(account, [event])
    follow_calls(list(Event.objects.filter(pk__gt=seen, name__in=FOLLOWED)))


def written(conversation: Conversation, text: str, **fields: Any) -> None:
    """The customer writes; what follows from it follows."""
    message = make_incoming(conversation, text=text, **fields)
    follow_calls([Event(name="message.received", subject_kind="message", subject_id=message.pk)])


def test_a_call_is_asked_for_on_a_number_as_people_write_it(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    asked = ask_call_back(conversation.pk, number="06 12 34 56 78", by=awa)
    assert (asked.number, asked.account, asked.state) == (NUMBER, telephone, "waiting")
    assert Event.objects.get(name="call_back.asked").conversation_id == conversation.pk


def test_who_is_called_is_known_by_that_number_from_then_on(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    assert ContactIdentity.objects.get(external_id=NUMBER).contact_id == conversation.contact_id


def test_a_number_that_is_somebody_elses_stays_theirs(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    other = make_conversation(account=make_account(kind="fake", own_id="other"))
    ContactIdentity.objects.create(contact=other.contact, channel="telephone", external_id=NUMBER)
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    assert ContactIdentity.objects.get(channel="telephone", external_id=NUMBER).contact_id == other.contact_id


def test_asking_again_changes_the_call_that_waits(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    later = now() + timedelta(hours=5)
    ask_call_back(conversation.pk, number="+32 2 345 67 89", due_at=later, by=awa)
    only = CallBack.objects.get()
    assert (only.number, only.due_at) == ("+3223456789", later)


def test_the_database_lets_one_call_wait_for_each_conversation(
    conversation: Conversation, telephone: ChannelAccount
) -> None:
    CallBack.objects.create(conversation=conversation, account=telephone, due_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.create(conversation=conversation, account=telephone, due_at=now())


@pytest.mark.parametrize("number", ["", "bonjour", "12", "+33 6 12"])
def test_what_is_no_number_is_refused(
    number: str, conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    with pytest.raises(BadNumberError):
        ask_call_back(conversation.pk, number=number, by=awa)


def test_a_brand_without_a_telephone_calls_nobody(conversation: Conversation, awa: Agent) -> None:
    with pytest.raises(NoTelephoneAccountError):
        ask_call_back(conversation.pk, number=NUMBER, by=awa)


def test_nor_from_the_telephone_of_another_brand(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    others = make_account(kind="telephone", own_id="+33199999999")
    with pytest.raises(NoTelephoneAccountError):
        ask_call_back(conversation.pk, number=NUMBER, account=others, by=awa)


def test_nobody_is_called_in_the_past_or_about_what_is_resolved(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    with pytest.raises(PastInstantError):
        ask_call_back(conversation.pk, number=NUMBER, due_at=now() - timedelta(minutes=1), by=awa)
    Conversation.objects.update(status="resolved", resolved_at=now())
    with pytest.raises(ConversationResolvedError):
        ask_call_back(conversation.pk, number=NUMBER, by=awa)


def test_a_call_is_due_an_hour_after_the_telephone_opens(telephone: ChannelAccount) -> None:
    telephone.weekly_hours = {"mon": [["09:00", "18:00"]]}
    sunday = now().replace(year=2026, month=3, day=1, hour=12)
    due = usual_due(telephone, sunday)
    assert (due.isoweekday(), f"{due.astimezone():%M}") == (1, "00")
    telephone.weekly_hours = {}
    assert usual_due(telephone, sunday) == sunday + timedelta(hours=1)


def test_calling_rings_the_agent_and_then_the_customer_once(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent, rung: Sequence[tuple[str, str]]
) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    place_call_back(asked.pk, by=awa)
    place_call_back(asked.pk, by=awa)
    assert rung == [("+33187654321", NUMBER)]
    assert Event.objects.get(name="call_back.placed").conversation_id == conversation.pk


def test_whoever_has_no_telephone_is_told_where_to_enter_it(
    conversation: Conversation, telephone: ChannelAccount
) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=make_agent(name="Léa"))
    with pytest.raises(NoTelephoneError):
        place_call_back(asked.pk, by=make_agent(name="Paul"))


def test_a_call_that_was_picked_up_ends_it_and_is_told_in_the_first_conversation(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    called(telephone, "ended")
    asked.refresh_from_db()
    assert asked.state == "reached"
    assert asked.call is not None
    assert asked.call.account == telephone
    assert asked.call.contact_id == conversation.contact_id
    assert Event.objects.get(name="call_back.reached").conversation_id == conversation.pk


def test_a_call_that_was_not_waits_on_and_counts_once(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    called(telephone, "missed")
    called(telephone, "missed")
    asked.refresh_from_db()
    assert (asked.state, asked.tries) == ("waiting", 1)
    called(telephone, "missed", external_id="call-2", after_s=120)
    asked.refresh_from_db()
    assert asked.tries == 2


def test_calls_to_others_and_calls_before_it_was_asked_for_change_nothing(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    called(telephone, "ended", number="+33699999999")
    called(telephone, "ended", external_id="call-0", after_s=-600)
    asked.refresh_from_db()
    assert asked.is_waiting


def test_the_call_joins_the_matter_of_the_conversation(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    matter = open_matter([conversation.pk], title="Colis perdu", by=awa)
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    called(telephone, "ended")
    assert matter.conversations.count() == 2


def test_somebody_may_say_how_it_ended_once(conversation: Conversation, telephone: ChannelAccount, awa: Agent) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    end_call_back(asked.pk, state=CallBack.State.GIVEN_UP, by=awa)
    assert Event.objects.get(name="call_back.given_up").actor_id == awa.pk
    for act in (lambda: place_call_back(asked.pk, by=awa), lambda: _withdraw(asked, awa)):
        with pytest.raises(CallBackOverError):
            act()


def _withdraw(asked: CallBack, by: Agent) -> None:
    end_call_back(asked.pk, state=CallBack.State.WITHDRAWN, by=by)


def test_a_customer_who_asks_for_a_call_is_put_on_the_list_with_their_number(
    conversation: Conversation, telephone: ChannelAccount
) -> None:
    written(conversation, "Pouvez-vous me rappeler au 06 12 34 56 78 ?")
    asked = CallBack.objects.get()
    assert (asked.number, asked.asked_by, asked.conversation) == (NUMBER, None, conversation)


def test_one_known_by_a_number_is_called_there(conversation: Conversation, telephone: ChannelAccount) -> None:
    known = {"contact": conversation.contact, "channel": "whatsapp", "external_id": "33612345678"}
    ContactIdentity.objects.create(**known)
    written(conversation, "Rappelez-moi svp")
    assert CallBack.objects.get().number == NUMBER


def test_one_without_a_number_waits_for_it(conversation: Conversation, telephone: ChannelAccount, awa: Agent) -> None:
    written(conversation, "Merci de me rappeler.")
    asked = CallBack.objects.get()
    with pytest.raises(NoNumberError):
        place_call_back(asked.pk, by=awa)
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    assert CallBack.objects.get().number == NUMBER


def test_asking_twice_or_long_ago_or_of_a_brand_without_telephone_makes_no_second_call(
    conversation: Conversation, telephone: ChannelAccount
) -> None:
    written(conversation, "Rappelez-moi", sent_at=now() - timedelta(days=3))
    assert not CallBack.objects.exists()
    written(conversation, "Rappelez-moi")
    written(conversation, "Rappelez-moi vite !")
    elsewhere = make_conversation(account=make_account(kind="fake", own_id="elsewhere"))
    written(elsewhere, "Rappelez-moi")
    assert CallBack.objects.count() == 1


def test_a_refusal_of_the_network_is_told_and_leaves_it_waiting(
    conversation: Conversation, awa: Agent, monkeypatch: pytest.MonkeyPatch, telephone: ChannelAccount
) -> None:
    def refuse(self: Telephone, to: str, *, agent: str, key: str) -> str:
        raise PermanentError("This number is not in service.")

    monkeypatch.setattr(Telephone, "place_call", refuse)
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    with pytest.raises(CallRefusedError, match="not in service"):
        place_call_back(asked.pk, by=awa)
    asked.refresh_from_db()
    assert (asked.is_waiting, asked.placed_at) == (True, None)


def test_a_number_that_a_customer_wrote_is_theirs_once_somebody_calls_it(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    written(conversation, "Pouvez-vous me rappeler au 06 12 34 56 78 ?")
    assert not ContactIdentity.objects.filter(external_id=NUMBER).exists()
    place_call_back(CallBack.objects.get().pk, by=awa)
    assert ContactIdentity.objects.get(external_id=NUMBER).contact_id == conversation.contact_id


def test_a_number_that_is_charged_to_who_calls_it_is_not_called(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    written(conversation, "Rappelez-moi au 08 99 70 11 22")
    assert CallBack.objects.get().number == ""
    with pytest.raises(CostlyNumberError, match="payant pour qui l’appelle"):
        ask_call_back(conversation.pk, number="08 99 70 11 22", by=awa)


def test_of_two_agents_who_call_at_once_the_second_is_told_and_the_customer_rung_once(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent, rung: Sequence[tuple[str, str]]
) -> None:
    paul = make_agent(name="Paul")
    paul.preferences = {"telephone": "+33187654322"}
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    place_call_back(asked.pk, by=awa)
    with pytest.raises(CallRefusedError, match="collègue"):
        place_call_back(asked.pk, by=paul)
    assert rung == [("+33187654321", NUMBER)]


def test_a_call_that_was_refused_can_be_tried_again_at_once(
    conversation: Conversation, telephone: ChannelAccount, rung: Sequence[tuple[str, str]]
) -> None:
    paul = make_agent(name="Paul")
    asked = ask_call_back(conversation.pk, number=NUMBER, by=paul)
    with pytest.raises(NoTelephoneError):
        place_call_back(asked.pk, by=paul)
    paul.preferences = {"telephone": "+33187654322"}
    place_call_back(asked.pk, by=paul)
    assert rung == [("+33187654322", NUMBER)]


def test_a_call_that_nobody_made_in_time_is_told_once(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    assert tell_overdue() == 0
    with at_instant(now() + timedelta(hours=2)):
        assert [tell_overdue(), tell_overdue()] == [1, 0]
    assert Event.objects.get(name="call_back.fell_overdue").conversation_id == conversation.pk


def test_one_that_is_put_off_may_fall_overdue_once_more(
    conversation: Conversation, telephone: ChannelAccount, awa: Agent
) -> None:
    ask_call_back(conversation.pk, number=NUMBER, by=awa)
    with at_instant(now() + timedelta(hours=2)):
        tell_overdue()
        ask_call_back(conversation.pk, number=NUMBER, by=awa)
        assert tell_overdue() == 0
    with at_instant(now() + timedelta(hours=4)):
        assert tell_overdue() == 1


def test_one_that_is_over_is_never_overdue(conversation: Conversation, telephone: ChannelAccount, awa: Agent) -> None:
    asked = ask_call_back(conversation.pk, number=NUMBER, by=awa)
    end_call_back(asked.pk, state=CallBack.State.WITHDRAWN, by=awa)
    with at_instant(now() + timedelta(hours=2)):
        assert tell_overdue() == 0
