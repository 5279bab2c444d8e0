"""Saving the list one looks at under a name, and keeping such names in order."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from comptoir.desk.errors import DeskError
from comptoir.desk.inbox_views import (
    change_inbox_view,
    delete_inbox_view,
    rename_inbox_view,
    save_inbox_view,
    share_inbox_view,
)
from comptoir.desk.models import InboxView
from comptoir.people.permissions import Permission
from comptoir.web.presenting.inbox import address_of, listing_of
from comptoir.web.queries.inbox import InboxFilters, Listing, StandingView
from comptoir.web.requests import AgentRequest, permission_required

readers_only = permission_required(Permission.READ_CONVERSATIONS)


@require_POST
@readers_only
def save(request: AgentRequest) -> HttpResponse:
    """Keep what the list shows under a name."""
    listing = _posted(request)

    def act() -> str:
        view = save_inbox_view(
            name=request.POST.get("name", ""),
            filters=_stored(listing),
            sort=str(listing.sort),
            by=request.agent,
            is_shared=bool(request.POST.get("shared")),
        )
        return address_of(listing_of(view), view.pk)

    return _then(request, act, otherwise=listing)


@require_POST
@readers_only
def change(request: AgentRequest, pk: int) -> HttpResponse:
    """Have a saved view show what the list shows now."""
    listing = _posted(request)

    def act() -> str:
        change_inbox_view(pk, filters=_stored(listing), sort=str(listing.sort), by=request.agent)
        return address_of(listing, pk)

    return _then(request, act, otherwise=listing)


@require_POST
@readers_only
def rename(request: AgentRequest, pk: int) -> HttpResponse:
    """Another name for it."""

    def act() -> str:
        return _address(rename_inbox_view(pk, name=request.POST.get("name", ""), by=request.agent))

    return _then(request, act, otherwise=_posted(request), saved_id=pk)


@require_POST
@readers_only
def share(request: AgentRequest, pk: int) -> HttpResponse:
    """For everybody, or for oneself again."""

    def act() -> str:
        return _address(share_inbox_view(pk, is_shared=bool(request.POST.get("shared")), by=request.agent))

    return _then(request, act, otherwise=_posted(request), saved_id=pk)


@require_POST
@readers_only
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget it; the list stays as it is."""
    listing = _posted(request)

    def act() -> str:
        delete_inbox_view(pk, by=request.agent)
        return address_of(listing)

    return _then(request, act, otherwise=listing, saved_id=pk)


def _address(view: InboxView) -> str:
    return address_of(listing_of(view), view.pk)


def _posted(request: AgentRequest) -> Listing:
    """The list the form was on: the same words as in its address."""
    view = request.POST.get("view", "")
    known = StandingView(view) if view in set(StandingView) else StandingView.ALL
    return Listing.of(known, request.POST.get("sort", ""), InboxFilters.read(dict(request.POST.lists())))


def _stored(listing: Listing) -> dict[str, list[str]]:
    return {"view": [str(listing.view)], **listing.filters.written}


def _then(
    request: AgentRequest, act: Callable[[], str], *, otherwise: Listing, saved_id: int | None = None
) -> HttpResponse:
    """Act, and go where it shows; where it was refused, say why and leave the page, with what was typed, as it is."""
    try:
        address = act()
    except InboxView.DoesNotExist as error:
        raise Http404 from error
    except DeskError as error:
        if request.htmx:
            response = render(request, "_toast.html", {"words": str(error), "is_error": True}, status=409)
            response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
            return response
        messages.error(request, str(error))
        return redirect(address_of(otherwise, saved_id))
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
