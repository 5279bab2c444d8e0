"""The rows of the list: what can be worked out once for a page is, and a row that says the same is not drawn again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.conversations.models import Message, Priority
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.listing import Sort
from comptoir.web.queries.inbox.rows import Row
from comptoir.web.templatetags.counter import waiting
from comptoir.web.templatetags.inbox import channel_mark, list_time, who_spoke
from comptoir.web.wording import call_words, channel_label, promise_words
from comptoir.web.wording_readings import URGENCY_WORDS

register = template.Library()

_BAR = 36
#: What was said so soon after is shown as the same instant.
_AT_ONCE = timedelta(minutes=1)
#: With less than this share of it left, a promise presses.
_SOON = 0.25
_MOST_TAGS = 2
#: More seconds than any instant has: the script compares one number for priority and instant.
_AGES = 10_000_000_000
_HIDDEN = '<span class="visually-hidden">{}</span>'
_CHANNEL = '<span class="mark-channel" title="{}, {}"><span aria-hidden="true">{}</span>' + _HIDDEN + "</span>"
_OWNER = '<span class="initials" title="{}"><span aria-hidden="true">{}</span>' + _HIDDEN + "</span>"
_NOBODY = '<span class="initials is-nobody" title="{}">' + _HIDDEN + "</span>"
_PUBLIC = '<span class="mark-public">{}</span>'
_PRIORITY = '<span class="mark-priority is-{}" title="{}"><span aria-hidden="true">{} {}</span>' + _HIDDEN + "</span>"
_PRIVATE = (
    '<span class="mark-private" title="{}"><svg aria-hidden="true"><use href="{}#lock"></use></svg>'
    + _HIDDEN
    + "</span>"
)
#: The bar empties as the promise runs out: the script keeps it current.
_PROMISE = (
    '<span class="promise is-{state}"><svg width="36" height="6" viewBox="0 0 36 6" '
    'aria-hidden="true" data-starts="{starts_at}" data-due="{due_at}"><title>{words} ({due})</title>'
    '<rect class="promise-whole" width="36" '
    'height="6" rx="3"></rect><rect class="promise-left" width="{width}" height="6" rx="3"></rect></svg>{sign}'
    '<span class="visually-hidden">{words}&nbsp;</span></span>'
)
_SIGN = SafeString('<span class="promise-sign" aria-hidden="true">!</span>')


class RowShown(NamedTuple):
    """Everything that `inbox/_row.html` shows of a row."""

    pk: str
    order: str
    address: str
    is_open: bool
    is_waiting: bool
    has_unread: bool
    name: str
    urgency: str
    urgency_words: str
    priority: str
    tags: tuple[str, ...]
    tags_beyond: tuple[str, ...]
    time: str
    waits: str
    who: str
    is_stuck: bool
    said: str
    has_files: bool
    status: str
    snoozed_until: str
    promise: str
    visibility: str
    channel: str
    owner: str


@register.simple_tag(takes_context=True)
def drawn_rows(context: Any, rows: Iterable[Row]) -> SafeString:
    """The rows as HTML."""
    language = get_language()
    return SafeString("".join(_drawn(one, language) for one in _shown(context, rows)))


def _said(row: Row) -> str:
    """The last words; of a call without any, how it stands."""
    if row.call_state is not None and not row.last_message_text:
        return call_words(row.call_state, is_ours=row.said_direction == Message.Direction.OUTGOING)
    return row.last_message_text or ("" if row.has_files else row.subject)


@lru_cache(maxsize=2048)
def _drawn(row: RowShown, _language: str | None) -> SafeString:
    """Most rows of a list say what they said when it was last looked at, by whomever: what a row is made of are the
    arguments.
    """
    return render_to_string("inbox/_row.html", {"row": row._asdict()})


def _shown(context: Any, rows: Iterable[Row]) -> Iterator[RowShown]:
    choice, agent, opened = context["choice"], context["agent"], context.get("conversation")
    # One address is the pattern of all: to find each anew is among the dearest things a row could ask for.
    before, _zero, after = reverse("conversation", args=[0]).rpartition("0")
    after = f"{after}?{choice.query}"
    channel, owner, visibility = cache(_channel), cache(_owner), cache(_visibility)
    present = now()
    for row in rows:
        yield RowShown(
            pk=str(row.pk),
            order=_order(row, choice.sort),
            address=f"{before}{row.pk}{after}",
            is_open=opened is not None and opened.pk == row.pk,
            is_waiting=row.waiting_since is not None,
            has_unread=row.has_unread,
            name=row.name,
            urgency=str(row.urgency or ""),
            urgency_words=str(URGENCY_WORDS.get(row.urgency or 0, "")),
            priority=_priority(row),
            tags=tuple(row.tags[:_MOST_TAGS]),
            tags_beyond=tuple(row.tags[_MOST_TAGS:]),
            time=_time(row, choice.sort),
            waits=waiting(row.waiting_since) if row.waiting_since and _said_more(row, choice.sort) else "",
            who=who_spoke(row, agent),
            is_stuck=row.is_stuck,
            said=_said(row),
            has_files=row.has_files,
            status=row.status,
            snoozed_until=_full_day(row.snoozed_until) if row.snoozed_until else "",
            promise=_promise(row, present),
            visibility=visibility(row.is_public),
            channel=channel(row.channel, row.account),
            owner=owner(row.owner),
        )


def _order(row: Row, sort: str) -> str:
    at = {"newest": row.last_message_at, "promise": row.promise_due_at}.get(sort, row.waiting_since)
    before = (Priority.URGENT - row.priority) * _AGES if sort == "priority" else 0
    return f"{before + int(at.timestamp())}.{at.microsecond:06d}" if at else ""


def _priority(row: Row) -> SafeString | str:
    if not row.goes_before_others:
        return ""
    label = Priority(row.priority).label
    words = _("Priority: %(priority)s") % {"priority": label}
    sign = "↑" if row.priority == Priority.HIGH else "⇈"
    return format_html(_PRIORITY, row.priority, words, sign, label, words)


def _time(row: Row, sort: str) -> SafeString | str:
    """Since when somebody waits; where the list is in another order, what it is in the order of."""
    if row.waiting_since and not _said_more(row, sort):
        return waiting(row.waiting_since)
    return list_time(row.last_message_at)


def _said_more(row: Row, sort: str) -> bool:
    """Whether something was said since somebody began to wait, and the list is in the order of what was said last."""
    return sort == Sort.NEWEST and row.waiting_since is not None and row.last_message_at - row.waiting_since > _AT_ONCE


def _visibility(is_public: bool) -> SafeString:
    if is_public:
        return format_html(_PUBLIC, _("Public"))
    return format_html(_PRIVATE, _("Private"), static("comptoir/icons.svg"), _("Private"))


def _channel(kind: str, account: str) -> SafeString:
    label = channel_label(kind)
    return format_html(_CHANNEL, label, account, channel_mark(kind), label)


def _owner(name: str | None) -> SafeString:
    if name is None:
        nobody = _("Nobody has taken it")
        return format_html(_NOBODY, nobody, nobody)
    return format_html(_OWNER, name, Agent(name=name).initials, name)


def _promise(row: Row, present: datetime) -> SafeString | str:
    if row.promise_started_at is None or row.promise_ends_at is None:
        return ""
    words = promise_words(row.promise_ends_at)
    left = (row.promise_ends_at - present) / ((row.promise_ends_at - row.promise_started_at) or timedelta(seconds=1))
    width = round(_BAR * min(1, max(0, left))) if left > 0 else _BAR
    state = "broken" if left <= 0 else "soon" if left < _SOON else "waiting"
    return _bar(row.promise_started_at, row.promise_ends_at, state, width, words)


@lru_cache(maxsize=2048)
def _bar(starts_at: datetime, due_at: datetime, state: str, width: int, words: str) -> SafeString:
    """A promise as a bar that empties, with its words."""
    return format_html(
        _PROMISE,
        state=state,
        words=words,
        due=_full_day(due_at),
        starts_at=starts_at.isoformat(),
        due_at=due_at.isoformat(),
        width=width,
        sign=_SIGN if state == "broken" else "",
    )


def _full_day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "l j F Y, H:i")
