"""The menu of the settings."""

from __future__ import annotations

from typing import Any

from django import template

from comptoir.people.models import Agent
from comptoir.web.settings_menu import GROUPS, menu_for

register = template.Library()
_CATALOGUE = frozenset(
    [
        "catalogue",
        "new_entry",
        "entry",
        "edit_entry",
        "entry_version",
        "import_catalogue",
        "preview_import",
        "knowledge_gaps",
    ]
)
_ALLAUTH = frozenset({"account_change_password", "account_set_password", "account_reauthenticate"})


@register.inclusion_tag("settings/_menu.html", takes_context=True)
def settings_menu(context: dict[str, Any]) -> dict[str, Any]:
    """Headings and entries, with the one that is open marked."""
    request = context["request"]
    match = request.resolver_match
    return {"groups": menu_for(context["agent"]), "here": match.url_name if match else ""}


@register.filter
def holds(entry: Any, address: str | None) -> bool:
    """Whether an entry of the menu is the address, or has it within."""
    return bool(address) and (address == entry.address or address in entry.within or _is_allauth(entry, address))


def _is_allauth(entry: Any, address: str | None) -> bool:
    return entry.address == "safety" and (str(address).startswith("mfa_") or address in _ALLAUTH)


@register.filter
def is_setting(address: str | None) -> bool:
    """Whether an address belongs to the settings."""
    return address == "settings" or any(holds(entry, address) for group in GROUPS for entry in group.entries)


@register.filter
def is_catalogue(address: str | None) -> bool:
    """Whether an address belongs to the catalogue."""
    return address in _CATALOGUE


@register.filter
def presence(agent: Agent) -> str:
    """How an agent is, as a word for the eye and the style."""
    return agent.presence().value


@register.filter
def presence_words(agent: Agent) -> str:
    """The same for people."""
    return str(agent.presence().label)
