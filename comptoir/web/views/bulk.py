"""One act on many conversations: a selection, or everything on a list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from comptoir.desk.acts import NEEDS
from comptoir.desk.bulk import MOST, how_far, remembered_bulk, start_bulk, undo_bulk
from comptoir.desk.errors import DeskError, EmptyTextError, PastInstantError
from comptoir.desk.models import BulkAct
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission, may
from comptoir.web.presenting.inbox import InboxChoice
from comptoir.web.queries.inbox import listed
from comptoir.web.requests import AgentRequest, permission_required

_MOST_REFUSALS = 50
_MOST_ID_DIGITS = 18

LABELS: dict[str, str | Promise] = {
    "assign": gettext_lazy("Assign"),
    "team": gettext_lazy("Pass to a team"),
    "tag": gettext_lazy("Add a tag"),
    "untag": gettext_lazy("Remove a tag"),
    "snooze": pgettext_lazy("conversation", "Snooze"),
    "pending": gettext_lazy("Mark as pending"),
    "resolve": gettext_lazy("Resolve"),
    "reopen": gettext_lazy("Reopen"),
    "spam": gettext_lazy("Mark as spam"),
}


@require_safe
@permission_required(Permission.ASSIGN)
def bar(request: AgentRequest) -> HttpResponse:
    """What can be done to a selection."""
    answering = [role for role, granted in GRANTS.items() if Permission.ANSWER in granted]
    colleagues = Agent.objects.filter(is_active=True, role__in=answering).select_related("user").order_by("name")
    if not may(request.agent, Permission.SEE_EVERY_TEAM):
        colleagues = colleagues.filter(teams__in=request.agent.teams.all()).distinct()
    context = {"colleagues": list(colleagues), "teams": list(Team.objects.order_by("name")), "key": uuid.uuid4()}
    return render(request, "bulk/_bar.html", context)


@require_POST
@permission_required(Permission.ASSIGN)
def start(request: AgentRequest) -> HttpResponse:
    """Ask for it; for everything on a list only once it was said how much that is."""
    act = request.POST.get("act", "")
    if act not in NEEDS or not may(request.agent, NEEDS[act]):
        raise Http404
    try:
        arguments = _arguments(act, request.POST)
        ids = _everything(request) if request.POST.get("everything") else _ids(request.POST.get("ids", ""))
        if request.POST.get("everything") and not request.POST.get("confirmed"):
            return _ask(request, act, len(ids))
        bulk = start_bulk(ids, act=act, arguments=arguments, by=request.agent, key=_key(request.POST.get("key", "")))
    except DeskError as error:
        response = render(request, "_toast.html", {"words": str(error), "is_error": True}, status=409)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response
    response = _shown(request, bulk)
    response["HX-Trigger"] = "bulk-started"
    return response


def _ask(request: AgentRequest, act: str, count: int) -> HttpResponse:
    """How much everything is, before it is done."""
    posted = [(name, text) for name, text in request.POST.items() if name not in {"csrfmiddlewaretoken", "confirmed"}]
    context = {"count": count, "label": LABELS[act], "posted": posted, "most": MOST}
    return render(request, "bulk/_ask.html", context)


@require_safe
@permission_required(Permission.ASSIGN)
def count(request: AgentRequest) -> HttpResponse:
    """How much everything on the list is that the page names, in words."""
    total = listed(request.agent, InboxChoice.beside(request).listing)[: MOST + 1].count()
    shown = formats.number_format(min(total, MOST)) + ("+" if total > MOST else "")
    words = _("Everything on this list is chosen: %(count)s") % {"count": shown}
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _everything(request: AgentRequest) -> list[int]:
    """All that is on the list which the page names in the words of its address."""
    asked = QueryDict(request.POST.get("choice", "")[:4000])
    request.GET = asked  # the choice is read from an address: here from that of the page
    found = listed(request.agent, InboxChoice.beside(request).listing)
    return list(found.order_by("pk").values_list("pk", flat=True)[: MOST + 1])


def _ids(text: str) -> list[int]:
    return [int(one) for one in text.split(",")[:MOST] if one.isascii() and one.isdecimal() and len(one) < 19]


def _arguments(act: str, posted: QueryDict) -> dict[str, Any]:
    """Raises DeskError for what is missing."""
    to = posted.get("to", "")
    if act == "assign":
        return {"to": int(to) if to.isdecimal() and len(to) <= _MOST_ID_DIGITS else "me" if to == "me" else None}
    if act == "team":
        if not to.isdecimal() or len(to) > _MOST_ID_DIGITS:
            raise Http404
        return {"to": int(to)}
    if act in ("tag", "untag"):
        name = posted.get("name", "").replace("\x00", "").strip()
        if not name:
            raise EmptyTextError
        return {"name": name[:40]}
    if act == "snooze":
        return _end(posted)
    return {"block": posted.get("block") == "yes"} if act == "spam" else {}


def _end(posted: QueryDict) -> dict[str, Any]:
    end = posted.get("end", "reply")
    if end in ("hour", "tomorrow", "monday"):
        return {"end": end}
    if end != "until":
        return {}
    try:
        typed = parse_datetime(posted.get("until", ""))
    except ValueError:
        typed = None
    if typed is None:
        raise PastInstantError
    return {"until": (timezone.make_aware(typed) if timezone.is_naive(typed) else typed).isoformat()}


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


@require_safe
@permission_required(Permission.ASSIGN)
def progress(request: AgentRequest, pk: int) -> HttpResponse:
    """How far it has come."""
    return _shown(request, get_object_or_404(BulkAct, pk=pk, agent=request.agent))


@require_safe
@permission_required(Permission.ASSIGN)
def latest(request: AgentRequest) -> HttpResponse:
    """What is under way, or has just been done, for somebody who comes back to the list."""
    bulk = remembered_bulk(request.agent)
    return _shown(request, bulk) if bulk else HttpResponse("")


@require_POST
@permission_required(Permission.ASSIGN)
def undo(request: AgentRequest, pk: int) -> HttpResponse:
    """Take it back, as far as nobody has gone on since."""
    get_object_or_404(BulkAct, pk=pk, agent=request.agent)
    return _shown(request, undo_bulk(pk, by=request.agent))


def _shown(request: AgentRequest, bulk: BulkAct) -> HttpResponse:
    far = how_far(bulk)
    states = BulkAct.State
    is_back = bulk.state in (states.UNDOING, states.UNDONE)
    refused = bulk.changes.exclude(refusal="").filter(before__isnull=not is_back)
    refused = refused.select_related("conversation__identity").order_by("id")
    has_ended = bulk.state in (states.DONE, states.UNDONE)
    context = {
        "bulk": bulk,
        "label": LABELS.get(bulk.act, bulk.act),
        "far": far,
        "so_far": far["undone"] + far["left"] if is_back else far["done"] + far["refused"],
        "total": far["done"] if is_back else bulk.total,
        "is_back": is_back,
        "has_ended": has_ended,
        "refused": _refused(refused) if has_ended else [],
    }
    return render(request, "bulk/_progress.html", context)


def _refused(refused: Any) -> Sequence[Any]:
    return list(refused[:_MOST_REFUSALS])
