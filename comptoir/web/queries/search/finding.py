"""One search, whole: people, then what was said, each with its place and its words in context."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from comptoir.conversations.models import Conversation, Message, Note
from comptoir.conversations.search_words import folded
from comptoir.people.models import Agent
from comptoir.understanding.folding import folded as letter_for_letter
from comptoir.web.queries.inbox import Position, Reach
from comptoir.web.queries.search.conversations import conversations_found
from comptoir.web.queries.search.excerpts import Part, excerpts, stems
from comptoir.web.queries.search.patience import SearchTakesTooLongError
from comptoir.web.queries.search.people import PersonFound, people_found
from comptoir.web.queries.search.reading import Question, read_question
from comptoir.web.queries.search.suggesting import nearest_words
from comptoir.web.queries.search.texts import PAGE, Hit, Order, texts_found

_MOST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: a message, a note, or a whole conversation where no word was asked for. ``about`` is what
    the conversation is about, or the room where it is, where the line does not say it already.
    """

    conversation: Conversation
    at: datetime
    parts: Sequence[Part]
    message: Message | None = None
    note: Note | None = None
    about: Sequence[Part] = ()

    @property
    def anchor(self) -> str:
        """Where in the exchange it stands."""
        if self.message is not None:
            return f"#message-{self.message.pk}"
        return f"#note-{self.note.pk}" if self.note is not None else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; ``count`` is None where there are more than are counted. ``meant`` would find something where
    nothing was found.
    """

    asked: Question
    people: Sequence[PersonFound]
    findings: Sequence[Finding]
    count: int | None
    after: str | None
    meant: str = ""


def found(agent: Agent, typed: str, *, best_first: bool, after: str) -> Answer:
    """A page of the answer. Raises SearchTakesTooLongError."""
    asked = read_question(typed)
    if asked.is_empty:
        return Answer(asked, [], [], 0, None)
    reach = Reach.of(agent)
    people = [] if after or asked.fields else people_found(reach, typed, limit=_MOST_PEOPLE)
    if not asked.has_terms:
        return _conversations(reach, asked, after)
    hits = texts_found(reach, asked, Order.BEST if best_first else Order.NEWEST, after)
    findings = _findings(hits.rows, asked)
    meant = "" if findings or people or after else _meant(reach, asked, typed)
    return Answer(asked, people, findings, hits.count, hits.after, meant)


def _meant(reach: Reach, asked: Question, typed: str) -> str:
    """The same question without its slips, if it then finds something that this agent may see; empty where not.

    The words are put as they stand in what it finds: the search knows only their stems.
    """
    nearest = nearest_words(asked.words)
    if not nearest:
        return ""
    other = replace(asked, words=[nearest.get(word, word) for word in asked.words])
    try:
        shown = _findings(texts_found(reach, other, Order.NEWEST).rows[:1], other)
    except SearchTakesTooLongError:
        return ""
    return _as_said(typed, nearest, shown[0].parts) if shown else ""


def _as_said(typed: str, nearest: Mapping[str, str], parts: Sequence[Part]) -> str:
    marked = [word for words, is_marked in parts if is_marked for word in re.findall(r"[^\W_]+", words.lower())]
    stem_of = stems([*marked, *map(folded, marked)])
    for word, stem in nearest.items():
        said = next((one for one in marked if stem in (stem_of.get(one), stem_of.get(folded(one)))), stem)
        typed = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", said, typed, count=1)
    return typed


_RELATED = ("conversation__identity", "conversation__account", "conversation__assignee", "agent")
_OF_CONVERSATION = (
    "status", "is_public", "subject", "identity__name", "identity__handle", "identity__external_id", "account__kind",
    "assignee__name",
)  # fmt: skip
#: What a line shows, and nothing else: a page of whole rows would be mostly columns that nobody looks at.
_SHOWN = ("text", "agent__name", *(f"conversation__{name}" for name in _OF_CONVERSATION))


def _findings(hits: Sequence[Hit], asked: Question) -> list[Finding]:
    message_ids = [hit.message_id for hit in hits if hit.message_id]
    note_ids = [hit.note_id for hit in hits if hit.note_id]
    written = Message.objects.select_related(*_RELATED).only("direction", "subject", *_SHOWN)
    messages = written.in_bulk(message_ids) if message_ids else {}
    notes = Note.objects.select_related(*_RELATED).only(*_SHOWN).in_bulk(note_ids) if note_ids else {}
    sources: dict[int, Message | Note] = {}
    for hit in hits:
        source = messages.get(hit.message_id or 0) or notes.get(hit.note_id or 0)
        if source is not None:
            sources[hit.id] = source
    shown = excerpts({key: _words_of(source) for key, source in sources.items()}, asked)
    return [_finding(sources[hit.id], hit, shown[hit.id], asked) for hit in hits if hit.id in sources]


def _words_of(source: Message | Note) -> str:
    subject = source.subject if isinstance(source, Message) else ""
    return f"{subject} · {source.text}" if subject else source.text


def _finding(source: Message | Note, hit: Hit, parts: Sequence[Part], asked: Question) -> Finding:
    about = _about(source.conversation, asked)
    if isinstance(source, Note):
        return Finding(source.conversation, hit.at, parts, note=source, about=about)
    is_said = folded(source.conversation.subject) in folded(source.subject)
    return Finding(source.conversation, hit.at, parts, message=source, about=[] if is_said else about)


def _about(conversation: Conversation, asked: Question) -> list[Part]:
    """Its subject, with what was asked for in it marked."""
    subject = conversation.subject
    for given in asked.of_field("subject"):
        at = letter_for_letter(subject).find(letter_for_letter(given))
        if at >= 0:
            end = at + len(given)
            parts = ((subject[:at], False), (subject[at:end], True), (subject[end:], False))
            return [part for part in parts if part[0]]
    return [(subject, False)] if subject else []


def _conversations(reach: Reach, asked: Question, after: str) -> Answer:
    """Where only fields are given: the conversations that fit, the latest first."""
    rows = conversations_found(reach, asked, Position.read(after), most=PAGE + 1)
    page, more = rows[:PAGE], len(rows) > PAGE
    findings = [
        Finding(one, one.last_message_at, [(one.last_message_text, False)], about=_about(one, asked)) for one in page
    ]
    return Answer(asked, [], findings, None, str(Position(page[-1].last_message_at, page[-1].pk)) if more else None)
