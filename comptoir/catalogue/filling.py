"""Placeholders: words in braces that stand for the customer, the agent or the brand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

#: What may stand between braces, and what it is for the person who writes a canned response.
PLACEHOLDERS = {
    "first_name": _("the customer’s first name"),
    "name": _("the customer’s whole name"),
    "agent_name": _("your name"),
    "brand": _("the brand"),
    "channel": _("the channel"),
}
#: A word of the kind we fill in; braces around anything else are left to whoever writes them.
_PLACEHOLDER = re.compile(r"\{([a-z_]{2,30})\}")


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with each placeholder that is known replaced; one that is not, or is empty, stays as it is."""
    return _PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """The placeholders that are still in a text, each once."""
    return list(dict.fromkeys(found[0] for found in _PLACEHOLDER.finditer(text)))
