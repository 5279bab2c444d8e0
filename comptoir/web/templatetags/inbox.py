"""How a row of the list says who spoke last, and when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from comptoir.connectors.registry import connector_classes
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.rows import Row
from comptoir.web.wording import channel_label, full_instant, language_name

register = template.Library()
register.filter("language_name", language_name)

_WEEK = timedelta(days=6)


@register.filter
def list_time(at: datetime | None) -> SafeString | str:
    """As short as can be, always of one shape: « 14:05 » today, « lun. » this week, « 3 mars », « 03/2025 » before this
    year; the full instant on hover.
    """
    if at is None:
        return ""
    return _listed(at, timezone.localtime(now()).date(), get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _listed(at: datetime, today: date, _language: str | None, _zone: str) -> SafeString:
    local = timezone.localtime(at)
    if local.date() == today:
        shape = "H:i"
    elif timedelta(0) <= today - local.date() <= _WEEK:
        shape = pgettext("date format", "D")
    else:
        shape = pgettext("date format", "j M") if local.year == today.year else "m/Y"
    shown = f"{local:%H:%M}" if shape == "H:i" else formats.date_format(local, shape)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full_instant(at), shown)


@register.simple_tag
def who_spoke(row: Row, agent: Agent) -> str:
    """Whose the words on a row are, where they are not the customer's."""
    if row.said_direction != Message.Direction.OUTGOING:
        return ""
    if row.is_stuck:
        return _("Not sent:") if row.said_state == Message.State.FAILED else _("Perhaps sent:")
    if row.said_by is None:
        return _("Automatic:") if row.said_automatically else _("Us:")
    return _("You:") if row.said_by == agent.pk else _("%(name)s:") % {"name": (row.said_by_name or "").split()[0]}


@register.filter
def channel_mark(kind: str) -> str:
    """Two letters for a channel, beside which its whole name is said."""
    connector = connector_classes().get(kind)
    if connector is not None and connector.mark:
        return connector.mark
    return "".join(letter for letter in channel_label(kind) if letter.isalnum())[:2].capitalize()
