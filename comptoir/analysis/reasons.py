"""Contact reasons: made, changed, put in order, switched off, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from comptoir.analysis.errors import ReasonInUseError, ReasonNameTakenError, ReasonPlaceError
from comptoir.analysis.models import ContactReason, ConversationReading, MessageTopic, ReasonExample
from comptoir.analysis.trees import ask_to_learn_trees
from comptoir.core.lines import on_one_line
from comptoir.events.record import SYSTEM, Actor, record

#: A reason, one below it, and one below that: what a person still oversees.
MOST_LEVELS = 3
MOST_EXAMPLES = 200
_MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class ReasonTerms:
    """What a reason is: its name, where it lies, whose it is, what customers say of it, whether it is used."""

    name: str
    parent_id: int | None = None
    brand_id: int | None = None
    examples: Sequence[str] = ()
    is_active: bool = True


@transaction.atomic
def save_reason(reason_id: int | None, terms: ReasonTerms, *, by: Actor = SYSTEM) -> ContactReason:
    """Make a reason, or change one; the trees are then learnt anew, in the background.

    Raises ContactReason.DoesNotExist, ReasonNameTakenError, ReasonPlaceError.
    """
    held = {reason.pk: reason for reason in ContactReason.objects.select_for_update(of=("self",)).order_by("pk")}
    if reason_id is not None and reason_id not in held:
        raise ContactReason.DoesNotExist
    reason = held[reason_id] if reason_id is not None else ContactReason(position=_end())
    _check_place(held, reason, terms)
    reason.name, reason.parent_id, reason.brand_id = terms.name, terms.parent_id, terms.brand_id
    reason.is_active = terms.is_active
    try:
        with transaction.atomic():
            reason.save()
    except IntegrityError as error:
        raise ReasonNameTakenError(terms.name) from error
    _keep_examples(reason, terms.examples)
    record(
        "contact_reason.saved",
        subject=reason,
        by=by,
        title=reason.name,
        examples=len(terms.examples),
        is_active=reason.is_active,
    )
    ask_to_learn_trees()
    return reason


def _end() -> int:
    return (ContactReason.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def _check_place(held: dict[int, ContactReason], reason: ContactReason, terms: ReasonTerms) -> None:
    """The whole tree is held: nobody else moves a reason meanwhile."""
    above: list[ContactReason] = []
    place = terms.parent_id
    while place is not None:
        if place not in held or place == reason.pk:
            raise ReasonPlaceError(_("A reason cannot lie below itself. Choose another place for it."))
        above.append(held[place])
        place = held[place].parent_id
    if len(above) + _depth(held, reason.pk) > MOST_LEVELS:
        text = _("Reasons lie in %(levels)s levels at most. Choose a place further up.")
        raise ReasonPlaceError(text % {"levels": MOST_LEVELS})
    below = [one for one in held.values() if one.parent_id in held and one.parent_id == reason.pk]
    is_foreign = any(one.brand_id not in (None, terms.brand_id) for one in above[:1])
    if is_foreign or any(terms.brand_id not in (None, one.brand_id) for one in below):
        raise ReasonPlaceError(_("What lies below a brand’s reason is of that brand too. Choose the same brand."))


def _depth(held: dict[int, ContactReason], pk: int | None) -> int:
    """How many levels a reason takes with what lies below it."""
    below = [one.pk for one in held.values() if pk is not None and one.parent_id == pk]
    return 1 + max((_depth(held, one) for one in below), default=0)


def _keep_examples(reason: ContactReason, examples: Sequence[str]) -> None:
    """In the order given; one that stands already is left where it is."""
    wanted = list(dict.fromkeys(on_one_line(text)[:_MOST_CHARS] for text in examples if text.strip()))
    wanted = wanted[:MOST_EXAMPLES]
    reason.examples.exclude(text__in=wanted).delete()
    ReasonExample.objects.bulk_create(
        [ReasonExample(reason=reason, text=text) for text in wanted], ignore_conflicts=True
    )


@transaction.atomic
def move_reason(reason_id: int, *, up: bool, by: Actor = SYSTEM) -> None:
    """One place up or down among those beside it. Raises ContactReason.DoesNotExist."""
    held = list(ContactReason.objects.select_for_update(of=("self",)).order_by("position", "id"))
    moved = next((one for one in held if one.pk == reason_id), None)
    if moved is None:
        raise ContactReason.DoesNotExist
    beside = [one for one in held if one.parent_id == moved.parent_id]
    place = beside.index(moved)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(beside):
        return
    beside[place], beside[other] = beside[other], beside[place]
    for position, one in enumerate(beside, start=1):
        one.position = position
    ContactReason.objects.bulk_update(beside, ["position"])
    record("contact_reason.moved", subject=moved, by=by, title=moved.name)


@transaction.atomic
def delete_reason(reason_id: int, *, by: Actor = SYSTEM) -> None:
    """Forget a reason that nothing was filed under. Raises ContactReason.DoesNotExist, ReasonInUseError."""
    reason = ContactReason.objects.select_for_update(of=("self",)).get(pk=reason_id)
    is_used = MessageTopic.objects.filter(reason=reason).exists()
    if is_used or ConversationReading.objects.filter(reason=reason).exists():
        raise ReasonInUseError
    record("contact_reason.deleted", subject=reason, by=by, title=reason.name)
    try:
        with transaction.atomic():
            reason.delete()
    except ProtectedError as error:
        raise ReasonInUseError from error
    ask_to_learn_trees()
