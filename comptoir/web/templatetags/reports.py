"""Filters and tags of the figures."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comptoir.reporting.asking import Question
from comptoir.web.presenting.report_columns import Column
from comptoir.web.wording import plain_day
from comptoir.web.wording_figures import number_words

register = template.Library()
register.filter("day_in_words", plain_day)
register.filter("in_digits", number_words)

_BAR = (
    '<svg class="share-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="share-whole" width="100" height="4"></rect>'
    '<rect class="share-part" width="{}" height="4"></rect></svg>'
)


class Shown(Protocol):
    """A number with what is behind it."""

    text: str
    address: str


@register.simple_tag
def number_link(cell: Shown) -> SafeString | str:
    """A number; a link where there are conversations behind it."""
    if not cell.address:
        return cell.text
    return format_html('<a class="behind" href="{}">{}</a>', cell.address, cell.text)


@register.simple_tag
def share_bar(percent: int) -> SafeString:
    """How long beside the longest, for the eye: the number beside it says it too."""
    return format_html(_BAR, percent)


@register.inclusion_tag("reports/_hint.html")
def meaning_hint(key: str, label: str, says: str) -> dict[str, Any]:
    """A mark that tells a figure's meaning: on hover, by a key, by a touch."""
    return {"key": key, "label": label, "says": says}


@register.inclusion_tag("reports/_hint.html")
def column_hint(column: Column) -> dict[str, Any]:
    """The same for a column."""
    return {"key": f"column-{column.key}", "label": column.label, "says": column.words}


@register.filter
def narrowed_query(question: Question) -> str:
    """What narrows a question, without its days, to go on behind others."""
    said = {name: words for name, words in question.written.items() if name not in ("since", "until")}
    return f"&{urlencode(said)}" if said else ""
