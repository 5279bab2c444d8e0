"""The addresses of django-allauth that are used here, by name: what is not in this list is not there.

Left out: signing up, and changing one's own address (people are known by it, and administrators give it); a lost
password by mail (many installations send none; an administrator makes a sign-in link); allauth's own list of sessions
(`/me/safety/` has ours) and of connected accounts.
"""

from __future__ import annotations

from allauth.account.urls import urlpatterns as account
from allauth.socialaccount.urls import urlpatterns as socialaccount
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from comptoir.web.views import second_factors

_USED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
    }
)
_USED_OF_PROVIDERS = frozenset({"socialaccount_login_cancelled"})

urlpatterns: list[URLPattern | URLResolver] = [
    *(one for one in account if one.name in _USED),
    # allauth names these two itself, whatever they are for.
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("email/", RedirectView.as_view(pattern_name="safety"), name="account_email"),
    # These come before allauth's own of the same name; its list of factors is on /me/safety/.
    path("2fa/", RedirectView.as_view(pattern_name="safety"), name="mfa_index"),
    path("2fa/webauthn/add/", second_factors.add_passkey, name="mfa_add_webauthn"),
    path("2fa/totp/activate/", second_factors.activate_app, name="mfa_activate_totp"),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include([one for one in socialaccount if one.name in _USED_OF_PROVIDERS])),
    path("", include("comptoir.web.company_sign_in.urls")),
]
