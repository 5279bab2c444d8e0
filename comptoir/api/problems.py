"""Errors as RFC 9457 problems, in the language of who asks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

_QUOTED = re.compile(r"'([^']*)'")
MEDIA_TYPE = "application/problem+json"

#: What each kind of problem is called, and its status.
KINDS = {
    "bad-request": (400, gettext_lazy("The request cannot be read")),
    "bad-cursor": (400, gettext_lazy("The cursor is not one of ours")),
    "bad-idempotency-key": (400, gettext_lazy("The idempotency key cannot be used")),
    "unauthenticated": (401, gettext_lazy("A valid token is needed")),
    "missing-scope": (403, gettext_lazy("The token lacks a scope")),
    "not-allowed": (403, gettext_lazy("The role of the token's agent does not allow this")),
    "not-found": (404, gettext_lazy("There is nothing here")),
    "method-not-allowed": (405, gettext_lazy("The method is not for this address")),
    "conflict": (409, gettext_lazy("The present state does not allow this")),
    "in-progress": (409, gettext_lazy("The same request is being carried out")),
    "too-large": (413, gettext_lazy("The request is too large")),
    "unsupported-media-type": (415, gettext_lazy("The content type is not for this address")),
    "invalid": (422, gettext_lazy("Something in the request is not valid")),
    "refused": (422, gettext_lazy("The reply cannot be sent like this")),
    "personal-data": (422, gettext_lazy("A public reply must not carry personal data")),
    "idempotency-key-reused": (422, gettext_lazy("The idempotency key was used for another request")),
    "rate-limited": (429, gettext_lazy("Too many requests")),
    "unavailable": (503, gettext_lazy("A part of the counter is away for the moment")),
    "internal": (500, gettext_lazy("Something broke on our side")),
}


class ProblemError(Exception):
    """Ends a request with one of `KINDS`; ``detail`` is translated and for people."""

    def __init__(
        self, kind: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


def invalid(pointer: str, detail: str) -> ProblemError:
    """A problem with one field of the body."""
    return ProblemError("invalid", detail, errors=[{"in": "body", "pointer": pointer, "detail": detail}])


def problem_response(problem: ProblemError) -> JsonResponse:
    """The answer that tells a problem."""
    status, title = KINDS[problem.kind]
    content: dict[str, Any] = {"type": f"urn:comptoir:problem:{problem.kind}", "title": str(title), "status": status}
    if problem.detail:
        content["detail"] = problem.detail
    response = JsonResponse(content | problem.members, status=status, content_type=MEDIA_TYPE)
    for name, setting in problem.headers.items():
        response[name] = setting
    response["Cache-Control"] = "no-store"
    return response


def validation_problem(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """What pydantic found, each with where it is and a sentence in the reader's language."""
    found = [
        {
            "in": str(error["loc"][0]) if error["loc"] else "body",
            "pointer": "/" + "/".join(str(part) for part in _path(error["loc"])),
            "detail": _sentence(error),
        }
        for error in errors
    ]
    return ProblemError("invalid", _("See “errors” for each field."), errors=found)


def _path(location: Sequence[Any]) -> Sequence[Any]:
    """Where in the body or query: without the name of the source and of our own parameter."""
    inside = location[1:]
    return inside[1:] if location and location[0] == "body" and inside and inside[0] in {"body", "asked"} else inside


def _sentence(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("This field is needed.")
        case "extra_forbidden":
            return _("There is no such field.")
        case "string_too_long" | "too_long":
            return _("This is too long: at most %(count)s.") % {"count": limits.get("max_length")}
        case "string_too_short" | "too_short":
            return _("This is too short: at least %(count)s.") % {"count": limits.get("min_length")}
        case "literal_error" | "enum":
            return _("This must be one of: %(choices)s.") % {"choices": _listed(limits.get("expected"))}
        case "greater_than_equal":
            return _("This must be at least %(limit)s.") % {"limit": limits.get("ge")}
        case "less_than_equal":
            return _("This must be at most %(limit)s.") % {"limit": limits.get("le")}
        case "value_error":
            return str(limits.get("error"))
        case "timezone_aware":
            return _("This instant needs an offset, such as Z or +01:00.")
    kind = str(error["type"]).partition("_")[0]
    expected = {
        "int": _("This must be a whole number."),
        "bool": _("This must be true or false."),
        "string": _("This must be a text."),
        "datetime": _("This must be an instant, such as 2026-11-22T09:30:00+01:00."),
        "list": _("This must be a list."),
    }
    return expected.get(kind, _("This cannot be used here."))


def _listed(expected: object) -> str:
    """Pydantic's “'open', 'pending' or 'resolved'” without its English."""
    return ", ".join(_QUOTED.findall(str(expected))) or str(expected)


@csrf_exempt  # as the rest of the API: a program that writes to a wrong address is told so, too
def not_found(request: HttpRequest, **_captured: Any) -> JsonResponse:
    """Any address of the API that there is not."""
    return problem_response(ProblemError("not-found", _("This address leads nowhere.")))
