"""How often the bot must be proven right with an entry: asked per entry, kept in the record, told in each decision."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comptoir.bot.actions import set_target
from comptoir.bot.batches import keep_proof
from comptoir.bot.drift import has_fallen
from comptoir.bot.models import CatalogueSurety, Decision, EntryTarget
from comptoir.bot.queries import Share
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.understanding.deciding.certainty import Proof, Surety, faultless_needed, sureties_of
from tests.bot.deciding import decided_by, make_answerable, make_bot_account, make_question
from tests.factories import make_agent
from tests.understanding.test_certainty import cases
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

#: A catalogue that has proven itself right 95 times of 100, and no more.
PROOF = Proof(
    1.0, 0.0, {95: Surety(0.9, 90, 90, 0.955), 98: Surety(None, 90, 90, 0.955), 99: Surety(None, 90, 90, 0.955)}
)


@pytest.fixture
def administrator() -> Agent:
    return make_agent(role=Agent.Role.ADMINISTRATOR, language="en")


def test_an_entry_of_which_95_are_asked_is_answered_with_where_98_are_not_proven(administrator: Agent) -> None:
    account, entry = make_bot_account(), make_answerable()
    assert decided_by(PROOF, make_question(account), entry).done == Decision.Done.PROPOSED
    set_target(entry.pk, 95, by=administrator)
    decision = decided_by(PROOF, make_question(account), entry)
    assert decision.done == Decision.Done.ANSWERED
    assert (decision.least_per_cent, decision.answers_from) == (95, 0.9)


def test_who_asked_for_less_is_in_the_record(administrator: Agent) -> None:
    entry = make_answerable()
    set_target(entry.pk, 95, by=administrator)
    set_target(entry.pk, 95, by=administrator)
    event = Event.objects.get(name="entry.bot_target_set")
    assert (event.details["before"], event.details["after"]) == (98, 95)
    assert event.actor_id == administrator.pk


def test_another_share_is_refused(administrator: Agent) -> None:
    with pytest.raises(ValueError, match="50"):
        set_target(make_answerable().pk, 50, by=administrator)
    assert not EntryTarget.objects.exists()


def test_what_is_proven_is_kept_for_each_share() -> None:
    keep_proof(PROOF, "a version")
    assert dict(CatalogueSurety.objects.values_list("least_per_cent", "answers_from")) == {95: 0.9, 98: None, 99: None}


@pytest.mark.parametrize(("per_cent", "needed"), [(95, 80), (98, 203), (99, 408)])
def test_it_takes_so_many_answers_without_a_mistake(per_cent: int, needed: int) -> None:
    assert faultless_needed(per_cent / 100) == needed
    assert sureties_of(cases(0.98, needed, 0))[per_cent].answers_from is not None
    assert sureties_of(cases(0.98, needed - 1, 0))[per_cent].answers_from is None


def test_an_entry_is_taken_off_when_it_falls_below_what_is_asked_of_it() -> None:
    assert has_fallen(Share(46, 50), 98)
    assert not has_fallen(Share(46, 50), 95)


def test_an_administrator_reads_the_consequence_and_chooses(administrator: Agent) -> None:
    entry = make_answerable()
    client = client_of(administrator)
    page = client.get(reverse("entry", args=[entry.pk])).content.decode()
    assert "95%: after 80 judged answers without a mistake; up to 5 answers in 100 may be wrong" in page
    client.post(reverse("bot_entry_target", args=[entry.pk]), {"least_per_cent": "99"})
    assert EntryTarget.objects.get().least_per_cent == 99
    assert "99 answers in 100 must be proven right." in client.get(reverse("entry", args=[entry.pk])).content.decode()


def test_a_supervisor_sees_it_and_may_not_change_it() -> None:
    client = client_of(make_agent(role=Agent.Role.SUPERVISOR, language="en"))
    entry = make_answerable()
    page = client.get(reverse("entry", args=[entry.pk])).content.decode()
    assert "98 answers in 100 must be proven right." in page
    assert reverse("bot_entry_target", args=[entry.pk]) not in page
    assert client.post(reverse("bot_entry_target", args=[entry.pk]), {"least_per_cent": "95"}).status_code == 403
