"""Tags for the list of keys and the command bar, which are on every page."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.keys import GROUPS, KEYS, keys_are_on, keys_need_alt, keys_of

register = template.Library()

_PLACES = {"inbox": "all", "mine": "mine", "unassigned": "unassigned", "all": "all", "resolved": "resolved"}


@register.simple_tag
def keys_dialog(agent: Agent) -> SafeString:
    """The keys as this agent has them, to read and for the script: the same on every page, so it is kept."""
    own = tuple(keys_of(agent).items())
    return _keys(own, keys_are_on(agent), keys_need_alt(agent), _settings(agent), get_language())


@lru_cache(maxsize=256)
def _keys(own_keys: tuple[tuple[str, str], ...], are_on: bool, need_alt: bool, settings: str, _lang: str) -> SafeString:
    own = dict(own_keys)
    places = {act: reverse("inbox_view", args=[view]) for act, view in _PLACES.items()}
    places |= {
        "search": reverse("search"),
        "asked": reverse("asked"),
        "catalogue": reverse("catalogue"),
        "settings": settings,
    }
    context = {
        "groups": [(title, [(key.label, own[key.act].split()) for key in keys]) for title, keys in GROUPS],
        "map": json.dumps({key: act for act, key in own.items() if key}),
        "places": json.dumps(places),
        "are_on": are_on,
        "need_alt": need_alt,
    }
    return render_to_string("_keys.html", context)


@register.simple_tag
def words() -> SafeString:
    """The sentences that the script says, in the reader's language."""
    return _words(get_language())


@lru_cache(maxsize=16)
def _words(_lang: str) -> SafeString:
    return render_to_string("_words.html")


def _settings(agent: Agent) -> str:
    """Where settings begin for this agent."""
    for name in ("settings", "accounts" if may(agent, Permission.SET_UP) else "me"):
        with contextlib.suppress(NoReverseMatch):
            return reverse(name)
    return "/"


@register.simple_tag
def command_bar(agent: Agent) -> SafeString:
    """Where one can go and what one can do from anywhere, kept like the keys; what belongs to a conversation is read
    off the page.
    """
    own = keys_of(agent) if keys_are_on(agent) else dict.fromkeys(KEYS, "")
    granted = frozenset(permission for permission in Permission if may(agent, permission))
    return _commands(granted, tuple(own.items()), theme_of(agent), agent.language, get_language())


@lru_cache(maxsize=256)
def _commands(
    granted: frozenset[Permission], own_keys: tuple[tuple[str, str], ...], theme: str, spoken: str, _lang: str
) -> SafeString:
    own = dict(own_keys)
    context = {
        "places": [(name, label, address, own.get(name, "").split()) for name, label, address in _places(granted)],
        "acts": [(act, KEYS[act].label, own[act].split()) for act in _ACTS],
        "theme": theme,
        "spoken": spoken,
    }
    return render_to_string("_commands.html", context)


_ACTS = (
    "reply",
    "note",
    "resolve",
    "assign",
    "snooze",
    "tag",
    "macro",
    "follow",
    "hand_off",
    "accept",
    "refuse",
    "consult",
)


def _places(granted: Collection[Permission]) -> list[tuple[str, str, str]]:
    """Where somebody who is granted this may go: a name that stays, what it is called, its address."""
    places: list[tuple[str, str, str]] = []
    if Permission.READ_CONVERSATIONS in granted:
        views = {
            "mine": _("Mine"),
            "unassigned": _("Unassigned"),
            "all": pgettext("conversations", "All"),
            "resolved": pgettext("conversations", "Resolved"),
        }
        places += [
            (view, f"{_('Inbox')} › {label}", reverse("inbox_view", args=[view])) for view, label in views.items()
        ]
        places.append(("search", _("Search"), reverse("search")))
        places.append(("catalogue", _("Catalogue"), reverse("catalogue")))
        places.append(("asked", _("What is asked of me and my teams"), reverse("asked")))
    if Permission.READ_FIGURES in granted:
        places.append(("reports", _("Figures"), reverse("reports")))
    if Permission.SET_UP in granted or Permission.REPLAY_DELIVERIES in granted:
        places.append(("accounts", _("Accounts"), reverse("accounts")))
    if Permission.SET_UP in granted:
        places += [
            ("connect", _("Connect an account"), reverse("choose_kind")),
            ("people", _("People"), reverse("people")),
        ]
    if Permission.REPLAY_DELIVERIES in granted:
        places.append(("deliveries", _("Set aside"), reverse("deliveries")))
    return [
        *places,
        ("settings", _("Settings"), reverse("settings")),
        ("me", _("You"), reverse("me")),
        ("keys", _("My keys"), reverse("keys")),
        ("password", _("Password"), reverse("account_change_password")),
        ("styleguide", _("Styleguide"), reverse("styleguide")),
        ("sign-out", _("Sign out"), reverse("account_logout")),
    ]


@register.filter
def theme_of(agent: Agent | None) -> str:
    """The look that somebody chose; empty for the computer's own."""
    chosen = agent.preferences.get("theme") if agent else ""
    return chosen if chosen in ("light", "dark") else ""
