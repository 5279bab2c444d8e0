"""Requests held against a network's published contract (OpenAPI 3), read from the folder COMPTOIR_DATASETS names."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator

_COMPOSED = {"discriminator", "oneOf", "anyOf", "allOf"}
_FORM = "application/x-www-form-urlencoded"


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


def hold_to(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    server: str = "",
    unpublished: Collection[str] = (),
    everywhere: Collection[str] = (),
) -> None:
    """Have every request that a test makes to ``server`` (or to anybody) fail unless the contract has it, but for those
    whose path holds one of the ``unpublished``. ``everywhere`` are parameters that the network's documentation allows
    for any of its paths. Without the folder nothing is held to anything.
    """
    if document(name) is None:
        return
    published, answered = contract(name), httpx.MockTransport.handle_request
    base = urlsplit(server).path

    def checked(transport: httpx.MockTransport, request: httpx.Request) -> httpx.Response:
        request.read()
        path = request.url.path
        if str(request.url).startswith(server) and not any(part in path for part in unpublished):
            published.check(request, path=path.removeprefix(base), everywhere=everywhere)
        return answered(transport, request)

    monkeypatch.setattr(httpx.MockTransport, "handle_request", checked)


class PublishedContract:
    """What may be asked: paths, their parameters, their bodies."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._paths = [(re.compile(_pattern(path) + "$"), item) for path, item in document["paths"].items()]

    def check(self, request: httpx.Request, *, path: str | None = None, everywhere: Collection[str] = ()) -> None:
        """Fail unless the contract has this request: its path and method, its query, its JSON body."""
        asked = path if path is not None else request.url.path
        wrong: list[AssertionError] = []
        for operation in self._operations(asked, request.method.lower()):
            try:
                self._check_against(operation, request, asked, everywhere)
            except AssertionError as error:
                wrong.append(error)
            else:
                return
        raise wrong[0]

    def example(self, request: httpx.Request) -> Any:
        """What the contract shows as the answer to such a request; {} where it shows none."""
        (operation, *_others) = self._operations(request.url.path, request.method.lower())
        found = self._resolved(operation["responses"].get("200", {})).get("content", {}).get("application/json", {})
        shown = [self._resolved(one) for one in found.get("examples", {}).values()]
        return shown[0].get("value", {}) if shown else found.get("example", {})

    def _check_against(
        self, operation: dict[str, Any], request: httpx.Request, asked: str, everywhere: Collection[str]
    ) -> None:
        parameters = [self._resolved(one) for one in operation.get("parameters", [])]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        given = {key: text for key, text in request.url.params.items() if key not in everywhere}
        query = {key if key in known else key.removesuffix("[]"): text for key, text in given.items()}
        assert set(query) <= set(known), f"{asked} has no parameter {sorted(set(query) - set(known))}"
        wanted = {one["name"] for one in parameters if one["in"] == "header" and one.get("required")}
        missing = [key for key, one in known.items() if one.get("required") and key not in query]
        missing += [key for key in wanted if key not in request.headers]
        assert not missing, f"{asked} wants {missing}"
        for key, written in query.items():
            self._check_value(known[key]["schema"], written, f"{asked}?{key}")
        self._check_body(operation, request, asked)

    def _operations(self, asked: str, method: str) -> list[dict[str, Any]]:
        """Some contracts have paths that are made of nothing but blanks: more than one may fit."""
        fitting = [item[method] for pattern, item in self._paths if pattern.match(asked) and method in item]
        assert fitting, f"the contract has no {method.upper()} {asked}"
        return fitting

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
        written = request.headers.get("content-type", "").partition(";")[0]
        if written == _FORM and set(content) == {"application/json"}:  # where either is taken, contracts name one
            content = {_FORM: content["application/json"]}
        assert not content or written in content, f"{asked} takes {sorted(content)}, not {written}"
        if written == "application/json":
            self._validate(content[written]["schema"], json.loads(request.content), asked)
        elif written == _FORM:
            self._check_form(self._resolved(content[written]["schema"]), request, asked)

    def _check_form(self, schema: dict[str, Any], request: httpx.Request, asked: str) -> None:
        fields, known = parse_qs(request.content.decode(), keep_blank_values=True), schema.get("properties", {})
        if _COMPOSED & set(schema):  # one of several, told apart by what is in them
            known = {}
        assert not known or set(fields) <= set(known), f"{asked} has no field {sorted(set(fields) - set(known))}"
        missing = set(schema.get("required", ())) - set(fields)
        assert not missing, f"{asked} wants {sorted(missing)}"
        for key, texts in fields.items():
            for text in texts if key in known else ():
                self._check_value(known[key], text, f"{asked} {key}")

    def _validate(self, schema: dict[str, Any], value: Any, where: str) -> None:
        whole = {**schema, "components": self._document.get("components", {})}
        errors = list(Draft202012Validator(whole).iter_errors(value))
        wrong = [error.message for error in errors if "is valid under each of" not in error.message]
        assert not wrong, f"{where}: {wrong}"


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))
