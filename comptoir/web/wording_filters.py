"""How what narrows a list is put into words: one chip for each question, with what is left without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from comptoir.analysis.models import ContactReason, Intent, KnownName, Sentiment
from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent, Team
from comptoir.web.queries.inbox import InboxFilters
from comptoir.web.wording import channel_label, language_name
from comptoir.web.wording_readings import ANSWER_LABELS, URGENCY_AT_LEAST

WAITING_LABELS: dict[str, str | Promise] = {
    "15": gettext_lazy("More than 15 minutes"),
    "60": gettext_lazy("More than an hour"),
    "240": gettext_lazy("More than 4 hours"),
    "1440": gettext_lazy("More than a day"),
    "4320": gettext_lazy("More than 3 days"),
}
PROMISE_LABELS: dict[str, str | Promise] = {
    "broken": gettext_lazy("Promise broken"),
    "quarter": gettext_lazy("Promise to be kept within 15 minutes"),
    "soon": gettext_lazy("Promise to be kept within the hour"),
    "day": gettext_lazy("Promise to be kept within a day"),
}
PRIORITY_AT_LEAST: dict[str, str | Promise] = {
    "2": gettext_lazy("High or urgent"),
    "3": pgettext_lazy("priority", "Urgent"),
}
VISIBILITY_LABELS: dict[str, str | Promise] = {
    "public": gettext_lazy("Public"),
    "private": gettext_lazy("Private"),
}
OWNER_LABELS: dict[str, str | Promise] = {
    "me": gettext_lazy("Mine"),
    "nobody": pgettext_lazy("owner", "Nobody"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked, and the filters without it."""

    words: str
    rest: InboxFilters


def filter_words(filters: InboxFilters) -> list[Chip]:
    """What the list is narrowed by, in the order it is stored."""
    return [
        Chip(_WORDS[name](text), filters.without(name, text)) for name, said in filters.written.items() for text in said
    ]


def _owner(text: str) -> str:
    if text in OWNER_LABELS:
        return str(OWNER_LABELS[text])
    return Agent.objects.filter(pk=int(text)).values_list("name", flat=True).first() or _("a colleague who has left")


def _name_of(model: type[ChannelAccount | Brand | ContactReason | KnownName | Team]) -> Callable[[str], str]:
    def named(text: str) -> str:
        return model._default_manager.filter(pk=int(text)).values_list("name", flat=True).first() or _("deleted")

    return named


def _day(text: str) -> str:
    return formats.date_format(parse_date(text) or text, pgettext("date format", "j M Y"))


_WORDS: dict[str, Callable[[str], str]] = {
    "channel": channel_label,
    "tag": lambda text: f"#{text}",
    "account": _name_of(ChannelAccount),
    "brand": _name_of(Brand),
    "team": lambda text: _("Team: %(name)s") % {"name": _name_of(Team)(text)},
    "owner": lambda text: _("Owner: %(name)s") % {"name": _owner(text)},
    "status": lambda text: str(Conversation.Status(text).label),
    "language": language_name,
    "visibility": lambda text: str(VISIBILITY_LABELS[text]),
    "since": lambda text: _("Since %(day)s") % {"day": _day(text)},
    "until": lambda text: _("Until %(day)s") % {"day": _day(text)},
    "text": lambda text: _("“%(text)s”") % {"text": text},
    "waiting": lambda text: _("Waiting: %(span)s") % {"span": str(WAITING_LABELS[text]).lower()},
    "promise": lambda text: str(PROMISE_LABELS[text]),
    "priority": lambda text: _("Priority: %(priority)s") % {"priority": PRIORITY_AT_LEAST[text]},
    "sentiment": lambda text: str(Sentiment(text).label),
    "intent": lambda text: str(Intent(text).label),
    "urgency": lambda text: str(URGENCY_AT_LEAST[text]),
    "topic": _name_of(ContactReason),
    "answer": lambda text: str(ANSWER_LABELS[text]),
    "named": _name_of(KnownName),
}
