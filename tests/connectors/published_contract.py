"""Requests held against a network's published contract (OpenAPI 3), read from the folder COMPTOIR_DATASETS names."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator


@cache
def contract(name: str) -> PublishedContract:
    """The contract ``specs/<name>``; a test that asks for it is skipped where the folder is not there."""
    found = document(name)
    if found is None:
        pytest.skip(f"COMPTOIR_DATASETS names no folder with specs/{name}")
    return PublishedContract(found)


@cache
def document(name: str) -> dict[str, Any] | None:
    """The contract as it was written, JSON or YAML; None where the folder is not there."""
    folder = os.environ.get("COMPTOIR_DATASETS", "")
    file = Path(folder) / "specs" / name
    if not folder or not file.exists():
        return None
    written = file.read_text()
    return dict(yaml.load(written, yaml.CSafeLoader) if file.suffix == ".yaml" else json.loads(written))


class PublishedContract:
    """What may be asked: paths, their parameters, their bodies."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._paths = [(re.compile(_pattern(path) + "$"), item) for path, item in document["paths"].items()]

    def check(self, request: httpx.Request, *, path: str | None = None) -> None:
        """Fail unless the contract has this request: its path and method, its query, its JSON body."""
        asked = path if path is not None else request.url.path
        operation = self._operation(asked, request.method.lower())
        parameters = [self._resolved(one) for one in operation.get("parameters", [])]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        query = dict(request.url.params)
        assert set(query) <= set(known), f"{asked} has no parameter {sorted(set(query) - set(known))}"
        wanted = {one["name"] for one in parameters if one["in"] == "header" and one.get("required")}
        missing = [key for key, one in known.items() if one.get("required") and key not in query]
        missing += [key for key in wanted if key not in request.headers]
        assert not missing, f"{asked} wants {missing}"
        for key, written in query.items():
            self._check_value(known[key]["schema"], written, f"{asked}?{key}")
        self._check_body(operation, request, asked)

    def _operation(self, asked: str, method: str) -> dict[str, Any]:
        fitting = [item[method] for pattern, item in self._paths if pattern.match(asked) and method in item]
        assert fitting, f"the contract has no {method.upper()} {asked}"
        return dict(fitting[0])

    def _resolved(self, one: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in one:
            found: Any = self._document
            for step in one["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            one = found
        return one

    def _check_value(self, schema: dict[str, Any], written: str, where: str) -> None:
        schema = self._resolved(schema)
        if schema.get("type") == "array":
            for part in written.split(","):
                self._check_value(schema.get("items", {}), part, where)
            return
        value: Any = int(written) if schema.get("type") == "integer" and written.isdigit() else written
        if schema.get("type") == "boolean" and written in ("true", "false"):
            value = written == "true"
        self._validate(schema, value, where)

    def _check_body(self, operation: dict[str, Any], request: httpx.Request, asked: str) -> None:
        body = operation.get("requestBody")
        if not request.content:
            assert not (body or {}).get("required"), f"{asked} wants a body"
            return
        assert body is not None, f"{asked} takes no body"
        content = self._resolved(body)["content"]
        if "application/json" in content and "json" in request.headers.get("content-type", ""):
            self._validate(content["application/json"]["schema"], json.loads(request.content), asked)

    def _validate(self, schema: dict[str, Any], value: Any, where: str) -> None:
        whole = {**schema, "components": self._document.get("components", {})}
        wrong = [error.message for error in Draft202012Validator(whole).iter_errors(value)]
        assert not wrong, f"{where}: {wrong}"


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
