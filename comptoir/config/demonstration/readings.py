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
from comptoir.understanding.workshop import Workshop

_AT_ONCE = 500


def read_demonstration() -> None:
    """Make the reasons, learn them, and read every message at a glance, which is enough for a demonstration."""
    _make_reasons()
    workshop = Workshop()
    learn_trees(workshop)
    ask_for_all()
    known = knowledge()
    while True:
        wanted = unseen_batch(_AT_ONCE)
        if not wanted:
            break
        read_batch(workshop, known, wanted, light=True)
    MessageToRead.objects.all().delete()


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
