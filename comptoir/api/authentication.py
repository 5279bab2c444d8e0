"""Who asks, and whether they may."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comptoir.api.models import ApiToken, digest_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.events.record import Actor
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_LONGEST_SECRET = 200


class ApiRequest(HttpRequest):
    """A request with a valid token."""

    token: ApiToken
    agent: Agent

    @property
    def actor(self) -> Actor:
        """Who is recorded: the token; its agent is found through it."""
        return acting(self)


def acting(request: ApiRequest) -> Actor:
    """What the record keeps as the actor of a request."""
    return Actor("token", request.token.pk)


def authenticate(request: HttpRequest) -> None:
    """Give the request its token and agent. Raises ProblemError."""
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if not secret:
        raise _unauthenticated(_("Send a token: “Authorization: Bearer …”."), "")
    if kind.lower() != "bearer" or len(secret) > _LONGEST_SECRET:
        raise _unauthenticated(_("Only tokens of this API open it: “Authorization: Bearer …”."), "invalid_request")
    token = ApiToken.objects.live().select_related("agent").filter(digest=digest_of(secret.strip())).first()
    if token is None:
        raise _unauthenticated(
            _("This token does not exist, has expired or was revoked. Make a new one."), "invalid_token"
        )
    token.note_use()
    request.token = token  # type: ignore[attr-defined]  # see ApiRequest
    request.agent = token.agent  # type: ignore[attr-defined]  # see ApiRequest


def _unauthenticated(detail: str, error: str) -> ProblemError:
    challenge = 'Bearer realm="comptoir"' + (f', error="{error}"' if error else "")
    return ProblemError("unauthenticated", detail, headers={"WWW-Authenticate": challenge})


@dataclass(frozen=True, slots=True)
class Needs:
    """What an operation asks of the token and of its agent's role."""

    scope: Scope | None
    permission: Permission | None

    def __call__(self, request: ApiRequest) -> bool:
        if self.scope is not None:
            require_scope(request, self.scope)
        if self.permission is not None and not may(request.agent, self.permission):
            raise not_allowed(self.permission)
        return True


def needs(scope: Scope | None, permission: Permission | None = None) -> dict[str, Any]:
    """The arguments of an operation's declaration that hold it to a scope and a permission."""
    scopes = [scope.value] if scope else []
    return {"auth": Needs(scope, permission), "openapi_extra": {"security": [{"token": scopes}]}}


def require_scope(request: ApiRequest, scope: Scope) -> None:
    """Raise ProblemError unless the token has ``scope``."""
    if scope not in request.token.scopes:
        detail = _("This needs the scope “%(scope)s”. Make a token that has it.") % {"scope": scope}
        raise ProblemError("missing-scope", detail, scope=scope, headers=_challenge(scope))


def require(request: ApiRequest, permission: Permission) -> None:
    """Raise ProblemError unless the token's agent has ``permission``."""
    if not may(request.agent, permission):
        raise not_allowed(permission)


def not_allowed(permission: Permission) -> ProblemError:
    detail = _("The role of the token's agent lacks the permission “%(permission)s”.") % {"permission": permission}
    return ProblemError("not-allowed", detail, permission=permission)


def _challenge(scope: Scope) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="comptoir", error="insufficient_scope", scope="{scope}"'}


class _Counters:
    """How often each token asked in the present minute, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[int, tuple[int, int]] = {}

    def count(self, token_id: int, minute: int) -> int:
        with self._lock:
            counted_minute, counted = self._counts.get(token_id, (minute, 0))
            counted = counted + 1 if counted_minute == minute else 1
            self._counts[token_id] = (minute, counted)
            return counted

    def forget(self) -> None:
        with self._lock:
            self._counts.clear()


counters = _Counters()


def limit_rate(request: ApiRequest) -> None:
    """Raise ProblemError when the token asks too often."""
    minute, second = divmod(int(time.time()), 60)
    if counters.count(request.token.pk, minute) > settings.API_REQUESTS_PER_MINUTE:
        wait_s = 60 - second
        detail = _("Ask again in %(seconds)s s.") % {"seconds": wait_s}
        raise ProblemError("rate-limited", detail, headers={"Retry-After": str(wait_s)})
