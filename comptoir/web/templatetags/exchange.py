"""Filters of the pane of the exchange."""

from __future__ import annotations

import unicodedata

from django import template

from comptoir.conversations.files import SHOWN_INLINE
from comptoir.conversations.models import Attachment

register = template.Library()

_MOST_EMOJI = 12
_JOINERS = frozenset("\u200d\ufe0f\u20e3 \n")


@register.filter
def is_only_emoji(text: str) -> bool:
    """Whether it is a few emoji and nothing else: they are shown larger, as what they are."""
    signs = [sign for sign in text.strip() if sign not in _JOINERS]
    return 0 < len(signs) <= _MOST_EMOJI and all(_is_emoji(sign) for sign in signs)


def _is_emoji(sign: str) -> bool:
    return ord(sign) > 0x2190 and unicodedata.category(sign) in ("So", "Sk", "Mn", "Cf")


@register.filter
def is_shown_inline(file: Attachment) -> bool:
    """Whether a browser shows it by itself without running anything."""
    return file.mime_type in SHOWN_INLINE
