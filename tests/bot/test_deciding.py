"""The bot answers, proposes or only notes: in three modes, kept by rules, each message once."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from comptoir.bot.actions import Terms, set_bot, stop_bots
from comptoir.bot.asking import CatalogueAtHand
from comptoir.bot.batches import decide_what_waits
from comptoir.bot.deciding import decide_on
from comptoir.bot.models import BotSettings, CatalogueSurety, Decision, DecisionToMake, EntryRest, Mode
from comptoir.bot.withdrawing import withdraw_everything, withdraw_replies
from comptoir.bot.wording import _words, automatic_text
from comptoir.catalogue.content import Variant
from comptoir.catalogue.editing import retire_entry
from comptoir.catalogue.models import EntryUse
from comptoir.conversations.models import Draft, Message, Note
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation
from comptoir.desk.sending import send_reply
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.reactions import react_once
from comptoir.understanding.deciding.forbidding import forbidding
from tests.bot.deciding import (
    PROVEN,
    UNPROVEN,
    Knows,
    decided,
    found,
    make_answerable,
    make_bot_account,
    make_question,
)  # fmt: skip
from tests.factories import make_account, make_agent, make_incoming, make_reason, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


def test_an_account_of_which_nobody_said_anything_is_silent() -> None:
    decision = decided(make_question(make_account(kind="fake")), make_answerable())
    assert (decision.mode, decision.done, decision.would_answer) == ("silent", "noted", True)
    assert not Message.objects.outgoing().exists()


def test_what_it_may_answer_it_answers_and_says_what_it_is() -> None:
    account = make_bot_account()
    message = make_question(account)
    decision = decided(message, make_answerable())
    reply = decision.reply
    assert reply is not None
    assert (decision.done, reply.state, reply.agent, reply.visibility) == (
        "answered",
        "queued",
        None,
        message.visibility,
    )
    assert reply.text.splitlines() == [
        f"Réponse automatique de {account.brand.name}.", "", "Votre colis arrive sous deux jours.", "",
        "Pour parler à une personne, répondez « conseiller ».",
    ]  # fmt: skip
    assert EntryUse.objects.get().message_id == reply.pk
    assert Event.objects.get(name="message.queued").actor_kind == "bot"


@pytest.mark.parametrize("language", sorted(_words()))
def test_in_every_language_the_way_to_a_person_is_one_that_is_understood(language: str) -> None:
    way = _words()[language]["way"]
    found = re.search(r"[«“„]\s*(.+?)\s*[»”“]", way)
    assert found is not None
    word = found[1]
    assert "asks_for_person" in forbidding(word, language), word
    assert "Maison" in automatic_text("…", language=language, brand="Maison")


def test_what_is_proven_nowhere_is_proposed() -> None:
    decision = decided(make_question(make_bot_account()), make_answerable(), surety=UNPROVEN)
    assert (decision.done, decision.would_answer, decision.answers_from) == ("proposed", False, None)


def test_a_message_less_sure_than_what_is_proven_is_proposed() -> None:
    assert decided(make_question(make_bot_account()), make_answerable(), confidence=0.89).done == "proposed"


def test_a_bot_that_proposes_sends_nothing() -> None:
    decision = decided(make_question(make_bot_account("proposes")), make_answerable())
    assert (decision.done, decision.text) == ("proposed", "Votre colis arrive sous deux jours.")
    assert not Message.objects.outgoing().exists()


def test_nothing_is_found_where_no_entry_is_near() -> None:
    account = make_bot_account()
    assert decided(make_question(account), None).done == "nothing"
    assert decided(make_question(account), make_answerable(), confidence=0.2).done == "nothing"


def test_an_entry_that_was_retired_meanwhile_answers_nothing() -> None:
    entry = make_answerable()
    retire_entry(entry.pk, by=None)
    assert decided(make_question(make_bot_account()), entry).done == "nothing"


def test_a_topic_may_have_a_mode_of_its_own() -> None:
    account, above = make_bot_account("silent"), make_reason("Livraison")
    below = make_reason("Retard", parent=above)
    agent = make_agent()
    set_bot(account.pk, Terms(Mode.SILENT, "always", 2, 200, {above.pk: Mode.ANSWERS}), by=agent)
    assert decided(make_question(account, reason=below), make_answerable()).done == "answered"
    assert decided(make_question(account), make_answerable()).done == "noted"


READ: list[tuple[dict[str, Any], str]] = [
    ({"intent": "complaint", "intent_confidence": 0.9}, "complaint"),
    ({"intent": "complaint", "intent_confidence": 0.5, "corrected": ["intent"]}, "complaint"),
    ({"toxicity": 0.7}, "anger"),
    ({"urgency": 2}, "urgency"),
    ({"grounds": ["legal"]}, "legal"),
    ({"spam": 0.9}, "spam"),
    ({"needs_answer": False}, "no_answer_needed"),
]


@pytest.mark.parametrize(("read", "rule"), READ)
def test_what_was_read_in_a_message_forbids_an_answer(read: dict[str, Any], rule: str) -> None:
    decision = decided(make_question(make_bot_account(), **read), make_answerable())
    assert decision.rules == [rule]
    assert decision.done in {"proposed", "noted"}
    assert not decision.would_answer


def test_what_its_words_forbid_is_told_with_the_rest() -> None:
    decision = decided(make_question(make_bot_account()), make_answerable(), forbidden_by=("health", "asks_for_person"))
    assert decision.rules == ["asks_for_person", "health"]


def test_a_bot_is_never_answered() -> None:
    account = make_bot_account()
    message = make_question(account)
    Message.objects.filter(pk=message.pk).update(is_automatic=True)
    decision = decided(message, make_answerable())
    assert (decision.done, decision.rules) == ("noted", ["automatic"])


def test_an_entry_that_is_not_for_bots_or_rests_is_proposed() -> None:
    account = make_bot_account()
    assert decided(make_question(account), make_answerable(uses=("service",))).rules == ["not_allowed"]
    entry = make_answerable()
    EntryRest.objects.create(entry=entry, since=now(), cause="person")
    assert decided(make_question(account), entry).rules == ["resting"]


def test_an_answer_that_needs_what_is_not_known_is_proposed() -> None:
    entry = make_answerable(answer="Je suis {agent_name}, commande {order_number}.")
    assert decided(make_question(make_bot_account()), entry).rules == ["unfilled"]


def test_an_answer_in_another_language_is_proposed() -> None:
    entry = make_answerable(language="fr", variants=(Variant("It comes in two days.", "en"),))
    assert decided(make_question(make_bot_account()), entry).rules == ["language"]


def test_where_a_person_has_spoken_the_bot_leaves_it_to_them() -> None:
    account, agent = make_bot_account(), make_agent()
    message = make_question(account)
    send_reply(message.conversation_id, by=agent, text="Je regarde.", visibility="private")
    second = make_question(account, conversation=message.conversation)
    assert decided(second, make_answerable()).rules == ["person_in_charge"]


def test_where_a_person_is_writing_the_bot_leaves_it_to_them() -> None:
    message = make_question(make_bot_account())
    Draft.objects.create(conversation=message.conversation, agent=make_agent(), text="Bonj", visibility="private")
    assert decided(message, make_answerable()).rules == ["person_in_charge"]


def test_what_a_person_was_given_by_hand_is_theirs() -> None:
    account = make_bot_account()
    agent = make_agent(teams=[account.team])
    message = make_question(account)
    assign_conversation(message.conversation_id, to=agent, by=agent)
    assert decided(message, make_answerable()).rules == ["person_in_charge"]


def test_what_somebody_has_answered_is_not_answered_again() -> None:
    message = make_question(make_bot_account())
    send_reply(message.conversation_id, by=make_agent(), text="Il arrive.", visibility="private")
    decision = decided(message, make_answerable())
    assert (decision.done, decision.rules) == ("noted", ["answered"])


def test_only_the_last_message_of_a_customer_is_answered() -> None:
    account = make_bot_account()
    first = make_question(account)
    make_incoming(first.conversation, text="Et aussi…")
    assert decided(first, make_answerable()).rules == ["written_since"]


def test_the_same_answer_twice_did_not_help_and_a_person_takes_over() -> None:
    account, entry = make_bot_account(), make_answerable()
    first = make_question(account, "Où est mon colis ?")
    decided(first, entry)
    second = make_question(account, "Oui mais où est-il, mon colis ?", conversation=first.conversation)
    decision = decided(second, entry)
    assert (decision.done, decision.rules) == ("proposed", ["did_not_help"])
    note = Note.objects.get()
    assert "Où est mon colis ?" in note.text
    assert "Oui mais où est-il" in note.text
    assert entry.question in note.text
    assert Event.objects.filter(name="conversation.handed_over").count() == 1


def test_who_has_asked_for_a_person_once_is_not_answered_by_the_bot_again() -> None:
    account, entry = make_bot_account(), make_answerable()
    first = make_question(account, "Un conseiller ?")
    decided(first, entry, forbidden_by=("asks_for_person",))
    second = make_question(account, conversation=first.conversation)
    assert decided(second, make_answerable()).rules == ["asked_before"]


def test_it_speaks_only_so_often_in_a_row() -> None:
    account = make_bot_account(most_in_row=2)
    first = make_question(account)
    for _turn in range(2):
        assert decided(make_question(account, conversation=first.conversation), make_answerable()).done == "answered"
    assert decided(make_question(account, conversation=first.conversation), make_answerable()).rules == ["in_row"]


def test_hours_and_the_days_budget_are_kept() -> None:
    account = make_bot_account(hours="closed")
    assert decided(make_question(account), make_answerable()).rules == ["hours"]
    account = make_bot_account(most_a_day=1)
    assert decided(make_question(account), make_answerable()).done == "answered"
    assert decided(make_question(account), make_answerable()).rules == ["budget"]


def test_a_message_of_yesterday_is_a_persons() -> None:
    message = make_question(make_bot_account())
    Message.objects.filter(pk=message.pk).update(sent_at=now() - timedelta(hours=30))
    assert decided(message, make_answerable()).rules == ["too_late"]


def test_personal_data_in_public_is_refused_to_the_bot_too() -> None:
    account = make_bot_account()
    message = make_question(account)
    Message.objects.filter(pk=message.pk).update(visibility="public")
    decision = decided(message, make_answerable(answer="Appelez le 06 12 34 56 78."))
    assert (decision.done, decision.rules, decision.reply) == ("proposed", ["refused"], None)
    assert not Message.objects.outgoing().exists()


def test_one_switch_stops_every_bot_and_takes_back_what_has_not_left() -> None:
    account, agent = make_bot_account(), make_agent()
    before = decided(make_question(account), make_answerable())
    stop_bots(stopped=True, by=agent)
    withdraw_everything()
    assert Message.objects.get(pk=before.reply_id).state == "cancelled"
    assert decided(make_question(account), make_answerable()).done == "noted"
    stop_bots(stopped=False, by=agent)
    assert decided(make_question(account), make_answerable()).done == "answered"


def test_a_message_is_decided_about_once() -> None:
    message, entry = make_question(make_bot_account()), make_answerable()
    decided(message, entry)
    assert decide_on(message.pk, found(entry), PROVEN, on=date.today()) is None  # a brand's day
    assert Message.objects.outgoing().count() == 1


def test_what_was_decided_is_never_changed() -> None:
    decision = decided(make_question(make_bot_account()), make_answerable())
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(confidence=0.1)


def test_a_worker_that_dies_while_it_decides_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    message, entry = make_question(make_bot_account()), make_answerable()
    DecisionToMake.objects.create(message=message, asked_at=now())

    def dies(self: Decision, *_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(Decision, "save", dies)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            decided(message, entry)
    assert not Message.objects.outgoing().exists()
    assert DecisionToMake.objects.exists(), "the next worker finds it"
    decided(message, entry)
    assert Message.objects.outgoing().count() == 1


def test_what_was_read_is_decided_about_in_its_own_brands_catalogue() -> None:
    account = make_bot_account()
    own, others = make_answerable(brand_id=account.brand_id), make_answerable(brand_id=make_account().brand_id)
    message = make_question(account)
    glanced = make_question(account, form="light")
    DecisionToMake.objects.bulk_create(DecisionToMake(message=one, asked_at=now()) for one in (message, glanced))
    works = Knows(found(own))
    assert not decide_what_waits(works, CatalogueAtHand(), seconds=60.0)
    assert works.asked == [([message.text], [str(own.pk)])]
    assert str(others.pk) not in works.asked[0][1]
    assert list(DecisionToMake.objects.values_list("message", flat=True)) == [glanced.pk], "not read thoroughly yet"
    assert CatalogueSurety.objects.get(pk=98).answers_from == PROVEN.answers_from


@pytest.mark.django_db(transaction=True)
def test_a_reading_is_followed_by_a_decision() -> None:
    message = make_question(make_bot_account())
    record("message.analysed", subject=message)
    react_once()
    assert DecisionToMake.objects.get().message_id == message.pk


@pytest.mark.django_db(transaction=True)
def test_a_person_who_answers_while_the_bots_reply_waits_goes_first() -> None:
    message = make_question(make_bot_account())
    decision = decided(message, make_answerable())
    send_reply(message.conversation_id, by=make_agent(), text="Je m’en occupe.", visibility="private")
    react_once()
    assert withdraw_replies(message.conversation_id) == 1
    states = dict(Message.objects.outgoing().values_list("pk", "state"))
    assert states.pop(decision.reply_id) == "cancelled"
    assert list(states.values()) == ["queued"]


@pytest.mark.django_db(transaction=True)
def test_a_person_and_the_bot_at_the_same_moment_give_one_answer() -> None:
    message, entry, agent = make_question(make_bot_account()), make_answerable(), make_agent()
    begun = threading.Event()

    def person() -> None:
        with transaction.atomic():
            send_reply(message.conversation_id, by=agent, text="Je regarde.", visibility="private")
            begun.set()
            threading.Event().wait(0.5)
        connection.close()

    answering = threading.Thread(target=person)
    answering.start()
    assert begun.wait(30)
    decision = decided(message, entry)
    answering.join()
    assert (decision.done, decision.rules) == ("noted", ["answered"])
    assert Message.objects.outgoing().count() == 1


def test_settings_are_written_down() -> None:
    account, agent = make_account(kind="fake", team=make_team()), make_agent()
    set_bot(account.pk, Terms(Mode.PROPOSES, "open", 3, 50, {}), by=agent)
    kept = BotSettings.objects.get()
    assert (kept.mode, kept.hours, kept.most_in_row, kept.most_a_day) == ("proposes", "open", 3, 50)
    assert Event.objects.get(name="bot.set").details["mode"] == "proposes"
