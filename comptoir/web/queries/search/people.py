"""People by the beginnings of their names, by their addresses and by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, Subquery

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, SearchPerson
from comptoir.conversations.search_words import code_of, folded
from comptoir.people.models import Agent

_SHORTEST_PREFIX_CHARS = 2
#: So many are looked through for those the agent may see.
_MOST_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class PersonFound:
    """An identity, and the last conversation with it that the agent may see."""

    identity: ContactIdentity
    conversation_id: int


def people_found(agent: Agent, typed: str, *, limit: int) -> Sequence[PersonFound]:
    """Identities with whom there is a conversation the agent may see."""
    ids = identities_named(typed, limit=_MOST_LOOKED_AT)
    if not ids:
        return []
    seen = Conversation.objects.visible_to(agent).filter(identity=OuterRef("pk")).order_by("-last_message_at")
    rows = (
        ContactIdentity.objects.filter(pk__in=ids)
        .annotate(last=Subquery(seen.values("pk")[:1]))
        .filter(last__isnull=False)
        .select_related("contact")
        .order_by("name", "pk")[:limit]
    )
    return [PersonFound(row, row.last) for row in rows]


def identities_named(typed: str, *, limit: int) -> list[int]:
    """The identities each of whose words typed begins a name of theirs, or is their address or number."""
    question = _question(typed)
    if question is None:
        return []
    table = SearchPerson._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT identity_id FROM {table} WHERE words @@ %s::tsquery LIMIT %s", [question, limit])  # noqa: S608  # a table of ours
        return [pk for (pk,) in cursor.fetchall()]


def _question(typed: str) -> str | None:
    code = code_of(typed.strip())
    if code is not None:
        return _quoted(code)
    terms: list[str] = []
    for word in typed.split():
        if word.startswith("@") and len(word) > _SHORTEST_PREFIX_CHARS:
            terms.append(_quoted(folded(word)) + ":*")
        elif (code := code_of(word)) is not None:
            terms.append(_quoted(code))
        else:
            terms += [f"{_quoted(part)}:*" for part in re.findall(r"[^\W_]+", folded(word))]
    if not terms or max(map(len, terms)) < _SHORTEST_PREFIX_CHARS + 4:
        return None
    return " & ".join(terms[:6])


def _quoted(word: str) -> str:
    """One word for a tsquery, whatever is in it."""
    return "'" + word.replace("\\", "").replace("'", "''") + "'"
