"""Who may sign in: people whom an administrator has made an agent, and nobody else."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from comptoir.events.record import Actor, record
from comptoir.people.models import Agent, User
from comptoir.web.company_sign_in.errors import ProviderAwayError, TokenRefusedError

logger = logging.getLogger(__name__)

_UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are made by administrators, not by visitors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *more: Any, **named: Any
    ) -> None:
        """That one is signed in, or out, is seen; saying so would only be in the way."""
        if message_template not in _UNSAID:
            super().add_message(request, level, message_template, *more, **named)


class StaffOnlySocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The company's identity provider opens the agents there are; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whoever comes for the first time is the agent with the address that the provider vouches for.

        allauth could look the address up by itself, but would take the agent's password away and end their sessions:
        it has to think of visitors who signed up under somebody else's address, and here nobody signs up.
        """
        if sociallogin.is_existing:
            return
        address = next((one.email for one in sociallogin.email_addresses if one.verified), "")
        user = User.objects.filter(email__iexact=address).first() if address else None
        if user is None:
            raise ImmediateHttpResponse(_nobody(request, sociallogin, address))
        if not user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        sociallogin.connect(request, user)
        if agent := Agent.objects.filter(user=user).first():
            record("agent.company_account_linked", subject=agent, by=Actor("agent", agent.pk))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Keep for the administrator what the page does not tell; the page says what happened, and what to do."""
        said = " ".join(filter(None, (request.GET.get("error"), request.GET.get("error_description"))))
        logger.warning("sign-in by %s failed: %s", provider.name, exception or said or "its state is not known here")
        if extra_context is not None:
            extra_context["failure"] = _failure(exception, has_said=bool(said))


def _nobody(request: HttpRequest, sociallogin: Any, verified: str) -> HttpResponse:
    told = next((one.email for one in sociallogin.email_addresses), "")
    logger.warning("sign-in by %s refused: nobody here has the address %r", sociallogin.provider.name, told)
    context = {"name": sociallogin.provider.name, "address": told, "is_verified": bool(verified)}
    return render(request, "sign_in/nobody.html", context, status=403)


def _failure(exception: Exception | None, *, has_said: bool) -> str:
    """Which of the failures that the page has words for."""
    if isinstance(exception, ProviderAwayError):
        return "away"
    if isinstance(exception, TokenRefusedError):
        return "unbelieved"
    if exception is None and not has_said:
        return "lost"
    return "refused"
