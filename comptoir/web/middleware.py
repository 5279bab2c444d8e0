"""What every page of the staff's screens goes through."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from comptoir.people.models import Agent
from comptoir.web.failing import away, is_no_fault
from comptoir.web.live import live_origin

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


def agent_of(request: HttpRequest) -> Agent | None:
    """Who works here and is signed in; None for anybody else."""
    if not request.user.is_authenticated:
        return None
    return Agent.objects.filter(user=request.user, is_active=True).first()


class AgentMiddleware:
    """Give the request its ``agent``, the person at the counter or None, and speak their language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.agent = SimpleLazyObject(lambda: agent_of(request))  # type: ignore[attr-defined]  # see AgentRequest
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Whoever has no session is a stranger: no query is spent on finding that out."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        agent: Agent | None = request.agent  # type: ignore[attr-defined]  # set above
        if agent:
            translation.activate(agent.language)
            request.LANGUAGE_CODE = agent.language

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A database or a bucket that is away is no fault of the page: say so, and that it will be back."""
        if isinstance(error, UnreadablePostError):  # whoever sent it has hung up
            return HttpResponse(status=400)
        if is_no_fault(error):
            logger.error("the database or the storage of files did not answer", exc_info=error)
            return away(request, error)
        return None


class StrangersUploadsMiddleware:
    """Read large requests only of people who work here, and none without end: what is uploaded fills the disk before
    any view sees it.

    The API and the chat look by themselves, before they read; an address of theirs that leads nowhere does not.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_large(request) and not _looks_by_itself(request) and not _may_be_large(request):
            return HttpResponse(status=413)
        return self.get_response(request)


def _looks_by_itself(request: HttpRequest) -> bool:
    """What has Django look for its token of forms first does not: that reads the whole form."""
    if not request.path_info.startswith(("/api/", "/chat/")):
        return False
    try:
        return bool(getattr(resolve(request.path_info).func, "csrf_exempt", False))
    except Resolver404:
        return False


def _may_be_large(request: HttpRequest) -> bool:
    return bool(getattr(request, "agent", None)) and not _says_more(request, settings.COLLEAGUES_REQUEST_BYTES)


def is_large(request: HttpRequest) -> bool:
    """Whether a request says that it is larger than anything a stranger has to send."""
    return _says_more(request, settings.STRANGERS_REQUEST_BYTES)


def _says_more(request: HttpRequest, most_bytes: int) -> bool:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return not declared.isdecimal() or int(declared) > most_bytes


class LanguageMiddleware:
    """Speak the visitor's language until we know who they are: their browser's, else French."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.setdefault("Content-Language", translation.get_language() or language)
        return response


class NothingKeptMiddleware:
    """Have browsers and proxies keep no page by itself: after somebody has signed out, going back shows nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response


#: Answers to the script show nothing and load nothing; many are shorter than a page's policy.
_FIGURES_POLICY = "default-src 'none'; frame-ancestors 'none'"


class ContentSecurityPolicyMiddleware:
    """Allow only what we serve ourselves: no inline script, no inline style, nothing from elsewhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            is_page = not response.get("Content-Type", "").startswith("application/json")
            response["Content-Security-Policy"] = content_security_policy(request) if is_page else _FIGURES_POLICY
        return response


def content_security_policy(request: HttpRequest) -> str:
    """The policy of our pages; the live updates' origin is named."""
    return (
        "default-src 'self'; "
        f"connect-src 'self' {live_origin(request)}; "
        "img-src 'self' data:; media-src 'self'; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-src 'self'; frame-ancestors 'none'"
    )
