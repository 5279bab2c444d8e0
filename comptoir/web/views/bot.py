"""What the bot may do, how right it was, and the switch that stops it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.bot.actions import rest_entry, return_entry, set_bot, set_target, stop_bots
from comptoir.bot.models import BotSettings
from comptoir.bot.queries import Score, scores_by_account
from comptoir.catalogue.models import CatalogueEntry
from comptoir.people.permissions import Permission
from comptoir.understanding.deciding.certainty import PER_CENTS
from comptoir.web.forms.bot import BotForm
from comptoir.web.presenting.bot import accounts_seen_by, bot_context
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.wording_bot import share_words

runners_only = permission_required(Permission.RUN_BOT)


@require_safe
@runners_only
def bot(request: AgentRequest) -> HttpResponse:
    """The switch, what is proven, the accounts, and the entries that were judged."""
    return render(request, "bot/bot.html", bot_context(request.agent))


@require_POST
@runners_only
def switch(request: AgentRequest) -> HttpResponse:
    """Stop every bot, or let them go on."""
    stopped = request.POST.get("stopped") == "yes"
    stop_bots(stopped=stopped, by=request.agent)
    told = _("Every bot is stopped. What had not left is taken back.") if stopped else _("The bots go on.")
    messages.success(request, told)
    return redirect("bot")


@require_http_methods(["GET", "HEAD", "POST"])
@runners_only
def account_bot(request: AgentRequest, pk: int) -> HttpResponse:
    """What the bot may do on one account, beside what it would have done."""
    account = get_object_or_404(accounts_seen_by(request.agent), pk=pk)
    kept = BotSettings.objects.filter(account=account).first() or BotSettings(account=account)
    kept.account = account
    form = BotForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        set_bot(account.pk, form.terms, by=request.agent)
        messages.success(request, _("The bot does so from now on."))
        return redirect("bot")
    own = scores_by_account().get(account.pk, Score.nothing())
    context = {"account": account, "form": form, "score": own, "alone_words": share_words(own.alone_right)}
    return render(request, "bot/account.html", context, status=422 if form.is_bound else 200)


@require_POST
@permission_required(Permission.SET_UP)
def entry_target(request: AgentRequest, pk: int) -> HttpResponse:
    """Say how often the bot must be proven right before it answers with an entry alone."""
    entry = get_object_or_404(CatalogueEntry.objects.shown_to(request.agent), pk=pk)
    chosen = request.POST.get("least_per_cent", "")
    if chosen not in map(str, PER_CENTS):
        raise Http404
    set_target(entry.pk, int(chosen), by=request.agent)
    messages.success(request, _("From its next decision on the bot goes by that."))
    return redirect("entry", entry.pk)


@require_POST
@runners_only
def entry_rest(request: AgentRequest, pk: int) -> HttpResponse:
    """Take an entry off the bot, or give it back."""
    entry = get_object_or_404(CatalogueEntry.objects.shown_to(request.agent), pk=pk)
    if request.POST.get("rests") == "yes":
        rest_entry(entry.pk, by=request.agent)
        messages.success(request, _("The bot no longer answers with it by itself."))
    else:
        return_entry(entry.pk, by=request.agent)
        messages.success(request, _("The bot may answer with it again."))
    return redirect("bot")
