"""What the company has taught so far, as those who read need it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from comptoir import __version__
from comptoir.analysis.models import ReasonHead, TrainedHeads
from comptoir.understanding.workshop import Learnt


@dataclass(frozen=True)
class Knowledge:
    """What was learnt, its version, and the brands that have a tree of reasons of their own."""

    learnt: Learnt
    version: str

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(self.learnt.topics)

    def tree_of(self, brand_id: int) -> str:
        """The name of the tree that a brand's messages are read with."""
        return str(brand_id) if str(brand_id) in self._own else ""


def knowledge() -> Knowledge:
    """As it is now, in two queries."""
    kept = TrainedHeads.objects.filter(is_kept=True).exclude(figure="topic").order_by("figure", "form", "-id")
    heads = list(kept.distinct("figure", "form").values_list("id", "form", "figure", "coefficients"))
    trees = list(ReasonHead.objects.order_by("id").values_list("brand_id", "coefficients", "fingerprint"))
    adjustments: dict[str, dict[str, bytes]] = {}
    for _pk, form, figure, coefficients in heads:
        adjustments.setdefault(form, {})[figure] = bytes(coefficients or b"")
    topics = {str(brand) if brand else "": bytes(coefficients) for brand, coefficients, _print in trees}
    named = repr(([one[0] for one in heads], [(brand, fingerprint) for brand, _kept, fingerprint in trees]))
    digest = hashlib.sha256(named.encode()).hexdigest()[:12]
    return Knowledge(Learnt(adjustments, topics), f"{__version__}+{digest}"[:40])
