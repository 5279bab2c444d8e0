"""What customers ask and the catalogue does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.bot.queries import drafts_of_messages, learnt_drafts
from comptoir.catalogue.models import CatalogueEntry, EntryVersion, KnowledgeGap
from comptoir.conversations.models import Message
from comptoir.conversations.readable import readable_messages
from comptoir.core.tasks import defer
from comptoir.desk.knowledge_gaps import LOOKED_BACK
from comptoir.web.requests import AgentRequest
from comptoir.web.views.catalogue import readers_only, writers_only

_MOST_SHOWN, _SAMPLES_SHOWN = 40, 5


@require_safe
@readers_only
def knowledge_gaps(request: AgentRequest) -> HttpResponse:
    """The groups, the heaviest first, with messages that the agent may read; a group of which they may read none is
    left out.
    """
    gaps = list(KnowledgeGap.objects.select_related("brand", "nearest")[:_MOST_SHOWN])
    named = [pk for gap in gaps for pk in gap.message_ids]
    wanted = Message.objects.incoming().filter(pk__in=named, deleted_at=None)
    said = {message.pk: message for message in readable_messages(wanted, request.agent)}
    seen = set(CatalogueEntry.objects.shown_to(request.agent).values_list("pk", flat=True)) if gaps else set()
    drafts = drafts_of_messages(named)
    shown = [one for gap in gaps if (one := _shown(gap, said, seen, drafts))["samples"]]
    waiting = learnt_drafts().filter(entry__in=CatalogueEntry.objects.shown_to(request.agent))
    context = {
        "gaps": shown,
        "drafts": list(waiting.select_related("entry")[:_MOST_SHOWN]),
        "days": LOOKED_BACK.days,
        "found_at": gaps[0].found_at if gaps else None,
    }
    return render(request, "catalogue/gaps.html", context)


def _shown(
    gap: KnowledgeGap, said: dict[int, Message], seen: set[int], drafts: Mapping[int, EntryVersion]
) -> dict[str, Any]:
    found = [said[pk] for pk in gap.message_ids if pk in said]
    samples = list({" ".join(message.text.split()): message for message in reversed(found)}.values())[::-1]
    of_draft = (drafts[pk] for pk in gap.message_ids if pk in drafts and drafts[pk].entry_id in seen)
    return {
        "gap": gap,
        "samples": samples[:_SAMPLES_SHOWN],
        "nearest": gap.nearest if gap.nearest_id in seen else None,
        "draft": next(of_draft, None),
    }


@require_POST
@writers_only
def find_gaps(request: AgentRequest) -> HttpResponse:
    """Have the worker look again."""
    defer("desk.find_knowledge_gaps", only_once="desk.find_knowledge_gaps")
    defer("bot.learn", only_once="bot.learn")
    messages.success(request, _("The messages are being read again; this page shows what is found in a few minutes."))
    return redirect("knowledge_gaps")
