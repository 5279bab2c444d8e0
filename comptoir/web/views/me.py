"""One's own page: language, password, second factor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptoir.web.forms import LanguageForm
from comptoir.web.requests import AgentRequest, agent_required


@require_http_methods(["GET", "HEAD", "POST"])
@agent_required
def me(request: AgentRequest) -> HttpResponse:
    """Show it, or change the language."""
    form = LanguageForm(request.POST or None, initial={"language": request.agent.language})
    if request.method == "POST" and form.is_valid():
        request.agent.language = form.cleaned_data["language"]
        request.agent.save(update_fields=["language"])
        return redirect("me")
    return render(request, "people/me.html", {"form": form})
