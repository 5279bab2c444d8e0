"""What every request to the API passes, and every answer."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Collection
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from comptoir.api.authentication import ApiRequest, authenticate, limit_rate
from comptoir.api.idempotency import answer_once
from comptoir.api.problems import ProblemError, problem_response
from comptoir.conversations.files import FileRefusedError, FilesAwayError
from comptoir.core.away import is_away

logger = logging.getLogger("comptoir.api")

View = Callable[..., HttpResponseBase]
WITH_FILES = "with-files"
_WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


def gated(view: View, *, query_names: Collection[str]) -> View:
    """A view of the API that only valid tokens reach, and whose every error is a problem.

    ``query_names``: what may stand in the query of a list.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **captured: Any) -> HttpResponseBase:
        try:
            authenticate(request)
            limit_rate(cast("ApiRequest", request))
            _check_query(request, query_names)
            response = _answered(cast("ApiRequest", request), lambda: view(request, *args, **captured))
        except Exception as error:  # noqa: BLE001  # every error becomes an answer
            response = problem_response(problem_of(error))
        if response.status_code == 405:
            response = _method_not_allowed(response)
        response.setdefault("Cache-Control", "no-store")
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # Django's own mark; a token is no cookie
    return answer


def _check_query(request: HttpRequest, known: Collection[str]) -> None:
    """A filter that is not one narrows nothing: whoever misspells it would take all there is for what they asked."""
    unknown = sorted(set(request.GET).difference(known))[:20]
    if unknown and request.method == "GET":
        detail = _("There is no such field.")
        errors = [{"in": "query", "pointer": f"/{name}", "detail": detail} for name in unknown]
        raise ProblemError("invalid", _("See “errors” for each field."), errors=errors)


def _answered(request: ApiRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    if request.method not in _WRITES:
        return answer()
    _check_size(request)
    _check_content_type(request)
    return answer_once(request, request.token, answer)


def _check_size(request: HttpRequest) -> None:
    """Before anything is read: whoever may do nothing here could fill the disk."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared) > settings.COLLEAGUES_REQUEST_BYTES:
        raise ProblemError("too-large", _("Send less at once."))


def _check_content_type(request: HttpRequest) -> None:
    if request.META.get("CONTENT_LENGTH") in {None, "", "0"}:
        return
    wanted = "multipart/form-data" if request.path.endswith(WITH_FILES) else "application/json"
    if request.content_type != wanted:
        detail = _("Send “Content-Type: %(wanted)s”.") % {"wanted": wanted}
        raise ProblemError("unsupported-media-type", detail, headers={"Accept-Post": wanted})


def _method_not_allowed(response: HttpResponseBase) -> HttpResponseBase:
    allowed = response.get("Allow", "")
    detail = _("This address takes: %(methods)s.") % {"methods": allowed}
    return problem_response(ProblemError("method-not-allowed", detail, headers={"Allow": allowed}))


def problem_of(error: Exception) -> ProblemError:
    """What is told about an error; one that nobody foresaw is logged here and tells nothing of itself."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, RequestDataTooBig):
        return ProblemError("too-large", _("Send less at once; files go as “multipart/form-data”."))
    if isinstance(
        error, (TooManyFieldsSent, TooManyFilesSent, MultiPartParserError, UnreadablePostError, UnicodeError)
    ):
        return ProblemError("bad-request", _("The body is not what its content type says."))
    if isinstance(error, FilesAwayError):
        return ProblemError("unavailable", str(error), headers={"Retry-After": "30"})
    if isinstance(error, FileRefusedError):
        return ProblemError("refused", str(error))
    if is_away(error):
        logger.error("the database did not answer", exc_info=error)
        detail = _("The database does not answer. Nothing was changed; send the same again in a moment.")
        return ProblemError("unavailable", detail, headers={"Retry-After": "5"})
    logger.error("API request broke", exc_info=error)
    return ProblemError("internal", _("Nothing was changed. It was written to the log; try again later."))
