"""Entries with files: the bot answers with them where the channel takes them; else it proposes nothing and says so."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from comptoir.bot.errors import FileGoneError
from comptoir.bot.models import Decision, Ruling
from comptoir.bot.rulings import Word, rule_on
from comptoir.catalogue.content import File, Variant
from comptoir.catalogue.models import CatalogueEntry
from comptoir.conversations.files import discard_file, keep_file
from comptoir.people.models import Agent
from tests.bot.deciding import PHRASINGS, decided, make_answerable, make_bot_account, make_question
from tests.factories import make_agent
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

PICTURE = b"\x89PNG\r\n\x1a\n" + b"a plan of the shop"


def make_entry_with(*names: str, content: bytes = PICTURE, mime_type: str = "image/png") -> CatalogueEntry:
    kept = [(name, keep_file(io.BytesIO(content), declared_type=mime_type)) for name in names]
    files = tuple(File(name, one.storage_key, mime_type, len(content)) for name, one in kept)
    return make_answerable(variants=(Variant("Voici le plan.", "fr", files=files),), phrasings=PHRASINGS)


def sent_names(decision: Decision) -> list[str]:
    assert decision.reply is not None
    return list(decision.reply.attachments.values_list("name", flat=True))


def test_the_bot_answers_with_the_file() -> None:
    decision = decided(make_question(make_bot_account()), make_entry_with("plan.png"))
    assert decision.done == Decision.Done.ANSWERED
    assert sent_names(decision) == ["plan.png"]


def test_what_the_channel_does_not_take_is_not_even_proposed_and_it_says_why() -> None:
    entry = make_entry_with("plan.pdf", content=b"%PDF-1.4 a plan", mime_type="application/pdf")
    decision = decided(make_question(make_bot_account()), entry)
    assert (decision.done, decision.rules) == (Decision.Done.NOTED, ["files"])


def test_more_files_than_the_channel_takes_are_not_proposed() -> None:
    decision = decided(make_question(make_bot_account()), make_entry_with("1.png", "2.png", "3.png"))
    assert (decision.done, decision.rules) == (Decision.Done.NOTED, ["files"])


def test_a_file_that_is_gone_leaves_the_answer_to_a_person() -> None:
    entry = make_entry_with("plan.png")
    discard_file(entry.variants.get().files.get().storage_key)
    decision = decided(make_question(make_bot_account()), entry)
    assert (decision.done, decision.rules, decision.reply) == (Decision.Done.PROPOSED, ["refused"], None)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", language="en")


def proposed(*names: str) -> Decision:
    return decided(make_question(make_bot_account("proposes")), make_entry_with(*names))


def test_who_sends_a_proposal_sends_its_files(agent: Agent) -> None:
    ruling = rule_on(proposed("plan.png").pk, Word(Ruling.Verdict.AS_IS), by=agent)
    assert ruling.reply is not None
    assert [one.name for one in ruling.reply.attachments.all()] == ["plan.png"]


def test_who_wants_no_file_leaves_it_out(agent: Agent) -> None:
    ruling = rule_on(proposed("plan.png").pk, Word(Ruling.Verdict.AS_IS, with_files=False), by=agent)
    assert ruling.reply is not None
    assert not ruling.reply.attachments.exists()


def test_a_file_that_is_gone_is_told_to_whoever_sends(agent: Agent) -> None:
    decision = proposed("plan.png")
    discard_file(decision.files[0]["storage_key"])
    with pytest.raises(FileGoneError, match=r"plan\.png"):
        rule_on(decision.pk, Word(Ruling.Verdict.AS_IS), by=agent)
    assert not Ruling.objects.exists()


def test_arbitration_and_the_composer_name_the_file() -> None:
    decision = proposed("plan.png")
    client = client_of(make_agent(role=Agent.Role.SUPERVISOR))
    assert "plan.png" in client.get(reverse("arbitration")).content.decode()
    assert "plan.png" in client.get(reverse("answers", args=[decision.message.conversation_id])).content.decode()
