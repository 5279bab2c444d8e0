"""Asking an expert; answering as one; making use of the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.catalogue.content import EntryRefusedError
from comptoir.conversations.models import Consultation, Conversation
from comptoir.desk.answers_of_experts import draft_of_answer, entry_of_answer
from comptoir.desk.consultation_mails import can_be_mailed
from comptoir.desk.consultations import answer_consultation, ask_expert, withdraw_consultation
from comptoir.desk.errors import DeskError
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission
from comptoir.web.requests import AgentRequest, id_of, led_onward, permission_required
from comptoir.web.views.conversations import conversation_seen, head_of, head_of_asked, led_to

_MOST_CHARS = 4000
_LANGUAGES = ("fr", "en")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.CONSULT)
def consult(request: AgentRequest, pk: int) -> HttpResponse:
    """Choose whom to ask and what; a refusal keeps all of it."""
    conversation = conversation_seen(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            asked = _ask(request, conversation)
        except DeskError as error:
            refusal = str(error)
        else:
            _tell(request, asked)
            return led_to(pk)
    experts, others = _colleagues(request.agent)
    context = {
        "conversation": conversation, "experts": experts, "others": others, "refusal": refusal, "posted": request.POST,
        "language": request.POST.get("language") or conversation.account.brand.language,
    }  # fmt: skip
    return render(request, "bridges/consult.html", context, status=422 if refusal else 200)


def _tell(request: AgentRequest, asked: Consultation) -> None:
    """That it is asked, or only kept: a question that cannot leave is asked by whoever hands its link over."""
    name = {"name": asked.expert_name}
    if asked.outside_email and not can_be_mailed(asked):
        messages.warning(request, _("No mailbox can write to %(name)s: hand over the link that stands above.") % name)
    else:
        messages.success(request, _("%(name)s is asked.") % name)


def _ask(request: AgentRequest, conversation: Conversation) -> Consultation:
    given = request.POST
    named, language = given.get("expert", ""), given.get("language", "")
    return ask_expert(
        conversation.pk,
        question=given.get("question", "")[:_MOST_CHARS],
        expert=get_object_or_404(Agent, pk=id_of(named), is_active=True) if named else None,
        email=given.get("email", "")[:254],
        name=given.get("name", ""),
        language=language if language in _LANGUAGES else _LANGUAGES[0],
        by=request.agent,
    )


def _colleagues(agent: Agent) -> tuple[list[Agent], list[Agent]]:
    """Those of teams of experts, and the others who could answer."""
    answering = [role for role, granted in GRANTS.items() if Permission.WRITE_NOTES in granted]
    could = Agent.objects.filter(is_active=True, role__in=answering).exclude(pk=agent.pk).order_by("name", "pk")
    of_experts = set(
        Agent.teams.through.objects.filter(team__purpose=Team.Purpose.EXPERTISE).values_list("agent", flat=True)
    )
    found = list(could)
    experts = [one for one in found if one.role == Agent.Role.EXPERT or one.pk in of_experts]
    return experts, [one for one in found if one not in experts]


@require_POST
@permission_required(Permission.WRITE_NOTES)
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    """The expert's own word; for nobody else the question is there."""
    asked = get_object_or_404(Consultation, pk=pk, expert=request.agent)
    text = request.POST.get("answer", "")

    def act() -> None:
        answer_consultation(asked.pk, text=text, way=Consultation.Way.SCREEN, by=request.agent)

    return _done(request, act, onward=_onward(request, asked))


@require_POST
@permission_required(Permission.CONSULT)
def withdraw(request: AgentRequest, pk: int) -> HttpResponse:
    """The answer is needed no more."""
    asked = _seen(request, pk)
    return _done(request, lambda: withdraw_consultation(asked.pk, by=request.agent))


@require_POST
@permission_required(Permission.ANSWER)
def use_answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Put the expert's answer where one writes, before what is there."""
    asked = _seen(request, pk)
    address = reverse("conversation", args=[asked.conversation_id]) + "#composer-text"
    return _done(request, lambda: draft_of_answer(asked, agent=request.agent), onward=address)


@require_POST
@permission_required(Permission.WRITE_ENTRIES)
def offer_answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Begin an entry of the catalogue with it, which waits for approval like any other."""
    asked = _seen(request, pk)
    try:
        version = entry_of_answer(asked, by=request.agent)
    except (EntryRefusedError, DeskError) as error:
        return _refused(request, str(error))
    address = reverse("edit_entry", args=[version.entry_id])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _seen(request: AgentRequest, pk: int) -> Consultation:
    asked = get_object_or_404(Consultation.objects.select_related("expert"), pk=pk)
    conversation_seen(request, asked.conversation_id)
    return asked


def _onward(request: AgentRequest, asked: Consultation) -> str:
    """The head of the conversation, where it is the expert's to act on; else what else is asked of them."""
    is_theirs = Conversation.objects.visible_to(request.agent).filter(pk=asked.conversation_id).exists()
    return head_of(asked.conversation_id) if is_theirs else head_of_asked()


def _done(request: AgentRequest, act: Callable[[], object], *, onward: str = "") -> HttpResponse:
    try:
        act()
    except DeskError as error:
        return _refused(request, str(error))
    if onward or not request.htmx:
        return led_onward(request, onward or head_of_asked())
    return HttpResponse(status=204, headers={"HX-Trigger": "exchange-changed"})


def _refused(request: AgentRequest, words: str) -> HttpResponse:
    if not request.htmx:
        messages.error(request, words)
        return redirect("asked")
    response = render(request, "_toast.html", {"words": words, "is_error": True}, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    response["HX-Trigger"] = "exchange-changed"
    return response
