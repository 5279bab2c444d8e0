"""The command bar's finds, one's keys, and the look of the screens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.people.permissions import Permission
from comptoir.people.preferences import prefer
from comptoir.web.forms.keys import KeysForm
from comptoir.web.queries.search.finding import found
from comptoir.web.queries.search.patience import SearchTakesTooLongError
from comptoir.web.requests import AgentRequest, agent_required, permission_required
from comptoir.web.settings_menu import screens_called

THEMES = ("light", "dark", "")
_SHOWN = 6
_SCREENS_SHOWN = 4
_LANGUAGES = ("fr", "en")


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def finds(request: AgentRequest) -> HttpResponse:
    """Screens, people and conversations for what was typed into the command bar, as options of its list."""
    typed = request.GET.get("q", "").strip()[:100]
    screens = screens_called(request.agent, typed)[:_SCREENS_SHOWN] if typed else []
    context: dict[str, object] = {"typed": typed, "screens": screens}
    try:
        answer = found(request.agent, typed, best_first=False, after="")
        people = list(answer.people)
        known = {one.conversation_id for one in people}
        told = {one.conversation.pk: one for one in reversed(answer.findings) if one.conversation.pk not in known}
        context |= {"people": people, "findings": list(reversed(told.values()))[:_SHOWN]}
    except SearchTakesTooLongError:
        context["takes_too_long"] = True
    return render(request, "commands/_finds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def keys(request: AgentRequest) -> HttpResponse:
    """Show one's keys, or move them."""
    if request.method == "POST" and "usual" in request.POST:
        prefer(request.agent.pk, keys=None, keys_are_off=None, keys_need_alt=None)
        return redirect("keys")
    form = KeysForm(request.POST or None, agent=request.agent)
    if request.method == "POST" and form.is_valid():
        prefer(request.agent.pk, **form.chosen())
        messages.success(request, _("Your keys are kept."))
        return redirect("keys")
    return render(request, "commands/keys.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@agent_required
def switch_keys(request: AgentRequest) -> HttpResponse:
    """Turn single keys on or off, from the list of keys."""
    prefer(request.agent.pk, keys_are_off=None if request.POST.get("on") == "yes" else True)
    return HttpResponse(status=204) if request.htmx else redirect("keys")


@require_POST
@agent_required
def look(request: AgentRequest) -> HttpResponse:
    """Choose light, dark or the computer's own; or the language; then go on where one was."""
    theme, language = request.POST.get("theme"), request.POST.get("language")
    if theme is not None and theme in THEMES:
        prefer(request.agent.pk, theme=theme or None)
    elif language in _LANGUAGES:
        request.agent.language = language
        request.agent.save(update_fields=["language"])
    else:
        return HttpResponseBadRequest(_("There is no such look."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
