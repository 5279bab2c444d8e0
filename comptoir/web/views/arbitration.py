"""Arbitration: what the bot decided, one decision after the other, and what a person says of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.bot.errors import BotError, ProposalChangedError
from comptoir.bot.models import Decision, Ruling
from comptoir.bot.rulings import rule_on
from comptoir.delivery.refusals import PersonalDataError, ReplyRefusedError
from comptoir.desk.errors import DeskError
from comptoir.people.permissions import Permission
from comptoir.web.confirming import seal_of
from comptoir.web.forms.bot import RulingForm
from comptoir.web.presenting.bot import arbitration_context
from comptoir.web.requests import AgentRequest, permission_required

arbiters_only = permission_required(Permission.ANSWER)
readers_only = permission_required(Permission.READ_CONVERSATIONS)


@require_safe
@arbiters_only
def arbitration(request: AgentRequest) -> HttpResponse:
    """What waits for a ruling, the first of it open."""
    return render(request, "bot/arbitration.html", arbitration_context(request))


@require_safe
@readers_only
def decision(request: AgentRequest, pk: int) -> HttpResponse:
    """One decision, ruled on or not, and why it came out as it did."""
    return render(request, "bot/arbitration.html", arbitration_context(request, _seen(request, pk)))


def _seen(request: AgentRequest, pk: int) -> Decision:
    related = Decision.objects.visible_to(request.agent).select_related(
        "message__conversation__account__brand", "message__conversation__identity", "entry", "version", "reason"
    )
    return get_object_or_404(related, pk=pk)


@require_POST
@arbiters_only
def rule(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a person's word. What is refused keeps the text where it was typed."""
    seen = _seen(request, pk)
    form = RulingForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        ruling = rule_on(seen.pk, form.word, by=request.agent)
    except PersonalDataError as error:
        return _refused(request, seen, form, str(error), confirms=True)
    except ProposalChangedError as error:
        return _refused(request, seen, form, str(error), keeps_text=form.is_typed)
    except (BotError, ReplyRefusedError, DeskError) as error:
        return _refused(request, seen, form, str(error))
    messages.success(request, _told(ruling))
    if request.POST.get("back") == "conversation":
        return redirect("conversation", seen.message.conversation_id)
    following = request.POST.get("following", "")
    is_known = following.isdecimal() and len(following) < 19
    return redirect("bot_decision", int(following)) if is_known else redirect("arbitration")


def _refused(
    request: AgentRequest,
    seen: Decision,
    form: RulingForm,
    words: str,
    *,
    confirms: bool = False,
    keeps_text: bool = True,
) -> HttpResponse:
    context, kept = arbitration_context(request, seen), form.cleaned_data
    text = kept["text"] if keeps_text else ""
    typed = {"typed": text, "words": kept["words"], "cause": kept["cause"], "verdict": kept["verdict"]}
    typed["without_files"] = kept["without_files"]
    context |= typed | {"refusal": words}
    if confirms:
        context["confirms"] = seal_of(kept["text"] or context["shown"].proposal.text)
    return render(request, "bot/arbitration.html", context, status=422)


def _told(ruling: Ruling) -> str:
    told = {
        Ruling.Verdict.AS_IS: _("Sent as it was."),
        Ruling.Verdict.EDITED: _("Sent with your changes."),
        Ruling.Verdict.RIGHT: _("Noted: the bot was right."),
        Ruling.Verdict.REFUSED: _("Noted: refused."),
    }[Ruling.Verdict(ruling.verdict)]
    if ruling.draft is None:
        return told
    if ruling.verdict == Ruling.Verdict.REFUSED:
        return told + " " + _("Your answer begins an entry, which waits for approval.")
    return told + " " + _("How the customer asked joins the entry’s phrasings, which wait for approval.")
