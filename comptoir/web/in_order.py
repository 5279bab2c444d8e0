"""What stands in an order that people change, is switched on and off, and is tried before it holds: rules of routing,
automations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from comptoir.web.requests import AgentRequest

Given = TypeVar("Given")


def last_moved(request: HttpRequest) -> dict[str, Any]:
    """The one that was just moved, and which way: it keeps the focus."""
    return {"moved": request.GET.get("moved", ""), "up": request.GET.get("way") == "up"}


def move_one(request: HttpRequest, pk: int, act: Callable[[bool], object], *, back: str) -> HttpResponse:
    """Move it up or down, and show the list again. Raises Http404."""
    up = request.POST.get("up") == "yes"
    or_404(lambda: act(up))
    return redirect(f"{reverse(back)}?moved={pk}&way={'up' if up else 'down'}")


def is_asked_on(request: HttpRequest) -> bool:
    """Whether it is to be switched on."""
    return request.POST.get("on") == "yes"


def or_404(act: Callable[[], Given]) -> Given:
    """Do something to a row. Raises Http404 where somebody has deleted it meanwhile."""
    try:
        return act()
    except ObjectDoesNotExist as error:
        raise Http404 from error


def show_trial(
    request: AgentRequest, tried: dict[str, Any], *, alone: str, whole: str,
    filled_in: Callable[[], dict[str, Any]],
) -> HttpResponse:  # fmt: skip
    """What came of trying (a ``refusal``, or more): by itself, or with the form as it was filled in."""
    status = 422 if "refusal" in tried else 200
    if request.htmx:
        return render(request, alone, tried, status=status)
    return render(request, whole, filled_in() | tried, status=status)
