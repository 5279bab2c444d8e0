"""The command line speaks the language of the terminal, French or English, without loading Django."""

from __future__ import annotations

import gettext
import os
from functools import cache

from comptoir.config.paths import PACKAGE


def language() -> str:
    """COMPTOIR_LANGUAGE, else what the terminal asks for, else English."""
    for name in ("COMPTOIR_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(name)
        if wanted:
            return "fr" if wanted.lower().startswith("fr") else "en"
    return "en"


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    return gettext.translation("django", PACKAGE / "locale", [wanted], fallback=True)


def _(text: str) -> str:
    """``text`` in the language of the terminal."""
    return _catalogue(language()).gettext(text)
