"""What the catalogue says is asked of the reader's process: the catalogue goes there once, and again when it must."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from comptoir.analysis.apart import Apart
from comptoir.bot.asking import CatalogueAtHand, proof_kept
from comptoir.bot.batches import decide_what_waits
from comptoir.bot.models import CatalogueSurety, Decision, DecisionToMake
from comptoir.core.clock import now
from comptoir.understanding.deciding.catalogue import Catalogue
from tests.bot.deciding import make_answerable, make_bot_account, make_question
from tests.understanding.test_retrieval import ENTRIES

KEYS = [entry.key for entry in ENTRIES]


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    one = Apart()
    yield one
    one.end()


def test_a_catalogue_is_sent_once_and_again_to_a_process_that_does_not_know_it(apart: Apart) -> None:
    catalogue = Catalogue("1", ENTRIES)
    first = apart.decide(["où est mon paquet"], catalogue, KEYS)
    assert first.decisions[0].candidates[0].entry == "parcel"
    assert first.proof.surety().answers_from is None, "three entries prove nothing"
    known = apart.decide(["où est mon paquet"], Catalogue("1"), KEYS)
    assert known.decisions == first.decisions
    apart.end()
    anew = apart.decide(["où est mon paquet"], catalogue, KEYS)
    assert anew.decisions[0].candidates[0].entry == "parcel"


@pytest.mark.django_db
@pytest.mark.usefixtures("fake_network")
def test_the_company_s_catalogue_finds_its_entry_for_what_a_customer_wrote(apart: Apart) -> None:
    account = make_bot_account("proposes")
    parcel = make_answerable(question="Où est mon colis ?")
    hours = ("vous ouvrez quand", "ouvert le dimanche ?")
    make_answerable(question="Vos horaires ?", phrasings=hours, answer="Le lundi.")
    message = make_question(account, "bonjour, mon colis n’est toujours pas là")
    DecisionToMake.objects.create(message=message, asked_at=now())
    assert not decide_what_waits(apart, CatalogueAtHand(), seconds=60.0)
    decision = Decision.objects.get()
    assert (decision.entry, decision.done) == (parcel, "proposed")
    assert decision.phrasing
    assert CatalogueSurety.objects.get(pk=98).answers_from is None
    assert CatalogueAtHand().get().proof == proof_kept(CatalogueAtHand().get().version), (
        "another process need not prove it again"
    )
