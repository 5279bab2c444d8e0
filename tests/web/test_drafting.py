"""A language model of the company's own drafts and rewrites: grounded, within its budget, and it sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.analysis.models import WriterDay
from comptoir.analysis.writing import writer
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import UnfilledError
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.catalogue.entries import make_entry
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.web.conftest import client_of
from tests.writing_model import Model, model_running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

ENTRY = "Oui, nous livrons en Belgique sous 3 jours ouvrés."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Model]:
    monkeypatch.setattr(AT_HAND, "_shelf", None)
    with model_running() as running:
        named = tmp_path / "models.toml"
        named.write_text(f'[writer]\nurl = "{running.url}"\nmodel = "small"\ncalls_per_day = 3\n')
        monkeypatch.setenv("COMPTOIR_UNDERSTANDING", str(named))
        writer.cache_clear()
        yield running
    writer.cache_clear()


@pytest.fixture
def agent() -> Agent:
    return make_agent(role=Agent.Role.ADMINISTRATOR, name="Awa Diop", language="en")


@pytest.fixture
def client(agent: Agent) -> Client:
    return client_of(agent)


@pytest.fixture
def conversation() -> Conversation:
    identity = make_identity(name="Julie Martin")
    conversation = make_conversation(account=make_account(team=make_team()), identity=identity, language="fr")
    make_incoming(conversation, text="Livrez-vous en Belgique ? Julie Martin, 06 12 34 56 78")
    conversation.waiting_since = now()
    conversation.save()
    return conversation


def make_catalogue() -> int:
    entry = make_entry(question="Livrez-vous en Belgique ?", answer=ENTRY, phrasings=("livraison en Belgique",))
    read_catalogue()
    return entry.pk


def draft(client: Client, conversation: Conversation) -> str:
    return client.post(reverse("draft_answer", args=[conversation.pk])).content.decode()


def rewrite(client: Client, conversation: Conversation, text: str) -> str:
    return client.post(reverse("rewrite_reply", args=[conversation.pk]), {"text": text}).content.decode()


def test_a_draft_is_shown_with_what_it_rests_on_and_sends_nothing(
    model: Model, client: Client, conversation: Conversation
) -> None:
    entry_id = make_catalogue()
    model.text = "Bonjour {first_name}, oui, sous 3 jours ouvrés [1].\n{agent_name}"
    page = draft(client, conversation)
    assert "Bonjour Julie, oui, sous 3 jours ouvrés" in page
    assert "Awa Diop" in page
    assert f'data-answer="{entry_id}"' in page
    assert not Message.objects.outgoing().exists()
    assert Event.objects.get(name="answer.drafted").details["entries"] == [str(entry_id)]


def test_nothing_personal_leaves_for_the_model(model: Model, client: Client, conversation: Conversation) -> None:
    make_catalogue()
    model.text = "Oui [1]."
    draft(client, conversation)
    for personal in ("Julie", "Martin", "06 12", "Awa"):
        assert personal not in model.read


def test_what_no_entry_says_is_marked_and_cannot_leave(
    model: Model, client: Client, conversation: Conversation, agent: Agent
) -> None:
    make_catalogue()
    model.text = "Oui, sous 3 jours ouvrés [1], pour 4,90 €."
    page = draft(client, conversation)
    assert '<mark class="unfounded">4,90 €</mark>' in page
    assert "pour {to_check}." in page
    with pytest.raises(UnfilledError):
        queue_reply(conversation.pk, by=agent, text="Oui, pour {to_check}.", visibility="public")


def test_without_an_entry_nothing_is_asked(model: Model, client: Client, conversation: Conversation) -> None:
    assert "a draft would rest on nothing" in draft(client, conversation)
    assert model.asked == []


def test_a_rewriting_is_a_difference_to_accept(model: Model, client: Client, conversation: Conversation) -> None:
    model.text = "Bonjour, votre colis arrive demain."
    page = rewrite(client, conversation, "bjr votre colis arrive demain")
    assert "<del>bjr</del>" in page
    assert 'data-text="Bonjour, votre colis arrive demain."' in page


def test_a_model_that_fails_is_told_and_changes_nothing(
    model: Model, client: Client, conversation: Conversation
) -> None:
    model.status = 500
    page = rewrite(client, conversation, "votre colis arrive demain")
    assert "refused" in page
    assert not Message.objects.outgoing().exists()


def test_the_day_has_so_many_calls_and_no_more(model: Model, client: Client, conversation: Conversation) -> None:
    model.text = "Votre colis arrive."
    for _ in range(3):
        rewrite(client, conversation, "le colis arrive, voilà")
    assert "as much as it may today" in rewrite(client, conversation, "le colis arrive, voilà")
    assert len(model.asked) == 3
    assert WriterDay.objects.get().calls == 3


def test_where_no_model_is_named_there_is_neither_button_nor_address(
    client: Client, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMPTOIR_UNDERSTANDING", raising=False)
    writer.cache_clear()
    page = client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "composer-better" not in page
    assert client.post(reverse("rewrite_reply", args=[conversation.pk]), {"text": "x" * 20}).status_code == 404


def test_the_buttons_are_there_where_one_is(model: Model, client: Client, conversation: Conversation) -> None:
    make_catalogue()
    assert "composer-better" in client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "Draft from these answers" in client.get(reverse("answers", args=[conversation.pk])).content.decode()


def test_a_conversation_of_another_team_is_not_drafted_for(model: Model, conversation: Conversation) -> None:
    stranger = client_of(make_agent(teams=[make_team()]))
    for name in ("draft_answer", "rewrite_reply"):
        answer = stranger.post(reverse(name, args=[conversation.pk]), {"text": "Bonjour à vous tous"})
        assert answer.status_code == 404
    assert model.asked == []


def test_a_name_leaves_neither_after_a_letter_that_is_two_in_capitals_nor_written_in_capitals(
    model: Model, client: Client
) -> None:
    identity = make_identity(name="Jürgen Groß")
    conversation = make_conversation(account=make_account(team=make_team()), identity=identity, language="fr")
    make_incoming(conversation, text="Livrez-vous en Belgique ? Grüße aus der Straße, Jürgen GROSS")
    make_catalogue()
    model.text = "Oui [1]."
    draft(client, conversation)
    assert model.asked
    for personal in ("Jü", "GRO", "SS"):
        assert personal not in model.read


@pytest.mark.parametrize("way", [draft, rewrite])
def test_the_brands_own_numbers_do_not_leave(
    way: Callable[..., str], model: Model, client: Client, conversation: Conversation
) -> None:
    brand = conversation.account.brand
    brand.order_forms = ["LU@@@@"]
    brand.save()
    make_incoming(conversation, text="Livrez-vous en Belgique ? C’est pour LUXYZT.")
    make_catalogue()
    model.text = "Oui [1]."
    way(client, conversation, **({"text": "votre colis LUXYZT arrive"} if way is rewrite else {}))
    assert model.asked
    assert "LUXYZT" not in model.read
