"""When the counter is open on one account, where no calendar says so."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.channels.arranging import set_opening_hours
from comptoir.channels.models import ChannelAccount
from comptoir.people.permissions import Permission
from comptoir.sla.queries import opening_calendar
from comptoir.web.forms.settings import HoursForm
from comptoir.web.presenting.calendars import preview
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.mending import asks_first


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.SET_UP)
def hours(request: AgentRequest, pk: int) -> HttpResponse:
    """The week of one account; none is asked for where a calendar goes before it."""
    account = get_object_or_404(ChannelAccount.objects.select_related("brand"), pk=pk)
    calendar = opening_calendar(account, account.team_id)
    if calendar is not None:
        seen = {"account": account, "calendar": calendar, "opening": preview(calendar)}
        return render(request, "accounts/hours.html", seen)
    form = HoursForm(request.POST or None, hours=account.weekly_hours)
    mended = None
    if request.method == "POST" and form.is_valid():

        def keep() -> None:
            set_opening_hours(pk, hours=form.cleaned_data["hours"], by=acting(request))

        mended = asks_first(request, keep)
        if mended is None:
            messages.success(request, _("The hours are kept."))
            return redirect("account", pk)
    context = {"form": form, "account": account, "mended": mended}
    return render(request, "accounts/hours.html", context, status=422 if form.is_bound else 200)
