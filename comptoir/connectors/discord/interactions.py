"""Commands, buttons, menus and forms that a person uses on Discord."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.discord.messages import author_of
from comptoir.connectors.shared.untrusted import inside, items, mapping, mappings, name, text, whole

PING, COMMAND, COMPONENT, COMPLETING, FORM = 1, 2, 3, 4, 5
_DEEPEST = 6


def is_interaction(entry: Mapping[str, Any]) -> bool:
    """Whether an object is an interaction."""
    named = "application_id" in entry or "data" in entry
    return named and "token" in entry and whole(entry.get("type")) is not None


def read_interaction(interaction: Mapping[str, Any]) -> NetworkEvent:
    """What a person asked for by a command, or chose; what only asks whether we are there is ignored."""
    kind = whole(interaction.get("type"))
    identifier, channel = name(interaction.get("id")), name(interaction.get("channel_id"))
    if kind not in (COMMAND, COMPONENT, FORM):
        return NetworkEvent(
            EventKind.IGNORED,
            external_id=identifier,
            reason="Discord asks whether we are there, or to complete a word.",
        )
    member = mapping(interaction.get("member"))
    private = not name(interaction.get("guild_id"))
    kept = {"channel": channel, "guild": name(interaction.get("guild_id"))}
    return NetworkEvent(
        EventKind.POSTBACK,
        "incoming",
        "private" if private else "public",
        external_id=identifier,
        parent_id=name(inside(interaction, "message", "id")),
        thread_id=channel,
        author=author_of(member.get("user") or interaction.get("user"), member),
        text=_said(interaction, kind),
        custom={key: value for key, value in kept.items() if value},
    )


def _said(interaction: Mapping[str, Any], kind: int | None) -> str | None:
    content = mapping(interaction.get("data"))
    if kind == COMMAND:
        words = [f"/{name(content.get('name')) or ''}", *_options(content.get("options"))]
        return " ".join(words)
    if kind == FORM:
        return "\n".join(_written(content.get("components"))) or name(content.get("custom_id"))
    chosen = [text(value) or "" for value in items(content.get("values"))]
    pressed = name(content.get("custom_id")) or ""
    return ", ".join(chosen) or _label(inside(interaction, "message", "components"), pressed) or pressed


def _options(options: object, depth: int = 0) -> Iterator[str]:
    for option in mappings(options) if depth < _DEEPEST else ():
        value = option.get("value")
        if value is None:
            yield name(option.get("name")) or ""
            yield from _options(option.get("options"), depth + 1)
        else:
            yield str(value).lower() if isinstance(value, bool) else text(value) or str(value)


def _written(components: object, depth: int = 0) -> Iterator[str]:
    """What was filled in, field by field."""
    for component in mappings(components) if depth < _DEEPEST else ():
        value = name(component.get("value"))
        if value:
            yield value
        yield from _written(component.get("components"), depth + 1)
        inner = mapping(component.get("component"))
        if inner:
            yield from _written([inner], depth + 1)


def _label(components: object, pressed: str, depth: int = 0) -> str | None:
    """What stands on the button that was pressed."""
    for component in mappings(components) if depth < _DEEPEST else ():
        if component.get("custom_id") == pressed and name(component.get("label")):
            return name(component.get("label"))
        found = _label(component.get("components"), pressed, depth + 1)
        if found:
            return found
    return None
