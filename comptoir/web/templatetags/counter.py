"""Filters and tags of the staff's screens."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.core.clock import now
from comptoir.core.saying import in_our_words, in_their_words, in_words
from comptoir.web import wording

register = template.Library()
register.filter("channel_label", wording.channel_in_line)
register.filter("day_words", wording.day)
register.filter("long_day", wording.long_day)
register.filter("act_words", wording.act_words)
register.filter("in_words", in_words)
register.filter("in_our_words", in_our_words)
register.filter("in_their_words", in_their_words)
register.filter("telephone", wording.telephone)


@register.simple_tag
def colon() -> str:
    """A colon between two things that are each said by themselves: French sets a space before it that never breaks."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"


@register.filter
def instant(at: datetime | None) -> SafeString | str:
    """A moment as people say it, with the full instant on hover."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), wording.full_instant(at), wording.moment(at)
    )


@register.filter
def clock_time(at: datetime) -> SafeString:
    """The time of day within a day's heading, with the full instant on hover."""
    return _at_the_clock(at, get_language(), timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _at_the_clock(at: datetime, _language: str | None, _zone: str) -> SafeString:
    local = timezone.localtime(at)
    shown = f"{local:%H:%M}"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), wording.full_instant(at), shown)


@register.filter
def waiting(since: datetime) -> SafeString:
    """How long somebody has waited; the browser keeps it current."""
    words = wording.span(now() - since)
    said = _("Waiting for %(span)s") % {"span": words}
    return format_html('<time datetime="{}" data-since title="{}">{}</time>', since.isoformat(), said, words)


@register.filter
def initials(name: str) -> str:
    """Two letters at most for a small mark."""
    words = [word for word in str(name).replace("@", " ").split() if word]
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper() or "?"


@register.filter
def file_size(size_bytes: int | None) -> str:
    """A size people can read."""
    if size_bytes is None:
        return ""
    if size_bytes < 1024 * 1024:
        return _("%(size)s kB") % {"size": max(1, round(size_bytes / 1024))}
    return _("%(size)s MB") % {"size": formats.number_format(size_bytes / 1024 / 1024, 1)}


@register.filter
def is_a(bound: BoundField, widget: str) -> bool:
    """Whether a field is drawn by the widget of that name."""
    return type(bound.field.widget).__name__ == widget


@register.filter
def described(bound: BoundField) -> BoundField:
    """The field with its help and its error tied to it for those who do not see them beside it."""
    if bound.field.widget.attrs.get("placeholder") == bound.label:
        del bound.field.widget.attrs["placeholder"]  # It says what stands above it.
    names = [f"{bound.id_for_label}-help"] if bound.help_text else []
    if bound.errors:
        names.append(f"{bound.id_for_label}-error")
        bound.field.widget.attrs["aria-invalid"] = "true"
    if names:
        bound.field.widget.attrs["aria-describedby"] = " ".join(names)
    return bound
