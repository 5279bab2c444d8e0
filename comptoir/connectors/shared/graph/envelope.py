"""What Meta wraps events in: a delivery's entries, each with changes, with messages, or with both.

Read as generously as it is written: with or without the outer object, an entry alone, a change alone (as the App
Dashboard shows samples), a field straight in an entry (as the documentation does), `values` (as Threads does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.shared.untrusted import instant, items, mapping, mappings, name

#: Who owns an entry of the App Dashboard's test button.
_TEST_OWNER = "0"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an account that changed. ``owner`` is the account's id, ``at`` when Meta told us."""

    owner: str | None
    at: datetime | None
    field: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a private exchange. ``is_standby``: another app of the account is holding the exchange."""

    owner: str | None
    at: datetime | None
    content: Mapping[str, Any]
    is_standby: bool = False


Part = Change | Item


def parts(content: object) -> list[Part] | None:
    """Every change and item of a delivery, in order; None where this is no delivery at all."""
    found: list[Part] = []
    wrappers = [content] if isinstance(content, dict) else mappings(content)
    known = [wrapper for wrapper in wrappers if is_delivery(wrapper)]
    if not known or len(known) != len(wrappers):
        return None
    for wrapper in known:
        for entry in entries(wrapper) or [{}]:
            found += [*_parts(entry)] or [Change(name(entry.get("id")), instant(entry.get("time")), _named(entry), {})]
    return found


def is_delivery(wrapper: Mapping[str, Any]) -> bool:
    """Whether an object is a delivery, or a piece of one, rather than something the API lists."""
    return (
        any(key in wrapper for key in ("entry", "changes", "messaging", "standby"))
        or ("field" in wrapper and "value" in wrapper)
        or _is_values(wrapper)
        or ("sender" in wrapper and "recipient" in wrapper)
    )


def entries(wrapper: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of a delivery; itself where it is one."""
    return as_list(wrapper["entry"]) if "entry" in wrapper else [wrapper]


def as_list(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one object that stands in its place."""
    return [value] if isinstance(value, dict) else mappings(value)


def owners(content: object) -> list[str]:
    """The accounts that own the entries of a delivery, each once."""
    wrappers = [content] if isinstance(content, dict) else mappings(content)
    found = [name(entry.get("id")) for wrapper in wrappers if "entry" in wrapper for entry in entries(wrapper)]
    return list(dict.fromkeys(owner for owner in found if owner and owner != _TEST_OWNER))


def is_of_another(part: Part, own_id: str | None) -> bool:
    """Whether a part is about another account than ours, where we know both."""
    return bool(own_id) and part.owner not in (None, _TEST_OWNER, own_id) and not _names(part, own_id)


def _names(part: Part, own_id: str | None) -> bool:
    if isinstance(part, Change):
        return False
    return own_id in (id_in(part.content.get("sender")), id_in(part.content.get("recipient")))


def id_in(value: object) -> str | None:
    """The id of a person as the payload names one: an object with an id, or the id itself."""
    return name(value.get("id")) if isinstance(value, dict) else name(value)


def _parts(entry: Mapping[str, Any]) -> Iterator[Part]:
    owner, at = name(entry.get("id")), instant(entry.get("time"))
    if "sender" in entry and "recipient" in entry:
        yield Item(None, None, entry)
        return
    for item in as_list(entry.get("messaging")):
        yield Item(owner, at, item)
    for item in as_list(entry.get("standby")):
        yield Item(owner, at, item, is_standby=True)
    changes = [*as_list(entry.get("changes"))]
    if _is_values(entry):
        changes += as_list(entry["values"])
    if "field" in entry and "value" in entry:
        changes.append(entry)
    for change in changes:
        yield _change(owner, at, change)


def _named(entry: Mapping[str, Any]) -> str:
    """What an entry without changes says that changed: of some objects only the names of fields are told."""
    return ", ".join(field for field in map(name, items(entry.get("changed_fields"))) if field)[:200] or "nothing"


def _change(owner: str | None, at: datetime | None, change: Mapping[str, Any]) -> Part:
    """A change; where its value is an item of a private exchange, as in newer deliveries, that item."""
    value = mapping(change.get("value"))
    field = name(change.get("field")) or ""
    if "sender" in value and ("recipient" in value or "timestamp" in value):
        return Item(owner, at, value, is_standby=field == "standby")
    return Change(owner, at, field, value)


def _is_values(wrapper: Mapping[str, Any]) -> bool:
    return "values" in wrapper and any("value" in one or "field" in one for one in as_list(wrapper["values"]))
