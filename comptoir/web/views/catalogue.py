"""The company's answers: the list, one entry with its versions, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.bot.models import LearntMessage
from comptoir.brands.models import Brand
from comptoir.catalogue.approving import (
    MayNotApproveError,
    SettledAlreadyError,
    approve_version,
    may_approve,
    refuse_version,
)
from comptoir.catalogue.content import Content
from comptoir.catalogue.editing import mind_entry, restore_entry, retire_entry
from comptoir.catalogue.figures import SHOWS, Figures, entries_shown, figures_of, show_counts
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.catalogue.models.entry import CatalogueEntryQuerySet
from comptoir.catalogue.searching.finding import search_entries
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.readable import readable_messages
from comptoir.core.clock import now
from comptoir.people.permissions import Permission, may
from comptoir.web.forms.catalogue import MindForm
from comptoir.web.presenting.bot import target_shown
from comptoir.web.presenting.catalogue import brand_names, differences, uses_words, variant_words, versions_shown
from comptoir.web.requests import AgentRequest, permission_required

readers_only = permission_required(Permission.READ_CONVERSATIONS)
writers_only = permission_required(Permission.WRITE_ENTRIES)
approvers_only = permission_required(Permission.APPROVE_ENTRIES, Permission.APPROVE_MARKETING_ENTRIES)
_PAGE = 50
_MOST_ASKED_CHARS = 300
_VERSIONS_SHOWN, _USES_SHOWN = 20, 10


def today() -> date:
    """The installation's day."""
    return timezone.localdate(now())


@require_safe
@readers_only
def catalogue(request: AgentRequest) -> HttpResponse:
    """The entries, by what waits for somebody, brand, topic, and words or meaning."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:_MOST_ASKED_CHARS]
    entries = _narrowed(entries_shown(request.agent, show, today()), request)
    page = _page(request)
    if asked:
        order = search_entries(entries, asked, on=today())
        found = {entry.pk: entry for entry in entries.filter(pk__in=order).select_related("brand", "owner")}
        rows, has_more = [found[pk] for pk in order if pk in found], False
    else:
        start = (page - 1) * _PAGE
        rows = list(entries.select_related("brand", "owner")[start : start + _PAGE + 1])
        rows, has_more = rows[:_PAGE], len(rows) > _PAGE
    figures = figures_of([entry.pk for entry in rows])
    waiting = set(EntryVersion.objects.filter(entry__in=rows, status="draft").values_list("entry_id", flat=True))
    context = {
        "rows": [_row(entry, figures.get(entry.pk, Figures()), entry.pk in waiting) for entry in rows],
        "show": show,
        "tabs": _tabs(request),
        "asked": asked,
        "brands": Brand.objects.all(),
        "brand": request.GET.get("brand", ""),
        "topic": request.GET.get("topic", ""),
        "page": page,
        "has_more": has_more,
        "exports": [("jsonl", _("JSON lines")), ("csv", _("CSV")), ("md", _("Markdown"))],
    }
    return render(request, "catalogue/list.html", context)


def _row(entry: CatalogueEntry, figures: Figures, is_waiting: bool) -> dict[str, Any]:
    return {"entry": entry, "figures": figures, "is_waiting": is_waiting, "state": _state(entry, is_waiting)}


def _state(entry: CatalogueEntry, is_waiting: bool) -> tuple[str, str]:
    """How it stands, as a mark and in words."""
    if entry.retired_at:
        return "paused", pgettext("entry", "Retired")
    if entry.approved_version_id is None:
        return ("trouble", _("Waits for approval")) if is_waiting else ("broken", _("Refused"))
    if entry.valid_until_on and entry.valid_until_on < today():
        return "broken", _("Has ended")
    if not entry.serves(today()):
        return "paused", _("Not begun yet")
    return "fine", _("Serves")


def _tabs(request: AgentRequest) -> list[tuple[str, str, int]]:
    names = {
        "all": pgettext("entries", "All"), "drafts": _("To approve"), "review": _("To review"),
        "orphans": _("Nobody’s"), "expired": _("Ended"), "unused": _("Not used in 90 days"), "retired": _("Retired"),
    }  # fmt: skip
    return [(show, names[show], count) for show, count in show_counts(request.agent, today()).items()]


def _narrowed(entries: CatalogueEntryQuerySet, request: AgentRequest) -> CatalogueEntryQuerySet:
    brand, topic = request.GET.get("brand", ""), request.GET.get("topic", "").replace("\x00", "")[:80]
    if brand.isdecimal() and len(brand) <= 18:
        entries = entries.filter(brand=int(brand))
    return entries.filter(topics__contains=[topic]) if topic else entries


def _page(request: AgentRequest) -> int:
    named = request.GET.get("page", "1")
    return max(1, int(named)) if named.isdecimal() and len(named) <= 5 else 1


def entry_seen(request: AgentRequest, pk: int) -> CatalogueEntry:
    """An entry that the agent may read. Raises Http404 for any other."""
    related = CatalogueEntry.objects.shown_to(request.agent).select_related("brand", "owner", "approved_version")
    return get_object_or_404(related, pk=pk)


@require_safe
@readers_only
def entry(request: AgentRequest, pk: int) -> HttpResponse:
    """One entry: what it says, what waits for approval, what it said before, and what came of it."""
    shown = entry_seen(request, pk)
    versions = list(shown.versions.select_related("author", "settled_by")[: _VERSIONS_SHOWN + 1])
    draft = next((one for one in versions if one.status == EntryVersion.Status.DRAFT), None)
    base = shown.approved_version or (versions[0] if versions else None)
    if base is None:
        raise Http404
    content = Content.of_json(base.content)
    former = content if shown.approved_version else None
    if draft:
        draft.entry = shown
    uses = list(shown.uses.select_related("agent", "version")[:_USES_SHOWN])
    context = {
        "entry": shown,
        "content": content,
        "answers": [(variant_words(one), one) for one in content.variants],
        "uses_in_words": uses_words(content.uses),
        "state": _state(shown, draft is not None),
        "draft": draft,
        "draft_changes": differences(former, Content.of_json(draft.content), brand_names()) if draft else [],
        **_learnt_context(versions, draft, request),
        "may_settle": draft is not None and may_approve(request.agent, draft),
        "versions": versions_shown(versions)[:_VERSIONS_SHOWN],
        "figures": figures_of([shown.pk]).get(shown.pk, Figures()),
        "uses": uses,
        "readable": set(
            Conversation.objects.visible_to(request.agent)
            .filter(pk__in=[one.conversation_id for one in uses])
            .values_list("pk", flat=True)
        ),
        "may_retire": _has_right_over(request, shown),
        "mind_form": MindForm(initial={"owner": shown.owner_id, "review_on": shown.review_on}),
        "bot_target": target_shown(shown) if shown.for_bot else None,
        "is_late": shown.review_on is not None and shown.review_on <= today(),
    }
    return render(request, "catalogue/entry.html", context)


def _learnt_context(
    versions: Sequence[EntryVersion], draft: EntryVersion | None, request: AgentRequest
) -> dict[str, Any]:
    """Which versions agents' answers made, and of which messages the draft, as far as the agent may read them."""
    learnt = set(LearntMessage.objects.filter(version__in=versions).values_list("version", flat=True))
    taught = Message.objects.filter(taught__version=draft, deleted_at=None).order_by("-pk")[:_USES_SHOWN]
    readable = readable_messages(taught, request.agent) if draft and draft.pk in learnt else []
    return {"learnt_versions": learnt, "learnt_from": readable}


@require_POST
@approvers_only
def approve(request: AgentRequest, pk: int) -> HttpResponse:
    """Have the draft serve."""
    return _settled(request, pk, refuses=False)


@require_POST
@approvers_only
def refuse(request: AgentRequest, pk: int) -> HttpResponse:
    """Say no to the draft, and why."""
    return _settled(request, pk, refuses=True)


def _settled(request: AgentRequest, pk: int, *, refuses: bool) -> HttpResponse:
    shown = entry_seen(request, pk)
    named = request.POST.get("version", "")
    version = get_object_or_404(shown.versions, number=int(named) if named.isdecimal() and len(named) < 9 else 0)
    try:
        if refuses:
            refuse_version(version.pk, by=request.agent, reason=request.POST.get("reason", "").replace("\x00", ""))
            told = _("Version %(number)s is refused; its writer sees why.")
        else:
            approve_version(version.pk, by=request.agent)
            told = _("Version %(number)s serves from now on.")
        messages.success(request, told % {"number": version.number})
    except MayNotApproveError as error:
        raise PermissionDenied from error
    except SettledAlreadyError as error:
        messages.warning(request, str(error))
    return redirect("entry", shown.pk)


@require_POST
@approvers_only
def retire(request: AgentRequest, pk: int) -> HttpResponse:
    """Have it serve no more, or again."""
    shown = entry_seen(request, pk)
    if not _has_right_over(request, shown):
        raise PermissionDenied
    if request.POST.get("back") == "yes":
        restore_entry(shown.pk, by=request.agent)
        messages.success(request, _("This entry serves again."))
    else:
        retire_entry(shown.pk, by=request.agent)
        messages.success(request, _("This entry is retired: it serves nobody any more. Its versions and figures stay."))
    return redirect("entry", shown.pk)


def _has_right_over(request: AgentRequest, shown: CatalogueEntry) -> bool:
    """A community manager minds what is marketing's alone."""
    is_marketings = shown.for_marketing and not (shown.for_service or shown.for_bot)
    if may(request.agent, Permission.APPROVE_ENTRIES):
        return True
    return is_marketings and may(request.agent, Permission.APPROVE_MARKETING_ENTRIES)


@require_POST
@writers_only
def mind(request: AgentRequest, pk: int) -> HttpResponse:
    """Say who minds it, and when it is to be looked at again."""
    shown = entry_seen(request, pk)
    form = MindForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        mind_entry(shown.pk, owner=said["owner"], review_on=said["review_on"], by=request.agent)
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("This could not be read: choose a person and a day. Nothing was changed."))
    return redirect("entry", shown.pk)


@require_http_methods(["GET", "HEAD"])
@readers_only
def version(request: AgentRequest, pk: int, number: int) -> HttpResponse:
    """One version: what it changed, and all that it said."""
    shown = entry_seen(request, pk)
    one = get_object_or_404(shown.versions.select_related("author", "settled_by"), number=number)
    former = shown.versions.filter(number__lt=number).first()
    content = Content.of_json(one.content)
    context = {
        "entry": shown,
        "version": one,
        "former": former,
        "changes": differences(Content.of_json(former.content) if former else None, content, brand_names()),
        "whole": differences(None, content, brand_names()),
    }
    return render(request, "catalogue/version.html", context)
