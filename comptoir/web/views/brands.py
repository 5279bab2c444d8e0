"""Brands: which there are, making one, changing one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.brands.actions import create_brand, edit_brand
from comptoir.brands.models import Brand
from comptoir.brands.numbers import as_lines
from comptoir.people.permissions import Permission
from comptoir.web.forms.settings import BrandForm
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.views.mending import asks_first

setting_up = permission_required(Permission.SET_UP)


@require_safe
@setting_up
def brands(request: AgentRequest) -> HttpResponse:
    """Every brand."""
    counted = Brand.objects.annotate(account_count=Count("accounts")).order_by("name")  # counting forgets the order
    return render(request, "brands/list.html", {"brands": counted})


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def new(request: AgentRequest) -> HttpResponse:
    """A new one."""
    form = BrandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        brand = create_brand(**form.cleaned_data, by=acting(request))
        messages.success(request, _("The brand “%(name)s” is made.") % {"name": brand.name})
        return redirect("brands")
    return render(request, "brands/form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def edit(request: AgentRequest, pk: int) -> HttpResponse:
    """Its name, language, zone, and what its numbers look like."""
    brand = get_object_or_404(Brand, pk=pk)
    now = {
        "name": brand.name,
        "language": brand.language,
        "time_zone": brand.time_zone,
        "order_forms": as_lines(brand.order_forms),
        "customer_forms": as_lines(brand.customer_forms),
    }
    form = BrandForm(request.POST or None, initial=now)
    mended = None
    if request.method == "POST" and form.is_valid():

        def keep() -> None:
            edit_brand(pk, **form.cleaned_data, by=acting(request))

        if form.cleaned_data["time_zone"] != brand.time_zone:  # hours are counted by it where no calendar says more
            mended = asks_first(request, keep)
        else:
            keep()
        if mended is None:
            messages.success(request, _("The changes are kept."))
            return redirect("brands")
    context = {"form": form, "brand": brand, "mended": mended}
    return render(request, "brands/form.html", context, status=422 if form.is_bound else 200)
