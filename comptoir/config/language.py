"""The command line speaks the language of the terminal, French or English, without loading Django."""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Iterator
from functools import cache

from comptoir.config.paths import PACKAGE


def language() -> str:
    """COMPTOIR_LANGUAGE, else what the terminal asks for, else English."""
    for name in ("COMPTOIR_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = os.environ.get(name)
        if wanted:
            return "fr" if wanted.lower().startswith("fr") else "en"
    return "en"


@contextlib.contextmanager
def speaking() -> Iterator[None]:
    """Inside, the standard library's own words (argparse's “usage”) come from our catalogue, in the same language."""
    former_domain, former = gettext.textdomain(), os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("django", PACKAGE / "locale")
    gettext.textdomain("django")
    try:
        yield
    finally:
        gettext.textdomain(former_domain)
        if former is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = former


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    return gettext.translation("django", PACKAGE / "locale", [wanted], fallback=True)


def gettext_noop(text: str) -> str:
    """Marks a text that is translated elsewhere."""
    return text


def _(text: str) -> str:
    """``text`` in the language of the terminal."""
    return _catalogue(language()).gettext(text)
