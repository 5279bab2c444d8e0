"""What every page of the staff's screens goes through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from comptoir.people.models import Agent

Handler = Callable[[HttpRequest], HttpResponse]


def _agent_of(request: HttpRequest) -> Agent | None:
    if not request.user.is_authenticated:
        return None
    return Agent.objects.filter(user=request.user, is_active=True).first()


class AgentMiddleware:
    """Give the request its ``agent``: the person at the counter, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.agent = SimpleLazyObject(lambda: _agent_of(request))  # type: ignore[attr-defined]  # see AgentRequest
        return self.get_response(request)


class LanguageMiddleware:
    """Speak the visitor's language: their choice, else their browser's, else French."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class ContentSecurityPolicyMiddleware:
    """Allow only what we serve ourselves."""

    POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.POLICY)
        return response
