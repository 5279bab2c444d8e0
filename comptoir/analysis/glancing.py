"""What messages seem to be about before anybody has read them, for those who cannot wait: routing above all."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from comptoir.analysis.apart import APART, UnreadableError, WorkshopGoneError
from comptoir.understanding.analysis import Analysis

logger = logging.getLogger("comptoir.analysis")


def glances(texts: Sequence[str]) -> list[Analysis] | None:
    """One analysis for each text, in the light form; None where the reading process cannot be reached in time.

    Hold no lock meanwhile: the process may have to be begun first.
    """
    try:
        return APART.glance(texts)
    except (WorkshopGoneError, UnreadableError, OSError) as error:
        logger.warning("messages could not be glanced at", extra={"count": len(texts), "reason": repr(error)})
        return None
