"""What narrows a list. Written the same way in an address and in a saved view, so that either is a deep link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from comptoir.analysis.models import ContactReason, ConversationReading, Intent, NamedInMessage, Sentiment
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Priority
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.core.clock import now

MOST_TEXT_CHARS = 100
MOST_WORDS = 20
#: By the word in an address: what is promised within it, and not broken yet.
PROMISED_WITHIN = {"quarter": timedelta(minutes=15), "soon": timedelta(hours=1), "day": timedelta(days=1)}
#: For how long a customer waits at least, in minutes.
WAITS = (15, 60, 240, 1440, 4320)
_ORDINARY = 18  # digits of an id
#: An id that nothing has: where none is meant the question is still one that the database can be asked.
_NONE = 0


@dataclass(frozen=True, slots=True)
class Question:
    """It holds for a conversation that ``own`` holds for, or that one of ``rows``, of another table, is about.

    ``column`` of ``rows`` names the conversation.
    """

    own: Q | None = None
    rows: QuerySet[Any] | None = None
    column: str = "conversation"

    @property
    def as_condition(self) -> Q:
        """On conversations."""
        among = Q(pk__in=self.rows.values(self.column)) if self.rows is not None else Q()
        return (self.own or Q()) | among


@dataclass(frozen=True)
class InboxFilters:
    """Each field is one question; empty, it is not asked. Words that mean nothing are not asked either."""

    channel: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    account: str = ""
    brand: str = ""
    team: str = ""
    owner: str = ""
    status: str = ""
    language: str = ""
    visibility: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    waiting: str = ""
    promise: str = ""
    priority: str = ""
    sentiment: str = ""
    intent: str = ""
    urgency: str = ""
    topic: str = ""
    answer: str = ""
    named: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, Sequence[str]]) -> InboxFilters:
        """From lists of texts by name: an address's (`dict(request.GET.lists())`), or a saved view's."""
        kept: dict[str, str | tuple[str, ...]] = {}
        for field in fields(cls):
            texts = asked.get(field.name) or ()
            said = [text for text in map(_clean, texts if isinstance(texts, (list, tuple)) else ()) if text]
            wanted = [text for text in dict.fromkeys(said) if _ALLOWED[field.name](text)][:MOST_WORDS]
            if wanted:
                kept[field.name] = tuple(wanted) if field.name in _MANY else wanted[0]
        return cls(**kept)  # type: ignore[arg-type]  # the fields of _MANY, and only those, are tuples

    @property
    def written(self) -> dict[str, list[str]]:
        """As `read` reads it; what is not asked is left out."""
        answers = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(said) if name in _MANY else [said] for name, said in answers.items() if said}

    @property
    def query(self) -> str:
        """As part of an address."""
        return urlencode(self.written, doseq=True)

    def without(self, name: str, text: str) -> InboxFilters:
        """The same with one question, or one word of it, no longer asked."""
        asked = self.written
        return self.read(asked | {name: [one for one in asked.get(name, []) if one != text]})

    @property
    def least_priority(self) -> int | None:
        """What is of a lesser one is not meant; None: any."""
        return int(self.priority) if self.priority else None

    def __bool__(self) -> bool:
        return bool(self.written)

    def narrow(self, rows: ConversationQuerySet) -> ConversationQuerySet:
        """Those of ``rows`` that all questions hold for, save those that choose the list: team, owner, status."""
        return rows.filter(*(question.as_condition for question in self.questions()))

    def narrow_in_order(self, rows: ConversationQuerySet, sort_column: str) -> ConversationQuerySet:
        """Those of ``rows`` that the questions about the column hold for: an index in its order answers them."""
        return rows.filter(self._in_time(now()).get(sort_column, Q()))

    def questions(self, sort_column: str = "", *, by_priority: bool = False) -> list[Question]:
        """What is asked that an index in the order of the column (and of priorities) does not answer, so that rows have
        to be looked at one by one.
        """
        own = self._own if by_priority else self._own & self._of_priority
        for column, wanted in self._in_time(now()).items():
            own &= wanted if column != sort_column else Q()
        return ([Question(own)] if own else []) + self._of_other_tables

    @property
    def _of_priority(self) -> Q:
        return Q(priority__gte=self.least_priority) if self.least_priority is not None else Q()

    @property
    def _own(self) -> Q:
        """What is asked of the conversation itself, save of its instants and its priority."""
        wanted = Q()
        if self.channel or self.account or self.brand:
            wanted &= Q(account__in=self._accounts)
        if self.status in {"open", "pending"}:
            wanted &= Q(status=self.status)
        if self.visibility:
            wanted &= Q(is_public=self.visibility == "public")
        if self.text:
            wanted &= Q(last_message_text__icontains=self.text) | Q(subject__icontains=self.text)
        return wanted

    @property
    def _of_other_tables(self) -> list[Question]:
        """One by one, because each has an index of its own; of a language, what the network told or what was read."""
        asked = [Question(rows=ConversationReading.objects.filter(wanted)) for wanted in self._read]
        if self.tag:
            asked.append(Question(rows=Conversation.tags.through.objects.filter(tag__name__in=self.tag)))
        if self.named:
            named = NamedInMessage.objects.filter(name=int(self.named), message__deleted_at=None)
            asked.append(Question(rows=named, column="message__conversation"))
        if self.language:
            read = ConversationReading.objects.filter(language=self.language)
            asked.append(Question(Q(language=self.language), read))
        return asked

    @property
    def _read(self) -> Iterator[Q]:
        """What is asked of the customer's last turn, as it was read."""
        if self.sentiment:
            yield Q(sentiment=self.sentiment)
        if self.intent:
            yield Q(intent=self.intent)
        if self.urgency:
            yield Q(urgency__gte=int(self.urgency))
        if self.topic:
            yield Q(reason__in=self._reasons)
        if self.answer:
            yield Q(needs_answer=self.answer == "yes")

    @cached_property
    def _reasons(self) -> list[int]:
        """The contact reason meant, with those below it: few, like accounts."""
        meant = ContactReason.objects.at_or_below(int(self.topic)).order_by()
        return list(meant.values_list("pk", flat=True)) or [_NONE]

    @cached_property
    def _accounts(self) -> list[int]:
        """The accounts meant; there are few, and a list of ids is what the database plans best with."""
        meant = ChannelAccount.objects.order_by()
        if self.channel:
            meant = meant.filter(kind__in=self.channel)
        if self.account:
            meant = meant.filter(pk=int(self.account))
        if self.brand:
            meant = meant.filter(brand=int(self.brand))
        return list(meant.values_list("pk", flat=True)) or [_NONE]

    def _in_time(self, present: datetime) -> dict[str, Q]:
        """What is asked of each instant of a conversation, by its column."""
        said, waits, promised = Q(), Q(), Q()
        if self.since:
            said &= Q(last_message_at__gte=_midnight(self.since))
        if self.until:
            said &= Q(last_message_at__lt=_midnight(self.until, days_after=1))
        if self.waiting:
            waits = Q(waiting_since__lte=present - timedelta(minutes=int(self.waiting)))
        if self.promise == "broken":
            promised = Q(promise_due_at__lte=present)
        elif self.promise:
            promised = Q(promise_due_at__gt=present, promise_due_at__lte=present + PROMISED_WITHIN[self.promise])
        asked = {"last_message_at": said, "waiting_since": waits, "promise_due_at": promised}
        return {column: wanted for column, wanted in asked.items() if wanted}


def _clean(text: object) -> str:
    return str(text).replace("\x00", "").strip()[:MOST_TEXT_CHARS]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _ORDINARY


def _is_day(text: str) -> bool:
    try:
        day = parse_date(text)
    except ValueError:
        return False
    return day is not None and date(1970, 1, 1) <= day <= date(9000, 1, 1)


def _midnight(text: str, *, days_after: int = 0) -> datetime:
    day = parse_date(text)
    assert day is not None  # `read` kept no other
    return timezone.make_aware(datetime.combine(day + timedelta(days=days_after), time(0)))


def _one_of(*words: str) -> Callable[[str], bool]:
    return frozenset(words).__contains__


_MANY = frozenset({"channel", "tag"})
_ALLOWED: dict[str, Callable[[str], bool]] = {
    "channel": bool,
    "tag": bool,
    "account": _is_id,
    "brand": _is_id,
    "team": _is_id,
    "owner": lambda text: text in {"me", "nobody"} or _is_id(text),
    "status": _one_of(*Conversation.Status.values),
    "language": bool,
    "visibility": _one_of("public", "private"),
    "since": _is_day,
    "until": _is_day,
    "text": bool,
    "waiting": _one_of(*map(str, WAITS)),
    "promise": _one_of("broken", *PROMISED_WITHIN),
    "priority": _one_of(str(Priority.HIGH.value), str(Priority.URGENT.value)),
    "sentiment": _one_of(*Sentiment.values),
    "intent": _one_of(*Intent.values),
    "urgency": _one_of("1", "2", "3"),
    "topic": _is_id,
    "answer": _one_of("yes", "no"),
    "named": _is_id,
}
