"""The rows of the list, ready to be shown: what can be worked out once for a page is, so that a row costs little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.sla.models import SLAClock
from comptoir.web.queries.inbox.rows import Row
from comptoir.web.templatetags.counter import waiting
from comptoir.web.templatetags.inbox import channel_mark, list_time, who_spoke
from comptoir.web.wording import channel_label, promise_words

register = template.Library()

_BAR = 36
_MOST_TAGS = 2
_HIDDEN = '<span class="visually-hidden">{}</span>'
_CHANNEL = '<span class="mark-channel" title="{}, {}"><span aria-hidden="true">{}</span>' + _HIDDEN + "</span>"
_OWNER = '<span class="initials" title="{}"><span aria-hidden="true">{}</span>' + _HIDDEN + "</span>"
_NOBODY = '<span class="initials is-nobody" title="{}">' + _HIDDEN + "</span>"
_PUBLIC = '<span class="mark-public">{}</span>'
_PRIVATE = (
    '<span class="mark-private" title="{}"><svg aria-hidden="true"><use href="{}#lock"></use></svg>'
    + _HIDDEN
    + "</span>"
)
#: The bar empties as the promise runs out: the script keeps it current.
_PROMISE = (
    '<span class="promise is-{state}" title="{words} ({due})"><svg width="36" height="6" viewBox="0 0 36 6" '
    'aria-hidden="true" data-starts="{starts_at}" data-due="{due_at}"><rect class="promise-whole" width="36" '
    'height="6" rx="3"></rect><rect class="promise-left" width="{width}" height="6" rx="3"></rect></svg>{sign}'
    '<span class="visually-hidden">{words}</span></span>'
)
_SIGN = SafeString('<span class="promise-sign" aria-hidden="true">!</span>')


@register.simple_tag(takes_context=True)
def shown_rows(context: Any, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Each row as `inbox/_row.html` shows it: a dict, which templates read fastest."""
    choice, agent, opened = context["choice"], context["agent"], context.get("conversation")
    # One address is the pattern of all: to find each anew is among the dearest things a row could ask for.
    before, _zero, after = reverse("conversation", args=[0]).rpartition("0")
    after = f"{after}?{choice.query}"
    channel, owner, visibility = cache(_channel), cache(_owner), cache(_visibility)
    for row in rows:
        one = row.conversation
        yield {
            "pk": str(one.pk),
            "order": _order(one, choice.sort),
            "address": f"{before}{one.pk}{after}",
            "is_open": opened is not None and opened.pk == one.pk,
            "is_waiting": one.waiting_since is not None,
            "has_unread": row.has_unread,
            "name": str(one.identity),
            "tags": row.tags[:_MOST_TAGS],
            "tags_beyond": row.tags[_MOST_TAGS:],
            "time": _time(one),
            "who": who_spoke(row, agent),
            "is_stuck": row.is_stuck,
            "said": one.last_message_text or ("" if row.has_files else one.subject),
            "has_files": row.has_files,
            "status": one.status,
            "snoozed_until": one.snoozed_until,
            "promise": promise_bar(row.clocks),
            "visibility": visibility(one.is_public),
            "channel": channel(one.account),
            "owner": owner(one.assignee),
        }


def _order(one: Conversation, sort: str) -> str:
    at = {"waiting": one.waiting_since, "promise": one.promise_due_at}.get(sort, one.last_message_at)
    return f"{int(at.timestamp())}.{at.microsecond:06d}" if at else ""


def _time(one: Conversation) -> SafeString | str:
    if one.waiting_since:
        return waiting(one.waiting_since)
    return list_time(one.resolved_at if one.status == Conversation.Status.RESOLVED else one.last_message_at)


def _visibility(is_public: bool) -> SafeString:
    if is_public:
        return format_html(_PUBLIC, _("Public"))
    return format_html(_PRIVATE, _("Private"), static("comptoir/icons.svg"), _("Private"))


def _channel(account: ChannelAccount) -> SafeString:
    label = channel_label(account.kind)
    return format_html(_CHANNEL, label, account.name, channel_mark(account.kind), label)


def _owner(agent: Agent | None) -> SafeString:
    if agent is None:
        nobody = _("Nobody has taken it")
        return format_html(_NOBODY, nobody, nobody)
    return format_html(_OWNER, agent.name, agent.initials, agent.name)


def promise_bar(clocks: Iterable[SLAClock]) -> SafeString | str:
    """The most pressing promise as a bar that empties, with its words."""
    clock = min(clocks, key=lambda one: one.due_at, default=None)
    if clock is None:
        return ""
    whole = (clock.due_at - clock.started_at).total_seconds() or 1
    left = (clock.due_at - now()).total_seconds() / whole
    return format_html(
        _PROMISE,
        state="broken" if left <= 0 else "soon" if left < 0.25 else "waiting",
        words=promise_words(clock.due_at),
        due=formats.date_format(timezone.localtime(clock.due_at), "l j F Y, H:i"),
        starts_at=clock.started_at.isoformat(),
        due_at=clock.due_at.isoformat(),
        width=round(_BAR * min(1, max(0, left))) if left > 0 else _BAR,
        sign=_SIGN if left <= 0 else "",
    )
