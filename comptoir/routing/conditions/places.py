"""Where a message came from: channel, account, brand, in public or not, under a post of ours, while the counter is open
or closed.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from comptoir.routing.conditions.kinds import Kind, Matcher, either
from comptoir.routing.facts import Ask
from comptoir.routing.names import Names


def _channels(among: Sequence[str]) -> Matcher:
    wanted = frozenset(among)
    return lambda facts: facts.channel in wanted


def _accounts(among: Sequence[str]) -> Matcher:
    wanted = frozenset(map(int, among))
    return lambda facts: facts.account_id in wanted


def _brands(among: Sequence[str]) -> Matcher:
    wanted = frozenset(map(int, among))
    return lambda facts: facts.brand_id in wanted


def _seen(among: Sequence[str]) -> Matcher:
    is_public = among[0] == "public"
    return lambda facts: facts.is_public is is_public


def _hours(among: Sequence[str]) -> Matcher:
    is_open = among[0] == "open"
    return lambda facts: facts.is_open is is_open


def _by(among: Sequence[str], names: Names) -> str:
    return _("comes by %(channels)s") % {"channels": either(names.of(names.channels, among))}


def _to_account(among: Sequence[str], names: Names) -> str:
    return _("comes to %(accounts)s") % {"accounts": either(names.of(names.accounts, among))}


def _to_brand(among: Sequence[str], names: Names) -> str:
    return _("is for %(brands)s") % {"brands": either(names.of(names.brands, among))}


def _visibly(among: Sequence[str], _names: Names) -> str:
    return _("is public") if among[0] == "public" else _("is private")


def _while(among: Sequence[str], _names: Names) -> str:
    return _("comes during opening hours") if among[0] == "open" else _("comes outside opening hours")


KINDS = (
    Kind(
        "channel", gettext_lazy("Channel"), "many", _channels, _by,
        options=lambda names: list(names.channels.items()),
    ),
    Kind(
        "account", gettext_lazy("Account"), "many", _accounts, _to_account,
        options=lambda names: list(names.accounts.items()),
    ),
    Kind(
        "brand", gettext_lazy("Brand"), "many", _brands, _to_brand, options=lambda names: list(names.brands.items()),
    ),
    Kind(
        "seen", gettext_lazy("Public or private"), "one", _seen, _visibly,
        options=lambda _names: [("public", _("Public")), ("private", _("Private"))],
    ),
    Kind(
        "under_our_post", gettext_lazy("Under one of our posts"), "none",
        lambda _among: lambda facts: facts.is_under_our_post,
        lambda _among, _names: _("stands under one of our posts"), asks=frozenset({Ask.POSTS}),
    ),
    Kind(
        "hours", gettext_lazy("Opening hours"), "one", _hours, _while, asks=frozenset({Ask.HOURS}),
        options=lambda _names: [
            ("open", pgettext("counter", "Open")), ("closed", pgettext("counter", "Closed")),
        ],
    ),
)  # fmt: skip
