"""Writing entries: each change is a version that waits for approval; what was approved goes on serving meanwhile."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from comptoir.catalogue.content import (
    MAX_KEY_CHARS,
    Content,
    EntryRefusedError,
    Problem,
    check_content,
    clean_content,
)
from comptoir.catalogue.edition import note_change
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.core.clock import now
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent
from comptoir.understanding.folding import folded

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_KEY_CHARS = 60


class WrittenMeanwhileError(Exception):
    """Somebody else has written a version since the one that was being changed; ``newest`` is theirs."""

    def __init__(self, newest: EntryVersion) -> None:
        text = _(
            "%(name)s has written version %(number)s meanwhile. Yours was kept here and not stored: compare, then "
            "save again."
        )
        name = newest.author.name if newest.author else _("Somebody")
        super().__init__(text % {"name": name, "number": newest.number})
        self.newest = newest


def acting(by: Agent | None, actor: Actor | None = None) -> Actor:
    """Who is written down: the given actor, else the agent, else the system."""
    return actor or (Actor("agent", by.pk) if by else SYSTEM)


@transaction.atomic
def write_entry(
    content: Content, *, key: str = "", by: Agent | None, reason: str = "", actor: Actor | None = None
) -> EntryVersion:
    """Begin an entry, as a draft. Without ``key`` it has one from its question. Raises EntryRefusedError."""
    content = clean_content(content)
    check_content(content)
    entry = _begun(key.strip(), content)
    return _drafted(entry, content, number=1, by=by, reason=reason, actor=actor)


def _begun(key: str, content: Content) -> CatalogueEntry:
    if len(key) > MAX_KEY_CHARS or "\x00" in key:
        raise EntryRefusedError([Problem("key", _("A key has at most %(most)s characters.") % {"most": MAX_KEY_CHARS})])
    tried = key or key_from(content.question)
    for attempt in range(1, 1000):
        entry = CatalogueEntry(key=tried)
        show_content(entry, content)
        try:
            with transaction.atomic():
                entry.save()
        except IntegrityError as error:
            if key or not CatalogueEntry.objects.filter(key=tried).exists():
                told = _("The key “%(key)s” is taken: change that entry, or choose another key.")
                raise EntryRefusedError([Problem("key", told % {"key": key})]) from error
            tried = f"{key_from(content.question)}-{attempt + 1}"
        else:
            index_words(entry, content)
            return entry
    raise EntryRefusedError([Problem("key", _("There are too many entries with this question: give it a key."))])


def key_from(question: str) -> str:
    """What names an entry in files, made of its question: « Où est mon colis ? » → « ou-est-mon-colis »."""
    plain = unicodedata.normalize("NFKD", question.casefold()).encode("ascii", "ignore").decode()
    return _NOT_IN_KEYS.sub("-", plain).strip("-")[:_KEY_CHARS].rstrip("-") or "entry"


@transaction.atomic
def rewrite_entry(
    entry_id: int,
    content: Content,
    *,
    by: Agent | None,
    reason: str = "",
    expected: int | None = None,
    actor: Actor | None = None,
) -> EntryVersion:
    """Write another version of an entry; one that says nothing new is the one that is there.

    ``expected`` is the number of the version that was changed: where there is a newer one, WrittenMeanwhileError.
    Raises EntryRefusedError.
    """
    content = clean_content(content)
    check_content(content)
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    newest = newest_version(entry)
    if expected is not None and newest.number != expected:
        raise WrittenMeanwhileError(newest)
    if newest.content == content.to_json() and newest.status != EntryVersion.Status.REFUSED:
        return newest
    entry.versions.filter(status=EntryVersion.Status.DRAFT).update(
        status=EntryVersion.Status.REPLACED, settled_at=now()
    )
    if entry.approved_version_id is None:
        show_content(entry, content)
        entry.save()
        index_words(entry, content)
    return _drafted(entry, content, number=newest.number + 1, by=by, reason=reason, actor=actor)


def newest_version(entry: CatalogueEntry) -> EntryVersion:
    """The last one that was written, whatever became of it."""
    return entry.versions.select_related("author").order_by("-number")[0]


def _drafted(
    entry: CatalogueEntry, content: Content, *, number: int, by: Agent | None, reason: str, actor: Actor | None
) -> EntryVersion:
    version = EntryVersion.objects.create(
        entry=entry, number=number, content=content.to_json(), author=by, reason=reason.strip()[:500], made_at=now()
    )
    record("entry.drafted", subject=entry, by=acting(by, actor), reason=version.reason, version=number, key=entry.key)
    return version


def show_content(entry: CatalogueEntry, content: Content) -> None:
    """What an entry shows of itself: its draft's, until one is approved."""
    entry.question, entry.language, entry.topics = content.question, content.language, list(content.topics)
    entry.brand_id = content.brand_id
    entry.for_service, entry.for_marketing, entry.for_bot = (
        use in content.uses for use in ("service", "marketing", "bot")
    )
    entry.valid_from_on, entry.valid_until_on = content.valid_from_on, content.valid_until_on


_INDEX = """
UPDATE catalogue_catalogueentry
SET words = setweight(to_tsvector('french', %(asked)s) || to_tsvector('simple', %(plain_asked)s), 'A')
    || setweight(to_tsvector('french', %(said)s) || to_tsvector('simple', %(plain_said)s), 'B')
WHERE id = %(id)s
"""
_MOST_INDEXED_CHARS = 200_000


def index_words(entry: CatalogueEntry, content: Content) -> None:
    """Have it found by what it says: questions weigh more than answers, and accents do not matter."""
    asked = " ".join([entry.key, content.question, *content.topics, *content.phrasings])[:_MOST_INDEXED_CHARS]
    said = " ".join(one.text for one in content.variants)[:_MOST_INDEXED_CHARS]
    texts = {"asked": asked, "plain_asked": folded(asked), "said": said, "plain_said": folded(said)}
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, {**texts, "id": int(entry.pk)})


@transaction.atomic
def mind_entry(entry_id: int, *, owner: Agent | None, review_on: date | None, by: Agent) -> CatalogueEntry:
    """Say who minds an entry, and when it is to be looked at again."""
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    if (entry.owner_id, entry.review_on) != (owner.pk if owner else None, review_on):
        entry.owner, entry.review_on = owner, review_on
        entry.save(update_fields=["owner", "review_on"])
        day = review_on.isoformat() if review_on else None
        record("entry.minded", subject=entry, by=acting(by), owner=owner, review_on=day, key=entry.key)
    return entry


@transaction.atomic
def retire_entry(entry_id: int, *, by: Agent | None, reason: str = "", actor: Actor | None = None) -> None:
    """Have an entry serve no more; its versions and its figures stay. One that is retired already is no error."""
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    if entry.retired_at is None:
        entry.retired_at = now()
        entry.save(update_fields=["retired_at"])
        record("entry.retired", subject=entry, by=acting(by, actor), reason=reason[:500], key=entry.key)
        note_change()


@transaction.atomic
def restore_entry(entry_id: int, *, by: Agent | None, actor: Actor | None = None) -> None:
    """Have a retired entry serve again."""
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    if entry.retired_at is not None:
        entry.retired_at = None
        entry.save(update_fields=["retired_at"])
        record("entry.restored", subject=entry, by=acting(by, actor), key=entry.key)
        note_change()
