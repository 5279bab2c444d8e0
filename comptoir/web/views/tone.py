"""What an agent may look at in a reply before it leaves: quiet, local, and never in the way."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comptoir.analysis.apart import Apart, UnreadableError, WorkshopGoneError
from comptoir.analysis.tone import reply_in_context
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission
from comptoir.people.preferences import prefer
from comptoir.understanding.asking import asked_for
from comptoir.understanding.tone.hints import Hint
from comptoir.web.presenting.composer import tone_is_shown
from comptoir.web.queries.held_already import held_already
from comptoir.web.requests import AgentRequest, agent_required, permission_required
from comptoir.web.views.conversations import conversation_seen

#: A reply of fewer characters has no tone yet.
LEAST_CHARS = 20
_MOST_CHARS = 10_000

#: The process that reads tones for this one. It is loaded once somebody writes, and ends when nobody does.
_READER = Apart(patience_s=30.0)
#: One thread at a time waits for it: hints are worth no second one.
_TURN = threading.BoundedSemaphore(1)
_LONGEST_WAIT_S = 0.3


@dataclass(frozen=True)
class Shown:
    """One line, and the stretch of the reply it is about (code points), where it is about one."""

    line: str
    start: int
    end: int

    @property
    def has_place(self) -> bool:
        """Whether it can be pointed at."""
        return self.end > self.start


@require_POST
@permission_required(Permission.ANSWER)
def tone(request: AgentRequest, pk: int) -> HttpResponse:
    """The hints for what is being written; nothing (204) where there is none, or no time for it.

    With ``only=held``, what is known without reading the tone.
    """
    conversation = conversation_seen(request, pk)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")[:_MOST_CHARS]
    if not tone_is_shown(request.agent) or len(text.strip()) < LEAST_CHARS:
        return HttpResponse(status=204)
    shown = held = _asked_again(conversation, text, request.agent)
    if request.POST.get("only") != "held":
        shown = held + _shown(conversation, text, is_public=request.POST.get("mode") == "public")
    if not shown:
        return HttpResponse(status=204)
    return render(request, "conversations/_tone.html", {"hints": shown, "held": held, "conversation": conversation})


def _shown(conversation: Conversation, text: str, *, is_public: bool) -> list[Shown]:
    given = reply_in_context(conversation, text, is_public=is_public)
    if not _TURN.acquire(timeout=_LONGEST_WAIT_S):
        return []
    try:
        _checked, found = _READER.tone(given, conversation.account.kind)
    except (WorkshopGoneError, UnreadableError):
        return []
    finally:
        _TURN.release()
    return [_as_shown(hint) for hint in found]


def _asked_again(conversation: Conversation, text: str, agent: Agent) -> list[Shown]:
    """What the reply asks for and we hold already: nobody asks a customer twice, whichever team they were with."""
    asked = asked_for(text)
    held = held_already(conversation, agent, {one.kind for one in asked}) if asked else {}
    line = _("We have this already: %(what)s")
    return [Shown(line % {"what": held[one.kind]}, one.start, one.end) for one in asked if one.kind in held]


def _as_shown(hint: Hint) -> Shown:
    is_about_reply = hint.kind != "point"  # whose place is in what the customer said
    return Shown(hint.said(_), hint.start if is_about_reply else 0, hint.end if is_about_reply else 0)


@require_POST
@agent_required
def choose_tone(request: AgentRequest) -> HttpResponse:
    """Have hints shown, or not."""
    prefer(request.agent.pk, tone_hints=None if request.POST.get("shown") == "yes" else False)
    return HttpResponse(status=204) if request.htmx else redirect("me")
