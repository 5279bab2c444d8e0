"""The texts that WhatsApp approved for a business account, and filling in their blanks.

Source: facebook/openapi, business-messaging v23.0, GET /{WABA-ID}/message_templates; "Templates" (parameter formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import FilledTemplate, MessageTemplate, PermanentError
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.untrusted import mappings, name, text

_BLANK = re.compile(r"\{\{\s*([a-z0-9_]{1,60})\s*\}\}")
_FIELDS = "id,name,language,status,parameter_format,components"


@dataclass(frozen=True, slots=True)
class Templates:
    """One business account's templates."""

    graph: Graph
    waba_id: str

    def all(self) -> list[MessageTemplate]:
        """Every template that can be sent from here: what it wants is filled into its text alone."""
        found = [_template(one) for one in self._listed() if not _wants_more(one)]
        return sorted(found, key=lambda one: (one.name, one.language))

    def filled(self, filled: FilledTemplate) -> dict[str, Any]:
        """A template with its blanks filled, as a message wants it. Raises PermanentError where they do not fit."""
        language = {"policy": "deterministic", "code": filled.language}
        content: dict[str, Any] = {"name": filled.name, "language": language}
        if not filled.values:
            return content
        blanks, is_named = self._blanks(filled)
        if len(blanks) != len(filled.values):
            raise PermanentError(
                "The template “%(name)s” has %(blanks)s blanks; %(values)s were filled in.",
                name=filled.name,
                blanks=len(blanks),
                values=len(filled.values),
            )
        parameters = [
            {"type": "text", **({"parameter_name": blank} if is_named else {}), "text": value}
            for blank, value in zip(blanks, filled.values, strict=True)
        ]
        return {**content, "components": [{"type": "body", "parameters": parameters}]}

    def _blanks(self, filled: FilledTemplate) -> tuple[list[str], bool]:
        for one in self._listed(name=filled.name):
            if name(one.get("name")) == filled.name and name(one.get("language")) == filled.language:
                return blanks_of(_body(one)), name(one.get("parameter_format")) == "NAMED"
        raise PermanentError("There is no approved template of this name in this language.")

    def _listed(self, **asked: str) -> Iterator[Mapping[str, Any]]:
        if not self.waba_id:
            raise PermanentError("Without the id of the WhatsApp business account, its templates cannot be read.")
        for page in self.graph.pages(f"{self.waba_id}/message_templates", fields=_FIELDS, limit=100, **asked):
            yield from listed(page)


def blanks_of(body: str) -> list[str]:
    """The blanks of a text in the order in which they are filled: numbered ones by number, named ones as they stand."""
    found = list(dict.fromkeys(_BLANK.findall(body)))
    return sorted(found, key=int) if all(one.isdecimal() for one in found) else found


def _template(one: Mapping[str, Any]) -> MessageTemplate:
    body = _body(one)
    return MessageTemplate(
        name=name(one.get("name")) or "",
        language=name(one.get("language")) or "",
        text=_whole_text(one),
        blanks=len(blanks_of(body)),
        status=name(one.get("status")) or "",
    )


def _body(one: Mapping[str, Any]) -> str:
    return next((text(part.get("text")) or "" for part in _parts(one, "BODY")), "")


def _whole_text(one: Mapping[str, Any]) -> str:
    """What the customer reads: heading, text and small print."""
    parts = [text(part.get("text")) for kind in ("HEADER", "BODY", "FOOTER") for part in _parts(one, kind)]
    return "\n\n".join(part for part in parts if part)


def _wants_more(one: Mapping[str, Any]) -> bool:
    """Whether a template wants a file, a blank of its heading, or one of a button's, which cannot be given here."""
    heading = any(
        (name(part.get("format")) or "TEXT") != "TEXT" or _BLANK.search(text(part.get("text")) or "")
        for part in _parts(one, "HEADER")
    )
    buttons = [button for part in _parts(one, "BUTTONS") for button in mappings(part.get("buttons"))]
    return heading or any(
        name(button.get("type")) in ("COPY_CODE", "OTP", "FLOW", "CATALOG", "MPM")
        or _BLANK.search(text(button.get("url")) or "")
        for button in buttons
    )


def _parts(one: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [part for part in mappings(one.get("components")) if (name(part.get("type")) or "").upper() == kind]
