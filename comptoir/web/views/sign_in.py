"""The one-time link that signs a person in, and the invitation that welcomes them."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptoir.people.models import SignInLink
from comptoir.web.wording_people import ROLE_MEANINGS


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it uses the link up. A program that only looks at links leaves this one whole.

    A second factor is asked for after it, as after a password.
    """
    if request.method == "GET":
        link = SignInLink.found(token)
        invited = getattr(link.user, "agent", None) if link and link.is_invitation else None
        meaning = ROLE_MEANINGS[invited.role] if invited else ""
        return render(request, "sign_in/link.html", {"invited": invited, "role_meaning": meaning})
    link = SignInLink.redeem(token)
    if link is None or not link.user.is_active:
        return render(request, "sign_in/used.html", status=410)
    welcome = link.is_invitation and not link.user.has_usable_password()
    link.user.backend = "django.contrib.auth.backends.ModelBackend"
    answer: HttpResponse = perform_login(
        request, link.user, email_verification="none", redirect_url=reverse("welcome" if welcome else "inbox")
    )
    return answer
