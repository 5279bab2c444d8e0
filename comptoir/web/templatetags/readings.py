"""What was read in a message, as the exchange says it below each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.web.wording_readings import Said, worth_saying

register = template.Library()

_ONE = '<span class="said {}" dir="auto">{}</span>'
_TO_CORRECT = (
    '<a class="reading" id="reading-{pk}" href="{address}" hx-get="{address}" hx-target="#form-{pk}" title="{title}">'
    '{said}<span class="visually-hidden">, {act}</span></a>'
)
_TO_READ = '<span class="reading">{}</span>'


@register.simple_tag(takes_context=True)
def reading_line(context: Any, analysis: Any) -> SafeString:
    """What matters of one message; for those who may, the way to correct it."""
    may_correct = bool(context["may"].get("correct_readings"))
    return _line(analysis.pk, tuple(worth_saying(analysis)), may_correct, get_language())


@lru_cache(maxsize=4096)
def _line(pk: int, sayings: Sequence[Said], may_correct: bool, _language: str | None) -> SafeString:
    """The same messages are shown again and again, by whomever: what a line is made of are the arguments."""
    said = format_html_join("", _ONE, ((one.mark, one.words) for one in sayings))
    if not may_correct:
        return format_html(_TO_READ, said)
    before, after = _address()
    title, act = _("What the machine read; press to correct it"), _("correct it")
    return format_html(_TO_CORRECT, pk=pk, address=f"{before}{pk}{after}", title=title, said=said, act=act)


@cache
def _address() -> tuple[str, str]:
    """One address is the pattern of all: to find each anew is dear."""
    before, _zero, after = reverse("reading", args=[0]).partition("0")
    return before, after
