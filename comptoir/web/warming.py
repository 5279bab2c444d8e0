"""What the first panel of answers of a process would wait for: asked for once, before anybody does."""

from __future__ import annotations

import logging

from django.db import close_old_connections, connection
from django.template.loader import get_template
from django.utils import timezone

from comptoir.catalogue.content import USES
from comptoir.catalogue.searching.finding import find_entries
from comptoir.core.clock import now

logger = logging.getLogger(__name__)
#: Nobody's words: what is found does not matter, what it takes to find is there afterwards.
_ASKED = "Bonjour, où en est ma commande ? Hello, where is my order?"


def warm_up() -> None:
    """Find answers to nobody's question and have the panel's template read; what fails is left to who asks first."""
    try:
        get_template("catalogue/_answers.html")
        find_entries(_ASKED, uses=USES, on=timezone.localdate(now()))
    except Exception:
        logger.warning("what answers are found with could not be loaded beforehand", exc_info=True)
    finally:
        close_old_connections()
        connection.close()
