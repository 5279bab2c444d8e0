"""The living page of tokens and components, drawn from the very partials that the screens use."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.core.clock import now
from comptoir.web.forms.accounts import LanguageForm
from comptoir.web.forms.writing import MODES
from comptoir.web.requests import AgentRequest, agent_required
from comptoir.web.styleguide_rows import sample_exchange, sample_messages, sample_rows
from comptoir.web.wording import destination_words


@require_safe
@agent_required
def styleguide(request: AgentRequest) -> HttpResponse:
    """Everything in one place, in the theme of the page; the other theme is one key away in the command bar."""
    conversation, rows = sample_rows()
    context: dict[str, Any] = {
        "tokens": tokens(),
        "icons": icons(),
        "form": LanguageForm({"language": "xx"}),
        "rows": rows,
        "choice": SimpleNamespace(view="all", sort="newest", query="view=all", own_query=""),
        "sample": conversation,
        "messages_shown": sample_messages(conversation),
        "said": sample_exchange(conversation),
        "modes": [(mode, label, destination_words(conversation, mode)) for mode, label in MODES],
        "moments": [now() - ago for ago in (timedelta(seconds=20), timedelta(minutes=12), timedelta(hours=5))],
        "toasts": [(_("Draft kept"), False), (_("You are not allowed to do this."), True)],
    }
    return render(request, "styleguide/styleguide.html", context)


@cache
def tokens() -> list[tuple[str, str, bool]]:
    """Every token of the sheet with what it is, and whether that is a colour."""
    found = re.findall(r"^\s*--([\w-]+):\s*([^;]+);", _static_text("comptoir/css/tokens.css"), re.MULTILINE)
    return [(name, worth, worth.startswith(("#", "light-dark("))) for name, worth in found]


@cache
def icons() -> list[str]:
    """The name of every icon of the sprite."""
    return re.findall(r'<symbol id="([\w-]+)"', _static_text("comptoir/icons.svg"))


def _static_text(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str), f"{name} is part of the package"
    with open(path, encoding="utf-8") as file:
        return file.read()
