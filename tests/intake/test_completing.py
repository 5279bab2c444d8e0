"""Names and words that deliveries leave out: asked for once, in the background, and shown."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import (
    Author,
    CompletesEvents,
    Connector,
    ConnectorError,
    Delivery,
    EventKind,
    Health,
    Holder,
    Lack,
    NetworkEvent,
    PermanentError,
    TransientError,
)
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.desk.splitting import split_conversation
from comptoir.events.models import Event
from comptoir.intake import completing
from comptoir.intake.actions import receive, store_delivery
from comptoir.intake.consumer import consume_once
from comptoir.intake.tasks import complete
from tests.factories import make_account
from tests.intake.events import at, change

pytestmark = pytest.mark.django_db


@dataclass
class Knowing:
    """What the network knows and was asked. ``said``: the words it gave last; ``refuses``: the error it answers
    everything with but for places; ``refuses_place``: those it answers about places with; ``meanwhile``: what happens
    while it is asked about one, once.
    """

    names: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: str | None = None
    refuses: ConnectorError | None = None
    places: dict[str, str] = field(default_factory=dict)
    refuses_place: dict[str, ConnectorError] = field(default_factory=dict)
    meanwhile: Callable[[], None] | None = None


class Nameless(Connector, CompletesEvents):
    kind: ClassVar[str] = "nameless"
    label: ClassVar[str] = "Nameless network"
    network: ClassVar[Knowing]

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return [_event(one) for one in json.loads(delivery.body)]

    def check(self) -> Health:
        return Health("us")

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        if event.custom.get("mention"):
            return ("words",) if event.text is None else ()
        lacking: list[Lack] = ["place"] if (event.thread_id or "").startswith("#") else []
        if "@u" in (event.text or ""):
            lacking.append("names")
        return [*lacking, "person"] if event.author.id and not event.author.name else lacking

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        assert event.text in (None, self.network.said) or "names" in lacking
        assert len(lacking) == 1  # what is refused of the one keeps nothing of the other back
        if "names" in lacking:
            self.network.asked.append(event.text or "")
            said = event.text or ""
            for person, called in self.network.names.items():
                said = said.replace(f"@{person}", f"@{called}")
            self.network.said = said
            return replace(event, text=said)
        if "place" in lacking:
            place = event.thread_id or ""
            self.network.asked.append(place)
            meanwhile, self.network.meanwhile = self.network.meanwhile, None
            if meanwhile is not None:
                meanwhile()
            if place in self.network.refuses_place:
                raise self.network.refuses_place[place]
            return replace(event, subject=self.network.places.get(place, f"Salon {place}"))
        self.network.asked.append(event.author.id or event.external_id or "")
        if self.network.refuses is not None:
            raise self.network.refuses
        if event.custom.get("mention"):
            said = self.network.words[event.external_id or ""]
            return replace(event, text=said, author=Author(handle="lea.martin"))
        return replace(event, author=replace(event.author, name=self.network.names[event.author.id or ""]))


def _event(one: Mapping[str, Any]) -> NetworkEvent:
    is_ours = bool(one.get("to"))
    return NetworkEvent(
        event=EventKind.EDIT if one.get("changes") else EventKind.MESSAGE,
        target_id=one.get("changes"),
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=one["id"],
        thread_id=one.get("thread", "t"),
        author=Author(id="us" if is_ours else one.get("author")),
        counterpart=Author(id=one["to"]) if is_ours else None,
        text=one.get("text"),
        sent_at=datetime.fromisoformat(one["at"]),
        custom={"mention": True} if one.get("mention") else {},
    )


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Knowing:
    knowing = Knowing(names={"u1": "Léa Martin", "u2": "Paul Durand"})
    monkeypatch.setattr(Nameless, "network", knowing, raising=False)
    registered = dict(registry.connector_classes()) | {"nameless": Nameless}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    return knowing


@pytest.fixture
def account(network: Knowing) -> ChannelAccount:
    return make_account(kind="nameless", own_id="us")


def deliver(account: ChannelAccount, *said: dict[str, Any], minutes: float = 0) -> None:
    full = [{"author": "u1", "text": "Bonjour", "at": at(minutes).isoformat()} | one for one in said]
    store_delivery(account.pk, Delivery(json.dumps(full).encode()))
    consume_once()


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="intake.complete").order_by("id"))


def run_jobs() -> None:
    """What the worker would do with what waits now."""
    for job in jobs():
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        complete(**job.args)


def test_the_name_appears_and_the_screens_are_told(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1"})
    assert Contact.objects.get().name == "u1"
    run_jobs()
    assert (Contact.objects.get().name, ContactIdentity.objects.get().name) == ("Léa Martin", "Léa Martin")
    told = Event.objects.get(name="contact.changed")
    assert told.conversation_id == Conversation.objects.get().pk


def test_a_second_message_asks_nothing(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1"}, {"id": "m2"})
    run_jobs()
    deliver(account, {"id": "m3"}, minutes=1)
    assert jobs() == []
    assert network.asked == ["u1"]


def test_two_deliveries_before_the_network_was_asked_ask_once(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1"})
    deliver(account, {"id": "m2"}, minutes=1)
    run_jobs()
    assert network.asked == ["u1"]


def test_a_day_later_the_name_is_looked_up_again(
    account: ChannelAccount, network: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "ASKED_AGAIN_AFTER", timedelta(seconds=-1))
    deliver(account, {"id": "m1"})
    run_jobs()
    network.names["u1"] = "Léa Dubois"
    deliver(account, {"id": "m2"}, minutes=1)
    run_jobs()
    assert Contact.objects.get().name == "Léa Dubois"


def test_a_name_that_a_colleague_gave_stays(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1"})
    Contact.objects.update(name="Mme Martin (fidèle)")
    run_jobs()
    assert (Contact.objects.get().name, ContactIdentity.objects.get().name) == ("Mme Martin (fidèle)", "Léa Martin")


def test_a_network_that_does_not_answer_delays_nothing_and_is_asked_again(
    account: ChannelAccount, network: Knowing
) -> None:
    network.refuses = TransientError("Nobody answers.")
    deliver(account, {"id": "m1"}, {"id": "m2", "author": "u2"})
    assert Message.objects.count() == 2
    assert network.asked == []
    run_jobs()
    (again,) = jobs()
    assert (again.args["tries"], len(again.args["events"])) == (1, 2)
    network.refuses = None
    run_jobs()
    assert set(Contact.objects.values_list("name", flat=True)) == {"Léa Martin", "Paul Durand"}


def test_a_network_that_never_answers_is_left_alone_until_the_next_message(
    account: ChannelAccount, network: Knowing
) -> None:
    network.refuses = TransientError("Nobody answers.")
    deliver(account, {"id": "m1"})
    for _number in range(6):
        run_jobs()
    assert (jobs(), len(network.asked)) == ([], 4)
    deliver(account, {"id": "m2"}, minutes=1)
    assert len(jobs()) == 1


def test_a_person_of_whom_nothing_is_told_is_not_asked_for_again(account: ChannelAccount, network: Knowing) -> None:
    network.refuses = PermanentError("This person blocked the account.")
    deliver(account, {"id": "m1"}, {"id": "m2", "author": "u2"})
    run_jobs()
    deliver(account, {"id": "m3"}, minutes=1)
    assert (jobs(), network.asked) == ([], ["u1", "u2"])
    assert set(Contact.objects.values_list("name", flat=True)) == {"u1", "u2"}


def test_words_that_come_later_are_the_messages(account: ChannelAccount, network: Knowing) -> None:
    network.words["m1"] = "@lamaison merci !"
    deliver(account, {"id": "m1", "author": None, "text": None, "mention": True})
    run_jobs()
    assert (Message.objects.get().text, Contact.objects.get().name) == ("@lamaison merci !", "lea.martin")
    assert Conversation.objects.get().last_message_text == "@lamaison merci !"
    assert Event.objects.filter(name="message.completed").count() == 1


def test_whom_we_wrote_to_elsewhere_is_named_too(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1", "to": "u2"})
    run_jobs()
    assert Contact.objects.get().name == "Paul Durand"


def test_a_place_gives_its_conversations_its_name_and_is_asked_for_once(
    account: ChannelAccount, network: Knowing
) -> None:
    deliver(account, {"id": "m1", "thread": "#ventes"})
    run_jobs()
    assert Conversation.objects.get().subject == "Salon #ventes"
    assert Event.objects.filter(name="conversation.named").count() == 1
    deliver(account, {"id": "m2", "thread": "#ventes", "author": "u2"}, minutes=1)
    assert set(Conversation.objects.values_list("subject", flat=True)) == {"Salon #ventes"}
    run_jobs()
    assert network.asked == ["#ventes", "u1", "u2"]


def test_messages_stay_in_their_order(account: ChannelAccount, network: Knowing) -> None:
    network.words["m1"] = "Premier"
    deliver(account, {"id": "m1", "text": None, "mention": True})
    deliver(account, {"id": "m2", "text": "Second"}, minutes=1)
    run_jobs()
    assert list(Message.objects.in_order().values_list("text", flat=True)) == ["Premier", "Second"]
    assert Conversation.objects.get().last_message_text == "Second"


def test_those_whom_a_message_calls_by_ids_are_called_by_names(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1", "text": "Bonjour @u2"})
    assert Message.objects.get().text == "Bonjour @u2"
    run_jobs()
    assert Message.objects.get().text == "Bonjour @Paul Durand"
    assert Conversation.objects.get().last_message_text == "Bonjour @Paul Durand"
    assert Event.objects.filter(name="message.completed", subject_id=Message.objects.get().pk).count() == 1
    deliver(account, {"id": "m1", "text": "Bonjour @u2"}, minutes=1)  # told twice
    run_jobs()
    assert network.asked.count("Bonjour @u2") == 1


def test_names_of_what_was_edited_meanwhile_are_those_of_the_edit(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1", "text": "Bonjour @u2"})
    deliver(account, {"id": "e1", "changes": "m1", "text": "Bonsoir @u1 et @u2"}, minutes=1)
    run_jobs()
    assert Message.objects.get().text == "Bonsoir @Léa Martin et @Paul Durand"


def test_what_only_tells_who_goes_on_with_an_exchange_is_not_asked_about(
    account: ChannelAccount, network: Knowing
) -> None:
    deliver(account, {"id": "m1"})
    run_jobs()
    cache.clear()  # a day later
    passed = NetworkEvent(
        EventKind.IGNORED, thread_id="t", author=Author("u1"), holder=Holder(is_ours=False), sent_at=at(1)
    )
    receive(account, [passed, change("read", None, by="u1", minutes=2)])
    network.names["u1"] = "Léa Dubois"
    run_jobs()
    assert Contact.objects.get().name == "Léa Dubois"


def test_who_is_not_told_of_keeps_no_name_of_the_place_back(account: ChannelAccount, network: Knowing) -> None:
    network.refuses = PermanentError("We know nobody.")
    deliver(account, {"id": "m1", "thread": "#aide"})
    run_jobs()
    assert Conversation.objects.get().subject == "Salon #aide"


def in_places(*places: str) -> list[dict[str, Any]]:
    """One message in each, of somebody whose name is known."""
    return [{"id": f"in{place}", "thread": place, "author": None} for place in places]


def test_what_began_while_its_place_was_being_named_is_named_too(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, *in_places("#aide"))
    second = jobs()
    run_jobs()
    Conversation.objects.update(subject="")  # as one whose batch ended after the name was given
    complete(**second[0].args)
    assert (Conversation.objects.get().subject, network.asked) == ("Salon #aide", ["#aide"])


def test_what_was_split_off_before_is_named_too(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, *[{"id": identifier, "thread": "#aide"} for identifier in ("m1", "m2")])
    messages = list(Message.objects.order_by("pk"))
    split_conversation(messages[0].conversation_id, message_ids=[messages[1].pk], by=None)
    run_jobs()
    assert list(Conversation.objects.values_list("subject", flat=True)) == ["Salon #aide", "Salon #aide"]


def test_the_questions_of_a_batch_are_asked_within_one_another(
    account: ChannelAccount, network: Knowing, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[list[str]] = []

    @contextlib.contextmanager
    def noted(_connector: object) -> Iterator[None]:
        before = len(network.asked)
        yield
        asking.append(network.asked[before:])

    monkeypatch.setattr(Nameless, "asking", noted)
    deliver(account, *in_places("#aide", "#ventes"))
    run_jobs()
    assert asking == [["#aide", "#ventes"]]


def test_a_place_that_was_called_otherwise_is_called_so_a_day_later(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1", "thread": "#aide"}, {"id": "m2", "thread": "#aide", "author": "u2"})
    run_jobs()
    done = Conversation.objects.earliest("pk")
    Conversation.objects.filter(pk=done.pk).update(status=Conversation.Status.RESOLVED, resolved_at=at(0))
    cache.clear()  # a day later
    network.places["#aide"] = "Entraide"
    deliver(account, {"id": "m3", "thread": "#aide", "author": "u2"}, minutes=1)
    run_jobs()
    assert Conversation.objects.exclude(pk=done.pk).get().subject == "Entraide"
    done.refresh_from_db()
    assert done.subject == "Salon #aide"  # as it was called then


@pytest.mark.parametrize("told", ["#aide", ""])
def test_an_address_or_nothing_replaces_no_name(account: ChannelAccount, network: Knowing, told: str) -> None:
    deliver(account, {"id": "m1", "thread": "#aide"})
    run_jobs()
    cache.clear()  # a day later
    network.places["#aide"] = told
    deliver(account, {"id": "m2", "thread": "#aide"}, minutes=1)
    run_jobs()
    assert Conversation.objects.get().subject == "Salon #aide"


def test_a_subject_that_somebody_wrote_stays(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, *in_places("#aide"))
    Message.objects.update(subject="Ma lampe")
    Conversation.objects.update(subject="Ma lampe")
    run_jobs()
    assert Conversation.objects.get().subject == "Ma lampe"


def test_a_place_that_cannot_be_asked_for_keeps_no_other_name_back(account: ChannelAccount, network: Knowing) -> None:
    network.refuses_place["#a"] = TransientError("This room breaks the server.")
    deliver(account, *in_places("#a", "#b"))
    run_jobs()
    assert Conversation.objects.get(thread_id="#b").subject == "Salon #b"
    (again,) = jobs()
    assert [one["thread_id"] for one in again.args["events"]] == ["#a"]
    for _number in range(6):
        run_jobs()
    assert (jobs(), network.asked.count("#a"), network.asked.count("#b")) == ([], 4, 1)


def test_a_network_that_asks_for_a_pause_is_given_it_at_once(account: ChannelAccount, network: Knowing) -> None:
    network.refuses_place["#a"] = TransientError("Slow down.", retry_after=timedelta(seconds=60))
    deliver(account, *in_places("#a", "#b", "#c"))
    run_jobs()
    (again,) = jobs()
    assert [one["thread_id"] for one in again.args["events"]] == ["#b", "#c", "#a"]
    assert network.asked == ["#a"]


def test_a_network_that_answers_nothing_is_soon_left_alone(account: ChannelAccount, network: Knowing) -> None:
    places = [f"#{number}" for number in range(9)]
    network.refuses_place = {place: TransientError("Nobody answers.") for place in places}
    deliver(account, *in_places(*places))
    run_jobs()
    assert len(network.asked) == 3
    assert len(jobs()[0].args["events"]) == 9


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("a\x00b\x07\n\tc", "a b c"),
        ("\u202e\u2067gnp.egami\u2069", "gnp.egami"),
        ("  ", ""),
        ("n" * 10_000, "n" * 499 + "…"),
    ],
)
def test_the_name_of_a_place_is_one_line_that_turns_nothing(
    account: ChannelAccount, network: Knowing, called: str, shown: str
) -> None:
    network.places["#aide"] = called
    deliver(account, *in_places("#aide"))
    run_jobs()
    assert Conversation.objects.get().subject == shown


def test_two_workers_at_once_ask_for_a_place_once(account: ChannelAccount, network: Knowing) -> None:
    deliver(account, {"id": "m1", "thread": "#aide"})
    deliver(account, {"id": "m2", "thread": "#aide", "author": "u2"}, minutes=1)
    second = jobs()[1]
    network.meanwhile = lambda: complete(**second.args)
    run_jobs()
    assert network.asked.count("#aide") == 1
    assert set(Conversation.objects.values_list("subject", flat=True)) == {"Salon #aide"}


def test_what_could_not_be_asked_for_can_be_asked_for_at_once(account: ChannelAccount, network: Knowing) -> None:
    network.refuses_place["#aide"] = TransientError("Nobody answers.")
    deliver(account, *in_places("#aide"))
    run_jobs()
    network.refuses_place.clear()
    run_jobs()
    assert Conversation.objects.get().subject == "Salon #aide"
