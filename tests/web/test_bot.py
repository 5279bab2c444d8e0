"""The bot’s screens: a ruling sends, a refusal loses nothing, each decision is explained, the switch is one press."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.bot.models import BotSettings, BotSwitch, Decision, EntryRest, Ruling
from comptoir.bot.rulings import Word, rule_on
from comptoir.catalogue.approving import approve_version
from comptoir.catalogue.editing import rewrite_entry
from comptoir.conversations.models import Message
from comptoir.desk.sending import send_reply
from comptoir.people.models import Agent
from comptoir.web.confirming import seal_of
from tests.bot.deciding import UNPROVEN, decided, make_answerable, make_bot_account, make_question
from tests.catalogue.entries import content_of
from tests.factories import make_agent, make_reason
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


@pytest.fixture
def supervisor() -> Agent:
    return make_agent(role=Agent.Role.SUPERVISOR, name="Awa Diop", language="en")


@pytest.fixture
def client(supervisor: Agent) -> Client:
    return client_of(supervisor)


def proposed(**fields: object) -> Decision:
    message = make_question(make_bot_account("proposes"), "Il est où, mon colis ?")
    return decided(message, make_answerable(), **fields)  # type: ignore[arg-type]  # as given


def ruled(client: Client, decision: Decision, **posted: str) -> str:
    answer = client.post(reverse("rule_on_decision", args=[decision.pk]), posted, follow=True)
    return answer.content.decode()


def test_the_first_of_the_queue_is_open_with_its_answer_and_why(client: Client) -> None:
    decision = proposed(surety=UNPROVEN)
    page = client.get(reverse("arbitration")).content.decode()
    assert "Il est où, mon colis" in page
    assert "Votre colis arrive sous deux jours." in page
    assert "97% sure. The catalogue has not proven itself yet" in page
    assert decision.phrasing in page
    assert "nothing forbids an answer alone" in page


def test_what_forbade_is_said_in_words(client: Client) -> None:
    proposed(forbidden_by=("health", "asks_for_person"))
    page = client.get(reverse("arbitration")).content.decode()
    assert "the customer asks for a person" in page
    assert "it is about health" in page


def test_what_is_sent_leaves_in_the_arbiters_name(client: Client, supervisor: Agent) -> None:
    decision = proposed()
    page = ruled(client, decision, verdict="edited", text="Votre colis arrive demain.")
    assert "Sent with your changes." in page
    assert Message.objects.outgoing().get().agent == supervisor


def test_a_refusal_without_a_reason_loses_nothing(client: Client) -> None:
    decision = proposed()
    page = ruled(client, decision, verdict="refused", words="Nous livrons en Belgique.")
    assert "Say why you refuse it" in page
    assert "Nous livrons en Belgique." in page
    assert not Ruling.objects.exists()


def test_personal_data_in_public_is_asked_about_and_the_text_kept(client: Client) -> None:
    decision = proposed()
    Message.objects.filter(pk=decision.message_id).update(visibility="public")
    page = ruled(client, decision, verdict="edited", text="Appelez le 06 12 34 56 78.")
    assert "Appelez le 06 12 34 56 78." in page
    assert f'name="personal_data_confirmed" value="{seal_of("Appelez le 06 12 34 56 78.")}"' in page
    told = seal_of("Appelez le 06 12 34 56 78.")
    ruled(client, decision, verdict="edited", text="Appelez le 06 98 76 54 32.", personal_data_confirmed=told)
    assert not Message.objects.outgoing().exists(), "other words than those that were shown"
    ruled(client, decision, verdict="edited", text="Appelez le 06 12 34 56 78.", personal_data_confirmed=told)
    assert Message.objects.outgoing().get().visibility == "public"


def test_personal_data_of_the_proposal_itself_are_asked_about_too(client: Client) -> None:
    message = make_question(make_bot_account("proposes"), "Il est où, mon colis ?")
    decision = decided(message, make_answerable(answer="Appelez le 06 12 34 56 78."))
    Message.objects.filter(pk=decision.message_id).update(visibility="public")
    page = ruled(client, decision, verdict="as_is", back="conversation")  # beside the composer nothing is typed
    told = seal_of("Appelez le 06 12 34 56 78.")
    assert f'name="personal_data_confirmed" value="{told}"' in page
    assert not Message.objects.outgoing().exists()
    ruled(client, decision, verdict="as_is", text="Appelez le 06 12 34 56 78.", personal_data_confirmed=told)
    assert Message.objects.outgoing().get().text == "Appelez le 06 12 34 56 78."


def test_who_comes_second_reads_who_was_first(client: Client) -> None:
    decision = proposed()
    rule_on(decision.pk, Word(Ruling.Verdict.RIGHT), by=make_agent(name="Paul Roy"))
    assert "Paul Roy has ruled on this meanwhile" in ruled(client, decision, verdict="as_is")


def test_after_a_ruling_the_next_one_is_open(client: Client) -> None:
    first, second = proposed(), proposed()
    answer = client.post(
        reverse("rule_on_decision", args=[first.pk]), {"verdict": "right", "following": str(second.pk)}
    )
    assert answer.headers["Location"] == reverse("bot_decision", args=[second.pk])


def test_the_proposal_stands_beside_the_composer_until_somebody_answers(client: Client, supervisor: Agent) -> None:
    decision = proposed()
    address = reverse("answers", args=[decision.message.conversation_id])
    assert "Votre colis arrive sous deux jours." in client.get(address).content.decode()
    send_reply(decision.message.conversation_id, by=supervisor, text="Oui.", visibility="private")
    assert "The bot proposes" not in client.get(address).content.decode()


def test_an_answer_of_the_bot_is_called_so_in_the_exchange_and_says_why(client: Client) -> None:
    decision = decided(make_question(make_bot_account()), make_answerable())
    page = client.get(reverse("conversation", args=[decision.message.conversation_id])).content.decode()
    assert "The bot" in page
    assert reverse("bot_decision", args=[decision.pk]) in page


def test_the_note_of_a_hand_over_is_the_bots(client: Client) -> None:
    account, entry = make_bot_account(), make_answerable()
    first = make_question(account)
    decided(first, entry)
    decided(make_question(account, conversation=first.conversation), entry)
    page = client.get(reverse("conversation", args=[first.conversation_id])).content.decode()
    assert "Le robot passe la main" in page
    assert "Somebody who has left" not in page


def test_what_the_bot_may_do_is_set_by_account_and_topic(client: Client) -> None:
    account, reason = make_bot_account("silent"), make_reason("Livraison")
    address = reverse("account_bot", args=[account.pk])
    assert "Livraison" in client.get(address).content.decode()
    form = {"mode": "proposes", "hours": "closed", "most_in_row": "3", "most_a_day": "40"}
    client.post(address, form | {f"topic-{reason.pk}": "answers"})
    kept = BotSettings.objects.get()
    assert (kept.mode, kept.hours, kept.most_in_row, kept.most_a_day) == ("proposes", "closed", 3, 40)
    assert [(one.reason, one.mode) for one in kept.topics.all()] == [(reason, "answers")]
    client.post(address, form | {f"topic-{reason.pk}": ""})
    assert not kept.topics.exists()


def test_settings_that_cannot_be_are_refused_in_words(client: Client) -> None:
    account = make_bot_account("silent")
    form = {"mode": "answers", "hours": "always", "most_in_row": "0", "most_a_day": "40"}
    answer = client.post(reverse("account_bot", args=[account.pk]), form)
    assert answer.status_code == 422
    assert BotSettings.objects.get().mode == "silent"


def test_the_switch_stops_and_says_who(client: Client) -> None:
    client.post(reverse("bot_switch"), {"stopped": "yes"})
    assert BotSwitch.objects.get().is_stopped
    assert "Awa Diop has stopped every bot" in client.get(reverse("bot")).content.decode()
    assert "Every bot is stopped" in client.get(reverse("arbitration")).content.decode()


def test_an_entry_is_taken_off_and_given_back(client: Client) -> None:
    entry = make_answerable()
    client.post(reverse("bot_entry_rest", args=[entry.pk]), {"rests": "yes"})
    assert EntryRest.objects.get().cause == "person"
    assert "Taken off" in client.get(reverse("bot")).content.decode()
    client.post(reverse("bot_entry_rest", args=[entry.pk]), {"rests": "no"})
    assert not EntryRest.objects.exists()


def test_the_silent_score_is_told_with_what_so_few_can_tell(client: Client, supervisor: Agent) -> None:
    account, entry = make_bot_account("silent"), make_answerable()
    for _one in range(3):
        rule_on(decided(make_question(account), entry).pk, Word(Ruling.Verdict.RIGHT), by=supervisor)
    page = client.get(reverse("bot")).content.decode()
    assert "3 of 3 right: 100%, between 29 and 100%" in page


@pytest.mark.parametrize("name", ["arbitration", "bot"])
def test_more_decisions_ask_the_database_no_more_often(client: Client, supervisor: Agent, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    rule_on(proposed().pk, Word(Ruling.Verdict.RIGHT), by=supervisor)
    proposed(), proposed()
    few = asked()
    for _one in range(4):
        rule_on(proposed().pk, Word(Ruling.Verdict.RIGHT), by=supervisor)
        proposed()
    assert asked() == few


@pytest.mark.parametrize("typed", ["", "Je regarde cela pour vous."])
def test_what_was_changed_twice_meanwhile_is_shown_as_it_is_now_and_what_was_typed_is_kept(
    client: Client, typed: str
) -> None:
    entry = make_answerable()
    decision = decided(make_question(make_bot_account("proposes")), entry)
    page = client.get(reverse("bot_decision", args=[decision.pk]))
    for answer in ("Sous trois jours.", "Sous quatre jours."):
        shown = page.context["shown"].proposal
        version = rewrite_entry(entry.pk, content_of(answer, question=entry.question), by=None)
        approve_version(version.pk, by=None)
        posted = {"verdict": "edited", "text": typed or shown.text, "offered": shown.text, "version": shown.version_id}
        page = client.post(reverse("rule_on_decision", args=[decision.pk]), posted)
        assert page.status_code == 422
        assert f">{typed or answer}</textarea>" in unescape(page.content.decode())
        assert f'data-offered="{answer}"' in page.content.decode()
    assert not Message.objects.outgoing().exists()
