"""Payloads made from what a network publishes of them: everything that an object may hold, each of its forms once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

_DEEPEST = 7
_MOST_FORMS = 400
_TEXTS = {
    "date-time": "2026-03-02T08:15:00.000Z",
    "date": "2026-03-02",
    "uri": "https://a.example/x",
    "url": "https://a.example/x",
    "email": "lea@a.example",
    "date-time-rfc-2822": "Mon, 02 Mar 2026 08:15:00 +0000",
    "byte": "YQ==",
}
_NUMBERED = "123456789012345678"
Schema = Mapping[str, Any]


def payloads(document: Schema, schema: Schema) -> list[Any]:
    """Forms of what ``schema`` describes: all that it may hold, only what it must, and every kind of every part."""
    return list(itertools.islice(_Forms(document).of(schema, 0), _MOST_FORMS))


class _Forms:
    def __init__(self, document: Schema) -> None:
        self._document = document

    def of(self, schema: Schema, depth: int) -> Iterator[Any]:
        schema = self._resolved(schema)
        if "const" in schema or ("example" in schema and not schema.get("properties")):
            yield schema.get("const", schema.get("example"))
            return
        branches = schema.get("oneOf") or schema.get("anyOf")
        if schema.get("enum"):
            yield from schema["enum"]
        elif branches and depth < _DEEPEST:
            own = {key: part for key, part in schema.items() if key not in ("oneOf", "anyOf", "discriminator")}
            for branch in branches:
                yield from self.of({"allOf": [own, branch]} if own.get("properties") else branch, depth + 1)
        elif "allOf" in schema:
            yield from self.of(self._merged(schema), depth)
        else:
            yield from self._plain(schema, depth)

    def _plain(self, schema: Schema, depth: int) -> Iterator[Any]:
        types = schema.get("type", "object" if "properties" in schema else "string")
        kind = next((one for one in types if one != "null"), "null") if isinstance(types, list) else types
        if kind == "object":
            yield from self._objects(schema, depth)
        elif kind == "array":
            if depth < _DEEPEST:
                yield from ([one] for one in self.of(schema.get("items", {}), depth + 1))
            yield []
        elif kind in ("integer", "number"):
            yield max(1, int(schema.get("minimum", 1)))
        elif kind == "boolean":
            yield from (True, False)
        elif kind == "null":
            yield None
        else:
            yield _text(schema)

    def _objects(self, schema: Schema, depth: int) -> Iterator[Any]:
        """Whole; then with every other form of each of its parts, one part at a time; then with what it must have."""
        parts = schema.get("properties", {}) if depth < _DEEPEST else {}
        forms = {name: list(itertools.islice(self.of(part, depth + 1), 40)) for name, part in parts.items()}
        whole = {name: found[0] for name, found in forms.items() if found}
        yield whole
        for name, found in forms.items():
            for other in found[1:]:
                yield {**whole, name: other}
        if schema.get("required"):
            yield {name: one for name, one in whole.items() if name in schema["required"]}

    def _merged(self, schema: Schema) -> Schema:
        merged: dict[str, Any] = {key: part for key, part in schema.items() if key != "allOf"}
        for part in map(self._resolved, schema["allOf"]):
            part = self._merged(part) if "allOf" in part else part
            for key, told in part.items():
                if key == "properties":
                    merged[key] = {**merged.get(key, {}), **told}
                elif key == "required":
                    merged[key] = [*merged.get(key, []), *told]
                else:
                    merged.setdefault(key, told)
        return merged

    def _resolved(self, schema: Schema) -> Schema:
        while isinstance(schema, dict) and "$ref" in schema:
            found: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema if isinstance(schema, dict) else {}


def _text(schema: Schema) -> str:
    if schema.get("format") in _TEXTS:
        return _TEXTS[schema["format"]]
    return _NUMBERED if "pattern" in schema or schema.get("format") == "snowflake" else "texte"
