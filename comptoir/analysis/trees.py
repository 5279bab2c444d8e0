"""Learning to tell contact reasons apart: the company's tree, and one for each brand that has reasons of its own."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction

from comptoir.analysis.models import ContactReason, Figure, ReasonHead, TrainedHeads
from comptoir.analysis.teaching import (
    ENOUGH,
    LEAST_HELD_OUT,
    attempt_at,
    keep_attempts,
    new_corrections,
    schooling,
)
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.understanding.adapting import Lesson
from comptoir.understanding.replacing.settings import ReplacingError, replacing
from comptoir.understanding.workshop import TaughtTopics, Works

#: Below so many reasons with examples there is nothing to tell apart.
LEAST_REASONS = 2

Examples = Mapping[str, Sequence[str]]


def ask_to_learn_trees() -> None:
    """Have the trees learnt anew, after something of them has changed."""
    defer("analysis.learn_trees", lock="analysis.learn", only_once="analysis.learn_trees")


def learn_trees(works: Works) -> int:
    """Learn each tree whose reasons or examples changed since; how many were. One that is no more is forgotten."""
    learnt, standing = 0, []
    for brand_id in _brands():
        examples = examples_of(brand_id)
        if len(examples) < LEAST_REASONS:
            continue
        standing.append(brand_id)
        former = ReasonHead.objects.filter(brand=brand_id).first()
        has_corrections = former is not None and former.has_corrections
        fingerprint = _fingerprint(examples)
        if former is not None and former.fingerprint == fingerprint:
            continue
        lessons = _learnt_from(schooling(Figure.TOPIC).lessons, examples) if has_corrections else []
        taught = works.teach_topics(examples, lessons, None)
        _keep(brand_id, taught, fingerprint, has_corrections=has_corrections)
        learnt += 1
    for head in ReasonHead.objects.all():
        if head.brand_id not in standing:
            head.delete()
    return learnt


def learn_topics(works: Works, *, at_once: bool = False) -> list[TrainedHeads]:
    """Learn from corrected reasons, where there are enough: corrected messages become examples, if that is better."""
    if new_corrections(Figure.TOPIC) < (1 if at_once else ENOUGH):
        return []
    found = schooling(Figure.TOPIC)
    attempts = []
    for head in ReasonHead.objects.order_by("id"):
        examples = examples_of(head.brand_id)
        lessons = [one for one in found.lessons if one.label in examples]
        held_out = sum(one.is_held_out and one.is_corrected for one in lessons)
        if held_out < LEAST_HELD_OUT or len(examples) < LEAST_REASONS:
            continue
        taught = works.teach_topics(examples, _corrected_only(lessons), bytes(head.coefficients))
        is_better = taught.after.share_right > taught.before.share_right
        if is_better:
            _keep(head.brand_id, taught, _fingerprint(examples), has_corrections=True)
        kept = taught.head if is_better else None
        attempts.append(attempt_at(Figure.TOPIC, "full", found, taught.before, taught.after, kept))
    return keep_attempts(attempts)


def examples_of(brand_id: int | None) -> dict[str, list[str]]:
    """What is said of each active reason that a brand's messages can have, by its id; those without are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    reasons = ContactReason.objects.active().of_brand(brand_id).order_by("position", "id")
    for pk, text in reasons.filter(examples__isnull=False).values_list("pk", "examples__text"):
        found[str(pk)].append(text)
    return dict(found)


def _brands() -> list[int | None]:
    own = ContactReason.objects.active().filter(brand__isnull=False, examples__isnull=False)
    return [None, *own.order_by("brand").values_list("brand_id", flat=True).distinct()]


def _corrected_only(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Only what people said themselves becomes an example; all of it is measured on."""
    return [one for one in lessons if one.is_corrected or one.is_held_out]


def _learnt_from(lessons: Sequence[Lesson], examples: Examples) -> list[Lesson]:
    return [one for one in lessons if one.is_corrected and not one.is_held_out and one.label in examples]


def _fingerprint(examples: Examples) -> str:
    """Of everything that a head is made from."""
    try:
        embedder = repr(replacing().embedder)
    except ReplacingError:
        embedder = "None"
    return hashlib.sha256(json.dumps([examples, embedder]).encode()).hexdigest()


@transaction.atomic
def _keep(brand_id: int | None, taught: TaughtTopics, fingerprint: str, *, has_corrections: bool) -> None:
    ReasonHead.objects.update_or_create(
        brand_id=brand_id,  # type: ignore[misc]  # None is the company’s own tree
        defaults={
            "coefficients": taught.head,
            "told_apart": told_apart(taught.told_apart),
            "fingerprint": fingerprint,
            "has_corrections": has_corrections,
            "learnt_at": now(),
        },
    )


def told_apart(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, object]]:
    """By reason: how many examples it has, how many would be told right if they were none, and with which other
    reason it is confused most.
    """
    confused: dict[str, Counter[str]] = defaultdict(Counter)
    for own, told in pairs:
        confused[own][told] += 1
    return {
        own: {
            "examples": counted.total(),
            "right": counted[own],
            "confused_with": next((other for other, _count in counted.most_common() if other != own), None),
        }
        for own, counted in confused.items()
    }
