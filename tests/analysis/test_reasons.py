"""The company's tree of contact reasons, and how well they are told apart."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.analysis.errors import ReasonInUseError, ReasonNameTakenError, ReasonPlaceError
from comptoir.analysis.models import ContactReason, MessageTopic, ReasonHead
from comptoir.analysis.queries import reason_tree, reasons_told_apart
from comptoir.analysis.reasons import ReasonTerms, delete_reason, move_reason, save_reason
from comptoir.analysis.trees import examples_of, learn_trees
from comptoir.understanding.workshop import Workshop
from tests.analysis.reading import read
from tests.factories import make_analysis, make_brand, make_conversation, make_incoming, make_reason

pytestmark = pytest.mark.django_db

LATE = ["Mon colis est en retard", "Où est ma commande ?", "Toujours pas livré", "Le suivi n’a pas bougé"]
BILL = ["Je voudrais ma facture", "Il manque la TVA sur la facture", "Un duplicata de facture svp", "Invoice please"]


def test_a_reason_is_kept_with_its_examples_each_once() -> None:
    reason = save_reason(None, ReasonTerms("Retard", examples=[*LATE, f"  {LATE[0]} ", ""]))
    assert list(reason.examples.values_list("text", flat=True)) == LATE
    assert ProcrastinateJob.objects.filter(task_name="analysis.learn_trees").count() == 1


def test_one_name_stands_once_at_a_place() -> None:
    save_reason(None, ReasonTerms("Retard"))
    with pytest.raises(ReasonNameTakenError):
        save_reason(None, ReasonTerms("Retard"))
    save_reason(None, ReasonTerms("Retard", brand_id=make_brand().pk))


def test_a_reason_never_lies_below_itself() -> None:
    above = save_reason(None, ReasonTerms("Livraison"))
    below = save_reason(None, ReasonTerms("Retard", parent_id=above.pk))
    with pytest.raises(ReasonPlaceError):
        save_reason(above.pk, ReasonTerms("Livraison", parent_id=below.pk))


def test_reasons_lie_in_three_levels_at_most() -> None:
    place = None
    for level in range(3):
        place = save_reason(None, ReasonTerms(f"Niveau {level}", parent_id=place)).pk
    with pytest.raises(ReasonPlaceError):
        save_reason(None, ReasonTerms("Trop bas", parent_id=place))


def test_what_lies_below_a_brands_reason_is_of_that_brand() -> None:
    brand = make_brand()
    above = save_reason(None, ReasonTerms("Ampoules", brand_id=brand.pk))
    with pytest.raises(ReasonPlaceError):
        save_reason(None, ReasonTerms("Culot", parent_id=above.pk))
    save_reason(None, ReasonTerms("Culot", parent_id=above.pk, brand_id=brand.pk))


def test_a_reason_that_messages_were_filed_under_is_switched_off_not_deleted() -> None:
    reason = make_reason("Retard")
    make_analysis(make_incoming(make_conversation()), reason=reason)
    with pytest.raises(ReasonInUseError):
        delete_reason(reason.pk)
    empty = make_reason("Vide")
    delete_reason(empty.pk)
    assert list(ContactReason.objects.all()) == [reason]


def test_a_reason_with_others_below_it_is_not_deleted() -> None:
    above = make_reason("Livraison")
    make_reason("Retard", parent=above)
    with pytest.raises(ReasonInUseError):
        delete_reason(above.pk)


def test_the_tree_is_read_in_its_order() -> None:
    first, second = make_reason("Livraison", position=1), make_reason("Facture", position=2)
    make_reason("Retard", parent=first, position=3)
    assert [one.path for one in reason_tree()] == ["Livraison", "Livraison › Retard", "Facture"]
    move_reason(second.pk, up=True)
    assert [one.path for one in reason_tree()] == ["Facture", "Livraison", "Livraison › Retard"]


def test_messages_are_filed_under_what_was_learnt(workshop: Workshop) -> None:
    late, bill = make_reason("Retard", examples=LATE), make_reason("Facture", examples=BILL)
    assert learn_trees(workshop) == 1
    message = make_incoming(make_conversation(), text="Bonjour, la livraison a dix jours de retard, où est mon colis ?")
    read(workshop, message)
    assert MessageTopic.objects.order_by("-confidence")[0].reason == late
    measured = {one.reason: one.share_right for one in reasons_told_apart()}
    assert set(measured) == {late, bill}
    assert min(share for share in measured.values() if share is not None) >= 50


def test_a_tree_is_learnt_again_only_when_it_changed(workshop: Workshop) -> None:
    make_reason("Retard", examples=LATE)
    bill = make_reason("Facture", examples=BILL)
    assert (learn_trees(workshop), learn_trees(workshop)) == (1, 0)
    save_reason(bill.pk, ReasonTerms("Facture", examples=BILL[:2]))
    assert learn_trees(workshop) == 1


def test_one_reason_alone_tells_nothing(workshop: Workshop) -> None:
    reason = make_reason("Retard", examples=LATE)
    other = make_reason("Facture", examples=BILL)
    learn_trees(workshop)
    save_reason(other.pk, ReasonTerms("Facture", examples=BILL, is_active=False))
    learn_trees(workshop)
    assert not ReasonHead.objects.exists()
    assert list(examples_of(None)) == [str(reason.pk)]


def test_a_brand_with_reasons_of_its_own_has_its_own_head(workshop: Workshop) -> None:
    make_reason("Retard", examples=LATE)
    make_reason("Facture", examples=BILL)
    brand = make_brand()
    own = make_reason("Ampoule", brand=brand, examples=["Quelle ampoule choisir ?", "Culot E27 ou E14 ?"])
    assert learn_trees(workshop) == 2
    assert set(ReasonHead.objects.values_list("brand", flat=True)) == {None, brand.pk}
    elsewhere = make_incoming(make_conversation(), text="Quelle ampoule choisir, culot E27 ?")
    read(workshop, elsewhere)
    assert not MessageTopic.objects.filter(reason=own).exists()
