"""The API as a whole: its resources, its errors, its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from comptoir import __version__
from comptoir.api import (
    accounts,
    analyses,
    attachments,
    automations,
    call_backs,
    catalogue,
    consultations,
    contacts,
    conversations,
    decisions,
    deliveries,
    events,
    figures,
    hand_offs,
    matters,
    messages,
    network_acts,
    notes,
    routing_rules,
    tokens,
    webhooks,
)
from comptoir.api.gate import problem_of
from comptoir.api.idempotency import HEADER
from comptoir.api.problems import MEDIA_TYPE, ProblemError, problem_response, validation_problem
from comptoir.api.shapes import Problem as ProblemShape

RESOURCES = (
    accounts, contacts, conversations, messages, analyses, network_acts, attachments, notes, hand_offs,
    call_backs, consultations, matters, catalogue, decisions, events, figures, routing_rules, automations, webhooks,
    deliveries, tokens,
)  # fmt: skip
_WRITES = frozenset({"post", "patch", "put", "delete"})


class CounterApi(NinjaAPI):
    """Describes what every operation has in common: the token, the errors, the key of writes."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        components = schema["components"]
        components["schemas"]["Problem"] = ProblemShape.model_json_schema()
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        return schema


class _ReadableRenderer(JSONRenderer):
    """Writes é as é."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


def _complete(method: str, operation: dict[str, Any]) -> None:
    operation["responses"]["default"] = {
        "description": "What went wrong",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    scopes = operation["security"][0]["token"]
    if scopes:
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{scopes[0]}`.".strip()
    if method in _WRITES:
        operation["parameters"].append(
            {
                "in": "header",
                "name": HEADER,
                "required": False,
                "description": "The same key and request within 24 hours is done once and answered the same.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            }
        )


def query_names() -> dict[str, set[str]]:
    """What may stand in the query of each operation, by the name of its function."""
    return {
        operation.view_func.__name__: {
            name
            for model in operation.models
            if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        }
        for resource in RESOURCES
        for path in resource.router.path_operations.values()
        for operation in path.operations
    }


def _tell(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(problem_of(error))


def _tell_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(validation_problem(error.errors))


def _tell_unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 400:
        return problem_response(ProblemError("bad-request", _("The body is not what its content type says.")))
    return problem_response(problem_of(error.__cause__ if isinstance(error.__cause__, Exception) else error))


def _tell_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(ProblemError("not-found"))


def _built() -> CounterApi:
    built = CounterApi(
        title="Comptoir",
        version=__version__,
        description="Conversations with customers, on every channel.",
        docs_url=None,
        urls_namespace="api-v1",
        renderer=_ReadableRenderer(),
    )
    built.add_exception_handler(Exception, _tell)
    built.add_exception_handler(Http404, _tell_missing)
    built.add_exception_handler(ValidationError, _tell_invalid)
    built.add_exception_handler(HttpError, _tell_unreadable)
    for resource in RESOURCES:
        built.add_router("", resource.router)
    return built


api = _built()
