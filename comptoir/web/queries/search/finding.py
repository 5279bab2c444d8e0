"""One search, whole: people, then what was said, each with its place and its words in context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from comptoir.conversations.models import Conversation, Message, Note
from comptoir.people.models import Agent
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.search.excerpts import Part, excerpts
from comptoir.web.queries.search.filtering import authors_asked_for, conversations_asked_for, span_asked_for
from comptoir.web.queries.search.people import PersonFound, people_found
from comptoir.web.queries.search.reading import Question, read_question
from comptoir.web.queries.search.texts import PAGE, Hit, Order, texts_found

_MOST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: a message, a note, or a whole conversation where no word was asked for."""

    conversation: Conversation
    at: datetime
    parts: Sequence[Part]
    message: Message | None = None
    note: Note | None = None

    @property
    def anchor(self) -> str:
        """Where in the exchange it stands."""
        if self.message is not None:
            return f"#message-{self.message.pk}"
        return f"#note-{self.note.pk}" if self.note is not None else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; ``count`` is None where there are more than are counted."""

    asked: Question
    people: Sequence[PersonFound]
    findings: Sequence[Finding]
    count: int | None
    after: str | None


def found(agent: Agent, typed: str, *, best_first: bool, after: str) -> Answer:
    """A page of the answer. Raises SearchTakesTooLongError."""
    asked = read_question(typed)
    if asked.is_empty:
        return Answer(asked, [], [], 0, None)
    people = [] if after or asked.fields else people_found(agent, typed, limit=_MOST_PEOPLE)
    if not asked.has_terms:
        return _conversations(agent, asked, after)
    hits = texts_found(agent, asked, Order.BEST if best_first else Order.NEWEST, after)
    return Answer(asked, people, _findings(hits.rows, asked), hits.count, hits.after)


_UNSHOWN = ("html", "quoted", "signature", "custom")
_SHOWN = ("conversation__identity", "conversation__account", "conversation__assignee")


def _findings(hits: Sequence[Hit], asked: Question) -> list[Finding]:
    messages = (
        Message.objects.select_related(*_SHOWN, "agent")
        .defer(*_UNSHOWN)
        .in_bulk([hit.message_id for hit in hits if hit.message_id])
    )
    note_ids = [hit.note_id for hit in hits if hit.note_id]
    notes = Note.objects.select_related(*_SHOWN, "agent").in_bulk(note_ids) if note_ids else {}
    sources: dict[int, Message | Note] = {}
    for hit in hits:
        source = messages.get(hit.message_id or 0) or notes.get(hit.note_id or 0)
        if source is not None:
            sources[hit.id] = source
    shown = excerpts({key: _words_of(source) for key, source in sources.items()}, asked)
    return [_finding(sources[hit.id], hit, shown[hit.id]) for hit in hits if hit.id in sources]


def _words_of(source: Message | Note) -> str:
    subject = source.subject if isinstance(source, Message) else ""
    return f"{subject} · {source.text}" if subject else source.text


def _finding(source: Message | Note, hit: Hit, parts: Sequence[Part]) -> Finding:
    if isinstance(source, Message):
        return Finding(source.conversation, hit.at, parts, message=source)
    return Finding(source.conversation, hit.at, parts, note=source)


def _conversations(agent: Agent, asked: Question, after: str) -> Answer:
    """Where only fields are given: the conversations that fit, the latest first."""
    rows = conversations_asked_for(agent, asked)
    authors = authors_asked_for(asked)
    if authors is not None:
        rows = rows.filter(identity__in=authors)
    since, until = span_asked_for(asked)
    rows = rows.filter(last_message_at__gte=since) if since else rows
    rows = rows.filter(last_message_at__lt=until) if until else rows
    position = Position.read(after)
    if position is not None:
        rows = rows.filter(
            Q(last_message_at__lte=position.at), Q(last_message_at__lt=position.at) | Q(pk__lt=position.id)
        )
    related = rows.select_related("identity", "account", "assignee").order_by("-last_message_at", "-pk").distinct()
    page = list(related[: PAGE + 1])
    more = len(page) > PAGE
    findings = [Finding(one, one.last_message_at, [(one.last_message_text, False)]) for one in page[:PAGE]]
    last = page[PAGE - 1] if more else None
    return Answer(asked, [], findings, None, str(Position(last.last_message_at, last.pk)) if last else None)
