"""Who wrote: a VIP, somebody with a tag of ours, somebody new."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.routing.conditions.kinds import Kind, Matcher, either, quoted
from comptoir.routing.facts import VIP_TAG, Ask
from comptoir.routing.names import Names


def _tagged(among: Sequence[str]) -> Matcher:
    wanted = frozenset(one.lower() for one in among)
    return lambda facts: not wanted.isdisjoint(facts.tags)


def _with_tag(among: Sequence[str], _names: Names) -> str:
    return _("comes from a customer with the tag %(tags)s") % {"tags": either(quoted(among))}


def _known(among: Sequence[str]) -> Matcher:
    is_returning = among[0] == "returning"
    return lambda facts: facts.is_returning is is_returning


def _from(among: Sequence[str], _names: Names) -> str:
    if among[0] == "returning":
        return _("comes from somebody who has written before")
    return _("comes from somebody new")


KINDS = (
    Kind(
        "vip", gettext_lazy("Author is a VIP"), "none", lambda _among: lambda facts: VIP_TAG in facts.tags,
        lambda _among, _names: _("comes from a VIP"),
    ),
    Kind(
        "author_tag", gettext_lazy("Author has a tag"), "words", _tagged, _with_tag,
        help_text=gettext_lazy("One a line. The tags of the customer’s card."),
    ),
    Kind(
        "author_is", gettext_lazy("New or returning author"), "one", _known, _from,
        options=lambda _names: [("new", _("Writes for the first time")), ("returning", _("Has written before"))],
        asks=frozenset({Ask.PAST}),
    ),
)  # fmt: skip
