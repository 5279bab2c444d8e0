"""What was read in one message, corrected figure by figure; and how reading and learning go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.errors import AnalysisError
from comptoir.analysis.models import ContactReason, Figure, MessageAnalysis
from comptoir.analysis.naming import named_in
from comptoir.analysis.queries import reading_state, reason_tree
from comptoir.analysis.teaching import ENOUGH
from comptoir.analysis.tone import tone_shares
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.people.permissions import Permission
from comptoir.understanding.language import LANGUAGES
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen
from comptoir.web.wording_readings import (
    attempt_words,
    correction_words,
    figures_of,
    language_label,
    tone_criterion_words,
)

correctors_only = permission_required(Permission.CORRECT_READINGS)
teachers_only = permission_required(Permission.TEACH)

_TONE_OF = timedelta(days=30)


@require_safe
@correctors_only
def reading(request: AgentRequest, pk: int) -> HttpResponse:
    """The figures of one message, each with what it could be: within the exchange, or a page of its own."""
    return _form(request, _seen(request, pk))


@require_POST
@correctors_only
def correct(request: AgentRequest, pk: int) -> HttpResponse:
    """Set one figure, which the button that was pressed names."""
    message = _seen(request, pk)
    figure = next((one for one in Figure if one.value in request.POST), None)
    if figure is None:
        raise Http404
    try:
        correct_reading(message.pk, figure=figure, to=request.POST[figure.value], by=request.agent)
    except AnalysisError as error:
        return _refused(request, message, str(error))
    if not request.htmx:
        return redirect("reading", message.pk)
    response = _form(request, message)
    response["HX-Trigger"] = "conversation-changed"
    return response


def _seen(request: AgentRequest, pk: int) -> Message:
    message = get_object_or_404(Message.objects.incoming().select_related("account"), pk=pk)
    conversation_seen(request, message.conversation_id)
    return message


def _form(request: AgentRequest, message: Message) -> HttpResponse:
    analysis: Any = MessageAnalysis.objects.with_topic().filter(pk=message.pk).first()
    context: dict[str, Any] = {"message": message, "analysis": analysis}
    if analysis is not None:
        tree = [one for one in reason_tree(active_only=True) if one.reason.brand_id in (None, message.account.brand_id)]
        context |= {
            "figures": figures_of(analysis),
            "languages": [(code, language_label(code)) for code in LANGUAGES],
            "language_here": language_label(analysis.language),
            "reasons": tree,
            "named": named_in(message.pk),
        }
    template = "conversations/_reading_form.html" if request.htmx else "conversations/reading.html"
    return render(request, template, context)


def _refused(request: AgentRequest, message: Message, words: str) -> HttpResponse:
    if not request.htmx:
        messages.error(request, words)
        return redirect("conversation", message.conversation_id)
    response = render(request, "_toast.html", {"words": words, "is_error": True}, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    return response


@require_safe
@teachers_only
def readings(request: AgentRequest) -> HttpResponse:
    """What is still to be read, what was corrected, and what was learnt from it."""
    state = reading_state(Conversation.objects.visible_to(request.agent))
    reasons = dict(ContactReason.objects.values_list("pk", "name"))
    context = {
        "state": state,
        "corrected": [(Figure(name).label, count) for name, count in state.corrected],
        "corrections": [(one, correction_words(one, reasons)) for one in state.corrections],
        "attempts": [(one, Figure(one.figure).label, attempt_words(one)) for one in state.attempts],
        "enough": ENOUGH,
        "tones": [(tone_criterion_words(one.criterion), one) for one in tone_shares(since=now() - _TONE_OF) if one.of],
    }
    return render(request, "readings/readings.html", context)


@require_POST
@teachers_only
def learn(request: AgentRequest) -> HttpResponse:
    """Learn from what was corrected, without waiting for more."""
    defer("analysis.learn_now", lock="analysis.learn", only_once="analysis.learn_now")
    messages.success(request, _("It is being learnt in the background. What comes of it will stand below."))
    return redirect("readings")
