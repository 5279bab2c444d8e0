"""Who asks, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from comptoir.events.record import Actor
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_MOST_ID_DIGITS = 18


class AgentRequest(HttpRequest):
    """A request of somebody who works here: what views behind `agent_required` are given."""

    agent: Agent
    htmx: HtmxDetails
    #: Set by whoever shows a conversation that is not the agent's to act on.
    is_guest: bool


def led_onward(request: AgentRequest, address: str) -> HttpResponse:
    """To an address, and to the place that it names in its page: for the page on which one is already, a browser
    would only look for the place, so it is told to ask for the page again.
    """
    if not request.htmx:
        return redirect(address)
    headers = {"HX-Redirect": address}
    here = urlsplit(request.htmx.current_url or "")
    if urlunsplit(("", "", here.path, here.query, "")) == address.partition("#")[0]:
        headers["HX-Refresh"] = "true"
    return HttpResponse(status=204, headers=headers)


def is_guest(request: HttpRequest) -> bool:
    """Whether what is shown is there for the agent to read and to decide on, and for nothing else."""
    return getattr(request, "is_guest", False)


def acting(request: AgentRequest) -> Actor:
    """Who acts, for the record."""
    return Actor("agent", request.agent.pk)


def before_asked(request: HttpRequest) -> int | None:
    """The row before which the next page of a list begins; None for the first page and for anything odd."""
    return named_id(request.GET.get("before", ""))


def named_id(named: str) -> int | None:
    """The row that a form names; None for anything that is no id."""
    is_id = named.isascii() and named.isdecimal() and len(named) <= _MOST_ID_DIGITS
    return int(named) if is_id else None


def id_of(named: str) -> int:
    """The same, of a row that must be there. Raises Http404."""
    found = named_id(named)
    if found is None:
        raise Http404
    return found


View = Callable[..., HttpResponseBase]


def agent_required(view: View) -> View:
    """Let agents in; everybody else is asked to sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if not getattr(request, "agent", None):
            raise PermissionDenied
        return view(cast("AgentRequest", request), *arguments, **named)

    return guarded


def permission_required(*permissions: Permission) -> Callable[[View], View]:
    """Let in agents whose role grants one of ``permissions``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: AgentRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not any(may(request.agent, permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return agent_required(guarded)

    return decorate


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
