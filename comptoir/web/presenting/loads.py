"""What a colleague holds, in words that explain themselves where it is more than they can."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.routing.loads import Load
from comptoir.web.wording import channel_in_line


class LoadShown(NamedTuple):
    """Everything that `routing/_load.html` shows. ``most`` is 0 for who is given nothing."""

    points: int
    most: int
    words: str
    is_over_by_itself: bool


def load_shown(load: Load) -> LoadShown:
    """« 29 sur 22, dont 12 en ligne (2 appels, 1 chat) »: who is on the line is put on top, on purpose."""
    return LoadShown(load.points, load.capacity_points, _words(load), load.is_over_by_itself)


def _words(load: Load) -> str:
    words = _("%(load)s of %(most)s") % {"load": load.points, "most": load.capacity_points}
    words = words.replace(" ", "\N{NO-BREAK SPACE}")  # in a narrow column the two numbers stay together
    if not load.points_over:
        return words
    if load.on_the_line:
        named = ", ".join(_number_of(channel, count) for channel, count in load.on_the_line)
        asked = {"words": words, "points": load.live_points, "of_what": named}
        words = _("%(words)s, %(points)s of them on the line (%(of_what)s)") % asked
    if load.is_over_by_itself:
        words = _("%(words)s: more than is given out by itself") % {"words": words}
    return words


def _number_of(channel: str, count: int) -> str:
    if channel == "phone":
        return ngettext("%(number)s call", "%(number)s calls", count) % {"number": count}
    if channel == "chat":
        return ngettext("%(number)s chat", "%(number)s chats", count) % {"number": count}
    return f"{channel_in_line(channel)} {count}"
