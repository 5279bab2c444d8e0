"""Calendars: when the counter is open, for promises in working time."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.people.permissions import Permission
from comptoir.sla.calendars import create_calendar, delete_calendar, edit_calendar
from comptoir.sla.models import OpeningCalendar
from comptoir.web.forms.calendars import CalendarForm, ExceptionRows, PlaceForm, exception_rows
from comptoir.web.presenting.calendars import preview
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.mending import Question, asks_first

making_promises = permission_required(Permission.MAKE_PROMISES)


@require_safe
@making_promises
def calendars(request: AgentRequest) -> HttpResponse:
    """Every calendar, whose it is, and whether it is open now."""
    rows = OpeningCalendar.objects.select_related("brand", "team", "account").prefetch_related("exceptional_days")
    return render(request, "calendars/list.html", {"shown": [(row, preview(row)) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@making_promises
def edit(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    """One calendar, new or not."""
    calendar = (
        get_object_or_404(OpeningCalendar.objects.select_related("brand", "team", "account"), pk=pk) if pk else None
    )
    posted = request.POST or None
    form = CalendarForm(posted, calendar=calendar)
    exceptions = exception_rows(posted, calendar)
    mended = None
    if request.method == "POST" and form.is_valid() and exceptions.is_valid():
        mended = _kept(request, form, exceptions, pk)
        if mended is None and form.is_valid():
            return redirect("calendars")
    return _form(request, form, exceptions, calendar, mended)


def _form(
    request: AgentRequest,
    form: CalendarForm,
    exceptions: ExceptionRows,
    calendar: OpeningCalendar | None,
    mended: Question | None,
) -> HttpResponse:
    context = {
        "form": form,
        "exceptions": exceptions,
        "calendar": calendar,
        "seen": preview(calendar) if calendar else None,
        "mended": mended,
        "is_forgotten": not form.is_bound,
    }
    return render(request, "calendars/form.html", context, status=422 if form.is_bound or mended else 200)


def _kept(request: AgentRequest, form: CalendarForm, exceptions: ExceptionRows, pk: int | None) -> Question | None:
    """Kept, refused beside the fields, or not before what it takes back is agreed to."""

    def keep() -> None:
        if pk is None:
            create_calendar(owner=form.owner, **form.kept, exceptions=exceptions.kept, by=acting(request))
        else:
            edit_calendar(pk, **form.kept, exceptions=exceptions.kept, by=acting(request))

    try:
        mended = asks_first(request, keep)
        if mended is not None:
            return mended
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    messages.success(request, _("The calendar is kept. Running promises are being computed anew."))
    return None


@require_safe
@making_promises
def places(request: AgentRequest) -> HttpResponse:
    """The parts of the country that was just chosen."""
    form = PlaceForm(country=request.GET.get("country", ""))
    return render(request, "_field.html", {"field": form["subdivision"]})


@require_POST
@making_promises
def delete(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget it."""
    calendar = get_object_or_404(OpeningCalendar.objects.select_related("brand", "team", "account"), pk=pk)
    mended = asks_first(request, lambda: delete_calendar(pk, by=acting(request)))
    if mended is not None:
        return _form(request, CalendarForm(calendar=calendar), exception_rows(None, calendar), calendar, mended)
    messages.success(request, _("The calendar is forgotten."))
    return redirect("calendars")
