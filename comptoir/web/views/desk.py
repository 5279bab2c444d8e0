"""Acts on a conversation: whose it is, its state, its tags."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.automations.actions import run_macro as run
from comptoir.automations.models import Macro
from comptoir.conversations.models import Conversation, Priority
from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.desk.actions import (
    assign_conversation,
    change_team,
    hold_conversation,
    prioritize_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
    untag_conversation,
)
from comptoir.desk.errors import PastInstantError
from comptoir.desk.following import follow_conversation, unfollow_conversation
from comptoir.desk.snoozing import snooze_conversation, snooze_ends
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission
from comptoir.web.presenting.head import AFTER_RESOLVING
from comptoir.web.queries.tags import tag_suggestions
from comptoir.web.requests import AgentRequest, is_guest, led_onward, permission_required
from comptoir.web.views.conversations import conversation_read, conversation_seen
from comptoir.web.views.doing import CHANGED, done, left, undoable

_MOST_ID_DIGITS = 18


@require_POST
@permission_required(Permission.ASSIGN)
def assign(request: AgentRequest, pk: int) -> HttpResponse:
    """Give it to oneself (``me``), to nobody (empty), or to a colleague (their id)."""
    conversation = conversation_seen(request, pk)
    to = _person(request, request.POST.get("to", ""))
    named = {"agent": to, "name": conversation.identity}
    words = (_("Assigned to %(agent)s: %(name)s") if to else _("Assigned to nobody: %(name)s")) % named
    return undoable(
        request, conversation, lambda: assign_conversation(conversation.pk, to=to, by=request.agent),
        act="assign", words=words,
    )  # fmt: skip


def _person(request: AgentRequest, named: str) -> Agent | None:
    if named in ("", "me"):
        return request.agent if named else None
    return get_object_or_404(Agent, pk=_id(named))


def _id(named: str) -> int:
    if not named.isascii() or not named.isdecimal() or len(named) > _MOST_ID_DIGITS:
        raise Http404
    return int(named)


@require_POST
@permission_required(Permission.ASSIGN)
def move(request: AgentRequest, pk: int) -> HttpResponse:
    """Pass it to another team."""
    conversation = conversation_seen(request, pk)
    team = get_object_or_404(Team, pk=_id(request.POST.get("to", "")))
    words = _("Passed to the team %(team)s: %(name)s") % {"team": team, "name": conversation.identity}
    return undoable(
        request, conversation, lambda: change_team(conversation.pk, to=team, by=request.agent), act="team", words=words
    )


@require_POST
@permission_required(Permission.RESOLVE)
def resolve(request: AgentRequest, pk: int) -> HttpResponse:
    """It is done; what one looks at next is one's own choice."""
    conversation = conversation_seen(request, pk)
    return left(
        request, conversation, lambda: resolve_conversation(conversation.pk, by=request.agent),
        act="resolve", words=_("Resolved: %(name)s"),
    )  # fmt: skip


@require_POST
@permission_required(Permission.RESOLVE)
def reopen(request: AgentRequest, pk: int) -> HttpResponse:
    """It is not done after all, or it is needed now."""
    conversation = conversation_seen(request, pk)
    return undoable(
        request, conversation, lambda: reopen_conversation(conversation.pk, by=request.agent),
        act="reopen", words=_("Opened again: %(name)s") % {"name": conversation.identity},
    )  # fmt: skip


@require_POST
@permission_required(Permission.RESOLVE)
def hold(request: AgentRequest, pk: int) -> HttpResponse:
    """The next step is somebody else's."""
    conversation = conversation_seen(request, pk)
    return undoable(
        request, conversation, lambda: hold_conversation(conversation.pk, by=request.agent),
        act="pending", words=_("Pending: %(name)s") % {"name": conversation.identity},
    )  # fmt: skip


@require_POST
@permission_required(Permission.RESOLVE)
def snooze(request: AgentRequest, pk: int) -> HttpResponse:
    """Put it away: until the customer writes (``reply``), until a named moment, or until the one typed in."""
    conversation = conversation_seen(request, pk)

    def act() -> None:
        snooze_conversation(conversation.pk, until=_until(request, conversation), by=request.agent)

    return left(request, conversation, act, act="snooze", words=_("Put away: %(name)s"))


def _until(request: AgentRequest, conversation: Conversation) -> datetime | None:
    """Raises PastInstantError for what is no moment to come."""
    end = request.POST.get("end", "reply")
    if end == "reply":
        return None
    if end != "until":
        return snooze_ends(conversation.account, now()).get(end) or _no_moment()
    try:
        typed = parse_datetime(request.POST.get("until", ""))
        return (timezone.make_aware(typed) if timezone.is_naive(typed) else typed) if typed else _no_moment()
    except (ValueError, OverflowError):
        return _no_moment()


def _no_moment() -> datetime:
    raise PastInstantError


@require_POST
@permission_required(Permission.RESOLVE)
def spam(request: AgentRequest, pk: int) -> HttpResponse:
    """Among the spam (``yes``), with its sender shut out (``block``), or not spam after all (``no``)."""
    conversation = conversation_seen(request, pk)
    asked = request.POST.get("spam", "yes")
    if asked == "no":
        return done(request, pk, lambda: clear_spam(conversation.pk, by=request.agent))
    return left(
        request, conversation, lambda: mark_spam(conversation.pk, block=asked == "block", by=request.agent),
        act="spam", words=_("Among the spam: %(name)s"),
    )  # fmt: skip


@require_POST
@permission_required(Permission.READ_CONVERSATIONS)
def follow(request: AgentRequest, pk: int) -> HttpResponse:
    """Hear of it, or no longer."""
    conversation = conversation_read(request, pk)
    act = unfollow_conversation if request.POST.get("follow") == "no" else follow_conversation
    if act is follow_conversation or not is_guest(request):
        return done(request, pk, lambda: act(conversation.pk, agent=request.agent))
    unfollow_conversation(pk, agent=request.agent)
    if readable_by(request.agent).filter(pk=pk).exists():
        return done(request, pk, lambda: None)
    messages.success(request, _("You follow it no longer, and it is with others: it is not shown to you any more."))
    return led_onward(request, reverse("inbox_view", args=["following"]))


@require_POST
@permission_required(Permission.ASSIGN)
def prioritize(request: AgentRequest, pk: int) -> HttpResponse:
    """Sooner or later in the queue."""
    conversation = conversation_seen(request, pk)
    named = request.POST.get("priority", "")
    if named not in {str(one) for one in Priority.values}:
        raise Http404
    priority = Priority(int(named))
    return undoable(
        request, conversation, lambda: prioritize_conversation(conversation.pk, priority=priority, by=request.agent),
        act="priority", words=_("Priority: %(priority)s") % {"priority": priority.label},
    )  # fmt: skip


@require_POST
@permission_required(Permission.ASSIGN)
def tag(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a word on it."""
    conversation = conversation_seen(request, pk)
    name = request.POST.get("name", "")
    return undoable(
        request, conversation, lambda: tag_conversation(conversation.pk, name=name, by=request.agent),
        act="tag", words=_("Tag added: %(tag)s") % {"tag": name.strip()},
    )  # fmt: skip


@require_POST
@permission_required(Permission.ASSIGN)
def untag(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a word off."""
    conversation = conversation_seen(request, pk)
    name = request.POST.get("name", "")
    return undoable(
        request, conversation, lambda: untag_conversation(conversation.pk, name=name, by=request.agent),
        act="untag", words=_("Tag taken off: %(tag)s") % {"tag": name.strip()},
    )  # fmt: skip


@require_safe
@permission_required(Permission.ASSIGN)
def suggest_tags(request: AgentRequest, pk: int) -> HttpResponse:
    """Words that begin with what is typed, or those used last."""
    conversation = conversation_seen(request, pk)
    asked = request.GET.get("name", "")
    found = tag_suggestions(conversation, asked)
    return render(request, "conversations/_tag_suggestions.html", {"tags": found, "asked": asked.strip()})


@require_POST
@permission_required(Permission.RESOLVE)
def choose_after_resolving(request: AgentRequest) -> HttpResponse:
    """What one wants to look at once a conversation is resolved."""
    chosen = request.POST.get("after", "")
    if chosen not in AFTER_RESOLVING:
        raise Http404
    agent = Agent.objects.get(pk=request.agent.pk)
    agent.preferences["after_resolving"] = chosen
    agent.save(update_fields=["preferences"])
    return HttpResponse(status=204, headers={"HX-Trigger": CHANGED}) if request.htmx else redirect("inbox")


@require_POST
@permission_required(Permission.ASSIGN)
def run_macro(request: AgentRequest, pk: int) -> HttpResponse:
    """Do all that one macro says."""
    conversation = conversation_seen(request, pk)
    macro_id, key = _id(request.POST.get("macro", "")), _key(request.POST.get("key", ""))

    def act() -> None:
        run(macro_id, conversation.pk, by=request.agent, key=key)

    try:
        return done(request, pk, act, changed="exchange-changed")
    except Macro.DoesNotExist as error:
        raise Http404 from error


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
