"""The one-time link that signs a person in."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptoir.people.models import SignInLink


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; pressing it uses the link up. A program that only looks at links leaves this one whole."""
    if request.method == "GET":
        return render(request, "sign_in/link.html")
    link = SignInLink.redeem(token)
    if link is None or not link.user.is_active:
        return render(request, "sign_in/used.html", status=410)
    login(request, link.user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("inbox")
