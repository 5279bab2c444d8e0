"""Filters of the pane of the exchange."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from comptoir.connectors import registry
from comptoir.connectors.base import HeedsRefusals
from comptoir.conversations.files import SHOWN_INLINE
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.delivery import calling, handover
from comptoir.desk.moving import has_one_alike, moves_between_accounts, why_it_stays
from comptoir.web import wording

register = template.Library()
register.filter("is_telephone", calling.is_telephone)
register.filter("places_calls", calling.places_calls)
register.filter("shares_threads", handover.shares_threads)
register.filter("moves_between_accounts", moves_between_accounts)
register.filter("has_one_alike", has_one_alike)
register.filter("why_it_stays", why_it_stays)

_PLACE = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)")
_NUMBER = re.compile(r"tel:\+\d{3,15}")
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
def leaves_later(message: Message) -> bool:
    """Whether a reply waits for an instant that was chosen, and not only for whoever might still take it back."""
    undone_until = now() + timedelta(seconds=settings.UNDO_SECONDS)
    return message.send_after is not None and message.send_after > undone_until


@register.filter
def is_shown_inline(file: Attachment) -> bool:
    """Whether a browser shows it by itself without running anything."""
    return file.mime_type in SHOWN_INLINE


@register.filter
def leads_to(file: Attachment) -> str:
    """Where what a message points to is found: a page, a place on a map, a number to dial; empty where nowhere."""
    place = _PLACE.fullmatch(file.source_url)
    if place is not None:
        latitude, longitude = place.groups()
        return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    is_safe = file.source_url.startswith(("https://", "http://")) or _NUMBER.fullmatch(file.source_url)
    return file.source_url if is_safe else ""


@register.filter
def act_under_way(act: str) -> str:
    """What is being asked of the network about a message, while it has not answered."""
    return {
        "hide": _("Being hidden on the network…"),
        "show": _("Being shown again on the network…"),
        "delete": _("Being deleted on the network…"),
        "remove": _("Being removed from the network…"),
        "like": _("Being liked on the network…"),
        "unlike": _("Our like is being taken back…"),
    }[act]


@register.filter
def act_refused(act: str) -> str:
    """What did not come about."""
    return {
        "hide": _("Not hidden"),
        "show": _("Not shown again"),
        "delete": _("Not deleted"),
        "remove": _("Not removed"),
        "like": _("Not liked"),
        "unlike": _("Our like is still there"),
    }[act]


@register.filter
def wish_words(message: Message, conversation: Conversation) -> str:
    """What a message says of being written to, where the network knows such wishes: not any more, or again."""
    kind = registry.connector_classes().get(conversation.account.kind)
    if kind is None or not issubclass(kind, HeedsRefusals) or kind.wish not in message.custom:
        return ""
    refusal = kind.refusal(message.custom)
    return in_words(refusal) if refusal is not None else _("The customer may be written to again.")


@register.filter
def call_words(message: Message) -> str:
    """How a telephone call stands: « Appel manqué », « Appel répondu, 3 min 12 s »."""
    words = wording.call_words(message.call_standing, is_ours=message.direction == Message.Direction.OUTGOING)
    length = message.call_duration
    if not length:
        return words
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    shown = _("%(minutes)s min %(seconds)s s") if minutes else _("%(seconds)s s")
    return _("%(what)s, %(length)s") % {"what": words, "length": shown % {"minutes": minutes, "seconds": seconds}}
