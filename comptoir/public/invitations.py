"""What is behind the link from public to private: a page that says where one is, and the chat."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comptoir.desk.errors import InvitationUsedError
from comptoir.desk.invitations import chat_of_brand, invitation_of, note_opened, use_invitation
from comptoir.public.counter import Counter, counter_endpoint
from comptoir.public.problems import ProblemError
from comptoir.public.rate import POSTS
from comptoir.public.scripts import version

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@require_safe
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link. Looking at it uses nothing up: networks fetch links for their previews."""
    asked = invitation_of(token)
    chat = chat_of_brand(asked.conversation) if asked else None
    language = _language(request, asked.conversation.language if asked else "")
    with translation.override(language):
        context = {"account": chat, "token": token, "version": version(), "language": language}
        response = render(request, "public/invitation.html", context, status=200 if chat else 410)
    if asked and chat and request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate":
        note_opened(asked)
    response["Content-Security-Policy"] = _POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _language(request: HttpRequest, spoken: str) -> str:
    """The customer's language where we have it, else what their browser asks for."""
    if spoken[:2] in ("fr", "en"):
        return spoken[:2]
    return translation.get_language_from_request(request)[:2]


@counter_endpoint("POST", rates=POSTS)
def join(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The visitor has said yes: their chat belongs to whoever was invited."""
    try:
        posted = json.loads(request.body)
        token = posted["token"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise ProblemError(400, "unreadable", _("The body is not JSON.")) from None
    if not isinstance(token, str) or len(token) > 100:
        raise ProblemError(400, "unreadable", _("The body must be an object."))
    try:
        use_invitation(token, account=counter.account, visitor_id=counter.known_visitor.anonymous_id)
    except InvitationUsedError as error:
        raise ProblemError(410, "used", str(error)) from error
    return HttpResponse(status=204)
