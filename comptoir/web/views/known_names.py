"""The products and places of a brand, which are looked for in what customers say."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.analysis.errors import NotAListError
from comptoir.analysis.models import KnownName
from comptoir.analysis.name_lists import read_list
from comptoir.analysis.naming import list_names, strike_name
from comptoir.brands.models import Brand
from comptoir.web.forms.known_names import NamesForm
from comptoir.web.requests import AgentRequest, acting
from comptoir.web.views.brands import setting_up

_MOST_SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def known_names(request: AgentRequest, pk: int) -> HttpResponse:
    """The list; and (POST) more of it, typed or from a file. What cannot be read is told of and stays to be changed."""
    brand = get_object_or_404(Brand, pk=pk)
    form = NamesForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        listed, problems = read_list(form.text)
        try:
            new, changed = list_names(brand.pk, listed, by=acting(request))
        except NotAListError as error:
            problems = [str(error)]
        else:
            _tell(request, new, changed)
            if not problems:
                return redirect("known_names", brand.pk)
    names = list(KnownName.objects.filter(brand=brand)[: _MOST_SHOWN + 1])
    context = {
        "brand": brand, "form": form, "problems": problems, "names": names[:_MOST_SHOWN],
        "has_more": len(names) > _MOST_SHOWN, "count": KnownName.objects.filter(brand=brand).count(),
    }  # fmt: skip
    return render(request, "brands/names.html", context, status=422 if problems or form.errors else 200)


def _tell(request: AgentRequest, new: int, changed: int) -> None:
    if new or changed:
        told = ngettext("%(new)s name is new, %(changed)s changed.", "%(new)s names are new, %(changed)s changed.", new)
        words = told % {"new": new, "changed": changed}
        messages.success(request, words + " " + _("What was said in the last 30 days is being looked at again."))


@require_POST
@setting_up
def strike(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a name off the list."""
    name = get_object_or_404(KnownName, pk=pk)
    strike_name(name.pk, by=acting(request))
    messages.success(request, _("“%(name)s” is no longer looked for.") % {"name": name.name})
    return redirect("known_names", name.brand_id)
