"""To the provider, and back from it."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comptoir.web.company_sign_in.adapter import CompanyAdapter


@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the provider, from the button of the sign-in page: an address in somebody's link does not.

    The way there is a page that leads on, not a redirect: browsers hold a form to the origins that the content security
    policy names, and a provider sends people on through others of its own.
    """
    provider = _adapter(request, provider_id).get_provider()
    if request.method == "GET":
        return redirect("account_login")
    try:
        answer: HttpResponse = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
    except OAuth2Error as error:
        answer = render_authentication_error(request, provider, exception=error)
    if isinstance(answer, HttpResponseRedirect):
        return render(request, "sign_in/leaving.html", {"name": provider.name, "address": answer.url})
    return answer


@never_cache
@require_http_methods(["GET"])
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back with a code, or with a refusal."""
    adapter = _adapter(request, provider_id)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(adapter)(request)
    except OAuth2Error as error:  # allauth looks the provider's addresses up before it begins to catch
        answer = render_authentication_error(request, adapter.get_provider(), exception=error)
    return answer


def _adapter(request: HttpRequest, provider_id: str) -> CompanyAdapter:
    adapter = CompanyAdapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return adapter
