"""Keeping the search up to date: behind the record, in batches, and by a sweep for what no event told of.

Everything here can be done again at any time, by any number of processes: a row of the search is made from its message
alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Message, Note
from comptoir.conversations.models.message import MessageQuerySet
from comptoir.conversations.models.searching import SearchProgress, SearchText
from comptoir.conversations.search_words import LONGEST_TEXT_CHARS, codes, folded, name_words, subject_words
from comptoir.events.models import Event

BATCH = 1000
#: Of the record's events, those that change a text or its place.
MESSAGE_EVENTS = frozenset(
    f"message.{what}"
    for what in ("received", "queued", "echoed", "doubled", "edited", "deleted", "taken_back", "completed")
)

#: Those after which a conversation may be about something else than before.
SUBJECT_EVENTS = frozenset(f"conversation.{what}" for what in ("started", "split", "named")) | {
    "message.received", "message.edited",
}  # fmt: skip

#: The words that follow one another in a vector, two by two with how far they are apart (small words are not in it but
#: keep their place), each pair as one of a million numbers: a phrase of common words is found by what is rare in it,
#: its pairs. Numbers collide; whoever finds by them looks at the words too.
PAIRS = """
(SELECT COALESCE(array_agg(DISTINCT pair), '{{}}') FROM (
    SELECT ('x' || left(md5(
        lexeme || ' ' || (lead(position) OVER after - position) || ' ' || lead(lexeme) OVER after
    ), 5))::bit(20)::int AS pair
    FROM unnest({words}) AS one (lexeme, positions, weights), unnest(positions) AS position
    WINDOW after AS (ORDER BY position, lexeme)
) AS neighbours WHERE pair IS NOT NULL)
"""
#: What the search keeps of rows (id, at, text, folded, codes) that are named new.
TEXTS_FORMED = f"""
SELECT id, at, words, {PAIRS.format(words="words")} FROM new, LATERAL (
    SELECT to_tsvector('french', text) || to_tsvector('french', folded)
        || array_to_tsvector(string_to_array(codes, ' ')) AS words OFFSET 0
) AS read
"""  # noqa: S608  # nothing of anybody’s is in it
_TEXTS = """
WITH new AS (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
        AS new (id, at, text, folded, codes)
)
INSERT INTO conversations_searchtext AS kept ({owner}, at, words, pairs) {formed} ORDER BY id
ON CONFLICT ({owner}) DO UPDATE SET at = excluded.at, words = excluded.words, pairs = excluded.pairs
WHERE (kept.at, kept.words) IS DISTINCT FROM (excluded.at, excluded.words) OR kept.pairs IS NULL
"""
_WITHOUT_PAIRS = f"""
UPDATE conversations_searchtext SET pairs = {PAIRS.format(words="words")}
WHERE id IN (
    SELECT id FROM conversations_searchtext WHERE pairs IS NULL ORDER BY id DESC LIMIT %s FOR UPDATE SKIP LOCKED
)
"""  # noqa: S608  # nothing of anybody’s is in it
# What is found by its words alone, wherever they stand: people, subjects.
_WORDS = """
INSERT INTO {table} AS kept ({owner}, words)
SELECT id, array_to_tsvector(string_to_array(words, ' '))
FROM unnest(%s::bigint[], %s::text[]) AS new (id, words)
ORDER BY id
ON CONFLICT ({owner}) DO UPDATE SET words = excluded.words WHERE kept.words IS DISTINCT FROM excluded.words
"""


def index_events(events: Sequence[Event]) -> None:
    """Bring into the search what these events changed: texts, subjects, and the people they are about."""
    messages = {event.subject_id for event in events if event.name in MESSAGE_EVENTS}
    notes = {event.subject_id for event in events if event.subject_kind == "note"}
    contacts = {event.subject_id for event in events if event.subject_kind == "contact"}
    written_by = Message.objects.filter(pk__in=messages, identity__search_person=None, identity__isnull=False)
    people = set(written_by.values_list("identity_id", flat=True))
    people |= set(ContactIdentity.objects.filter(contact_id__in=contacts).values_list("pk", flat=True))
    index_messages(messages)
    index_notes(notes)
    index_subjects(
        {event.conversation_id for event in events if event.name in SUBJECT_EVENTS and event.conversation_id}
    )
    index_people(people)


def index_messages(ids: Iterable[int]) -> None:
    """Put messages in; take out those that were deleted or taken back."""
    wanted = list(ids)
    if not wanted:
        return
    found = _findable_messages().filter(pk__in=wanted)
    rows = [
        (pk, at, f"{subject}\n{text}" if subject else text)
        for pk, at, subject, text in found.values_list("pk", "sent_at", "subject", "text")
    ]
    _write_texts("message_id", rows)
    gone = set(wanted) - {pk for pk, _at, _text in rows}
    SearchText.objects.filter(message__in=gone).delete()


def index_notes(ids: Iterable[int]) -> None:
    """Put notes in."""
    wanted = list(ids)
    if wanted:
        _write_texts("note_id", list(Note.objects.filter(pk__in=wanted).values_list("pk", "created_at", "text")))


def index_people(ids: Iterable[int]) -> None:
    """Put identities in, with the name of the person behind each."""
    wanted = list(ids)
    if not wanted:
        return
    fields = ("pk", "name", "handle", "external_id", "contact__name")
    found = sorted(ContactIdentity.objects.filter(pk__in=wanted).values_list(*fields))
    _write_words("conversations_searchperson", "identity_id", [(pk, name_words(*names)) for pk, *names in found])


def index_subjects(ids: Iterable[int]) -> None:
    """Put in what conversations are about, where something was said of it."""
    wanted = list(ids)
    if not wanted:
        return
    found = Conversation.objects.filter(pk__in=wanted).exclude(subject="").order_by("pk").values_list("pk", "subject")
    _write_words("conversations_searchsubject", "conversation_id", [(pk, subject_words(said)) for pk, said in found])


def _write_words(table: str, owner: str, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            columns: list[list[Any]] = [[pk for pk, _words in rows], [" ".join(words) for _pk, words in rows]]
            cursor.execute(_WORDS.format(table=table, owner=owner), columns)


def _write_texts(owner: str, rows: Sequence[tuple[int, datetime, str]]) -> None:
    if not rows:
        return
    ids, instants, texts = zip(*sorted(rows), strict=True)
    cut = [text[:LONGEST_TEXT_CHARS] for text in texts]
    without = [plain if (plain := folded(text)) != text.lower() else "" for text in cut]
    found = [" ".join(sorted(codes(text))) for text in cut]
    with connection.cursor() as cursor:
        cursor.execute(
            _TEXTS.format(owner=owner, formed=TEXTS_FORMED), [list(ids), list(instants), cut, without, found]
        )


def _findable_messages() -> MessageQuerySet:
    """What stands: not deleted at the network, not taken back."""
    return Message.objects.filter(deleted_at=None).exclude(state=Message.State.CANCELLED).exclude(text="", subject="")


def catch_up(*, seconds: float = 45.0) -> int:
    """Put in what is missing since the last look; return how many. Stops after ``seconds`` and goes on the next time.

    The last ids seen are looked at once more the next time: a transaction that was open then has ended since.
    """
    ends_at = time.monotonic() + seconds
    return sum(_catch_up_with(kind, ends_at) for kind in _INDEX) + _give_pairs(ends_at)


def _give_pairs(ends_at: float) -> int:
    """Texts from before phrases were found by their pairs get theirs, the newest first."""
    given = 0
    while time.monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute(_WITHOUT_PAIRS, [BATCH])
            if cursor.rowcount == 0:
                break
            given += cursor.rowcount
    return given


def _catch_up_with(kind: str, ends_at: float) -> int:
    progress, _is_new = SearchProgress.objects.get_or_create(kind=kind)
    newest = _everything(kind).aggregate(newest=Max("pk"))["newest"] or 0
    position, added = progress.position, 0
    while position < newest and time.monotonic() < ends_at:
        reach = min(position + BATCH * 5, newest)
        missing = list(_missing(kind).filter(pk__gt=position, pk__lte=reach).values_list("pk", flat=True))
        with transaction.atomic():
            _INDEX[kind](missing)
        added += len(missing)
        position = reach
    done = SearchProgress.objects.filter(pk=kind)
    if position < newest:
        done.update(position=position, seen=max(position, progress.seen))
    else:
        done.update(position=min(progress.seen, newest), seen=newest)
    return added


_INDEX: dict[str, Callable[[Iterable[int]], None]] = {
    "person": index_people,
    "note": index_notes,
    "subject": index_subjects,
    "message": index_messages,
}


def _everything(kind: str) -> QuerySet[Any]:
    rows: dict[str, QuerySet[Any]] = {
        "person": ContactIdentity.objects.all(),
        "note": Note.objects.all(),
        "subject": Conversation.objects.all(),
        "message": Message.objects.all(),
    }
    return rows[kind]


def _missing(kind: str) -> QuerySet[Any]:
    rows: dict[str, QuerySet[Any]] = {
        "person": ContactIdentity.objects.filter(search_person=None),
        "note": Note.objects.filter(search_text=None),
        "subject": Conversation.objects.exclude(subject="").filter(search_subject=None),
        "message": _findable_messages().filter(search_text=None),
    }
    return rows[kind]


def forget_all() -> None:
    """Empty the search: the next looks fill it again from the messages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE conversations_searchtext, conversations_searchperson, conversations_searchsubject,"
            " conversations_searchprogress"
        )
