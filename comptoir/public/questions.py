"""The page behind an expert's link: one question, one answer, and nothing else of the counter.

It sets no cookie and reads none: whoever holds the link may answer, and a link is guessed by nobody.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptoir.conversations.models import Consultation
from comptoir.desk.consultation_links import consultation_of
from comptoir.desk.consultations import MAX_ANSWER_CHARS, answer_consultation
from comptoir.desk.errors import DeskError, EmptyTextError
from comptoir.public.counter import buckets
from comptoir.public.rate import Rate, client_address, counted_address
from comptoir.public.scripts import version

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: Whoever tries links is slowed down long before they could find one; a person opens one, and answers once.
_TRIES = Rate(burst=30, per_minute=30)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # the link is all it takes: there is no session that another site could ride on
@never_cache
def question(request: HttpRequest, token: str) -> HttpResponse:
    """The question, while it waits; looking at it uses nothing up."""
    wait_s = buckets.take(f"question-{counted_address(client_address(request))}", _TRIES)
    if wait_s:
        return _closed(HttpResponse(status=429, headers={"Retry-After": str(wait_s)}))
    asked = consultation_of(token)
    language = asked.language if asked else translation.get_language_from_request(request)[:2]
    with translation.override(language):
        if asked is None:
            return _page(request, {"language": language}, status=410)
        if request.method == "POST":
            return _answered(request, asked, language)
        return _page(request, {"asked": asked, "language": language, "longest": MAX_ANSWER_CHARS})


def _answered(request: HttpRequest, asked: Consultation, language: str) -> HttpResponse:
    """A refusal keeps what was typed."""
    text = request.POST.get("answer", "")
    context = {"asked": asked, "language": language, "longest": MAX_ANSWER_CHARS, "typed": text}
    if len(text) > MAX_ANSWER_CHARS:
        words = _("This is too long: at most %(count)s characters. Nothing was sent.") % {"count": MAX_ANSWER_CHARS}
        return _page(request, context | {"refusal": words}, status=422)
    try:
        answer_consultation(asked.pk, text=text, way=Consultation.Way.LINK)
    except EmptyTextError:
        return _page(request, context | {"refusal": _("Write your answer first.")}, status=422)
    except DeskError as error:
        return _page(request, context | {"refusal": str(error)}, status=409)
    return _page(request, {"language": language, "is_kept": True})


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return _closed(render(request, "public/question.html", context | {"version": version()}, status=status))


def _closed(response: HttpResponse) -> HttpResponse:
    """Nothing of it is kept, framed, found by a search, or told to another site."""
    response["Content-Security-Policy"] = _POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
