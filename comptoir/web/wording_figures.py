"""Numbers, shares and durations of reports, as people read them."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

#: Where there is nothing to tell.
NOTHING = "–"


def duration_words(seconds: int | None) -> str:
    """In its two largest units: « 45 s », « 4 min 30 s », « 3 h 20 min », « 2 j 4 h »."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return _("%(count)s s") % {"count": seconds}
    if seconds < 600:
        return _two(_("%(count)s min"), seconds // 60, _("%(count)s s"), seconds % 60)
    if seconds < 3600:
        return _nowrap(_("%(count)s min") % {"count": seconds // 60})
    if seconds < 48 * 3600:
        return _two(_("%(count)s h"), seconds // 3600, _("%(count)s min"), seconds % 3600 // 60)
    return _two(_("%(count)s d"), seconds // 86400, _("%(count)s h"), seconds % 86400 // 3600)


def _two(first: str, large: int, second: str, small: int) -> str:
    words = first % {"count": formats.number_format(large, 0, force_grouping=True)}
    return _nowrap(f"{words} {second % {'count': small}}" if small else words)


def _nowrap(words: str) -> str:
    return words.replace(" ", "\u00a0")


def share_words(share: float | None) -> str:
    """In whole percents; « 99,6 % » is not said to be everything, nor « 0,4 % » nothing."""
    if share is None:
        return NOTHING
    percent = 100 * share
    is_edge = 0 < percent < 1 or 99 < percent < 100
    if is_edge:
        percent = min(99.9, max(0.1, percent))
    shown = formats.number_format(percent, 1 if is_edge else 0)
    return pgettext("share", "%(percent)s%%") % {"percent": shown}


def number_words(number: int) -> str:
    """« 12 480 »."""
    return formats.number_format(number, 0, force_grouping=True)


def ratio_words(ratio: float | None) -> str:
    """« × 3,4 »; from ten on whole."""
    if ratio is None:
        return NOTHING
    return f"×\u00a0{formats.number_format(ratio, 1 if ratio < 10 else 0, force_grouping=True)}"


def short_day(day: date) -> str:
    """« 3 nov. »."""
    return formats.date_format(day, pgettext("short day", "j N"))
