"""Who may sign in: people whom an administrator has made an agent, and nobody else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

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
