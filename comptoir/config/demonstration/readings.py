"""What the demonstration's companies are written to about, and everything their customers say, read at a glance.

Read as it is loaded, by the heads that come with Comptoir: the same every time, and what the product does.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

from comptoir.analysis.backlog import ask_for_all, unseen_batch
from comptoir.analysis.deepening import read_batch
from comptoir.analysis.learnt import knowledge
from comptoir.analysis.models import MessageToRead
from comptoir.analysis.reasons import ReasonTerms, save_reason
from comptoir.analysis.trees import learn_trees
from comptoir.brands.models import Brand
from comptoir.conversations.models import Conversation
from comptoir.sla.waiving import settle_owed
from comptoir.understanding.workshop import Workshop

_AT_ONCE = 500


class DemonstrationReader:
    """Makes the reasons, learns them, and reads messages at a glance, which is enough for a demonstration."""

    def __init__(self) -> None:
        _make_reasons()
        self._workshop = Workshop()
        learn_trees(self._workshop)
        self._known = knowledge()

    def read(self) -> None:
        """Read everything that was said since, and have what is owed no more end."""
        ask_for_all()
        while wanted := unseen_batch(_AT_ONCE):
            read_batch(self._workshop, self._known, wanted, light=True)
        MessageToRead.objects.all().delete()
        settle_owed(list(Conversation.objects.waiting().values_list("pk", flat=True)))


def _make_reasons() -> None:
    told = tomllib.loads(files("comptoir.config.demonstration").joinpath("reasons.toml").read_text("utf-8"))
    brands = dict(Brand.objects.values_list("slug", "pk"))
    for group in told["group"]:
        brand = brands[group["brand"]] if "brand" in group else None
        above = save_reason(None, ReasonTerms(group["name"], brand_id=brand))
        for reason in group["reason"]:
            save_reason(
                None,
                ReasonTerms(reason["name"], parent_id=above.pk, brand_id=brand, examples=reason["examples"]),
            )
