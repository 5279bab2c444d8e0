"""Adding a second factor: whoever has just done so has shown that it is them, and is not asked again at once.

Who came by a link and has no password has nothing to prove themselves with, so that django-allauth lets them add the
first factor; from that moment on it would ask for it, to show the recovery codes. A factor that was added a second ago
protects nothing by being asked for: whoever sat there could have added theirs.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.forms import Form
from django.http import HttpRequest, HttpResponse


class _AddPasskey(AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    def form_valid(self, form: Form) -> HttpResponse:
        return _proven(self.request, super().form_valid(form), by=Authenticator.Type.WEBAUTHN)


class _ActivateApp(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    def form_valid(self, form: Form) -> HttpResponse:
        return _proven(self.request, super().form_valid(form), by=Authenticator.Type.TOTP)


def _proven(request: HttpRequest, answer: Any, *, by: str) -> HttpResponse:
    record_authentication(request, request.user, "mfa", type=by, reauthenticated=True)
    added: HttpResponse = answer
    return added


add_passkey = _AddPasskey.as_view()
activate_app = _ActivateApp.as_view()
