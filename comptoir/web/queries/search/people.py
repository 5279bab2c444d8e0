"""People by the beginnings of their names, by their addresses and by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.search_words import LONGEST_WORD_CHARS, code_of, folded
from comptoir.web.queries.inbox import Reach
from comptoir.web.queries.search.condition import selecting
from comptoir.web.queries.search.patience import row_by_row
from comptoir.web.queries.search.seeing import visible_conversations

_SHORTEST_PREFIX_CHARS = 2
#: So many are looked through, one after the other, for those the agent may see.
_MOST_LOOKED_AT = 3000


@dataclass(frozen=True, slots=True)
class PersonFound:
    """An identity, and the last conversation with it that the agent may see."""

    identity: ContactIdentity
    conversation_id: int


def people_found(reach: Reach, typed: str, *, limit: int) -> Sequence[PersonFound]:
    """Identities with whom there is a conversation the agent may see. Raises SearchTakesTooLongError."""
    question = _question(typed)
    if question is None:
        return []
    visible = selecting(visible_conversations(reach).values("pk"))
    with row_by_row() as cursor:
        cursor.execute(
            "WITH near AS MATERIALIZED"  # noqa: S608  # what was typed is a parameter
            f" (SELECT identity_id FROM conversations_searchperson WHERE words @@ %s::tsquery LIMIT {_MOST_LOOKED_AT})"
            " SELECT near.identity_id, last.id FROM near, LATERAL (SELECT conversation.id"
            " FROM conversations_conversation AS conversation WHERE conversation.identity_id = near.identity_id"
            f" AND conversation.id IN ({visible.sql}) ORDER BY conversation.last_message_at DESC LIMIT 1) AS last"
            f" LIMIT {int(limit)}",
            [question, *visible.parameters],
        )
        last = dict(cursor.fetchall())
    known = ContactIdentity.objects.filter(pk__in=last).order_by("name", "pk")
    return [PersonFound(identity, last[identity.pk]) for identity in known]


def identities_named(typed: str, *, limit: int) -> list[int]:
    """The identities each of whose words typed begins a name of theirs, or is their address or number."""
    question = _question(typed)
    if question is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity_id FROM conversations_searchperson WHERE words @@ %s::tsquery LIMIT %s", [question, limit]
        )
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
    """One word for a tsquery, whatever is in it; as long as one that is kept."""
    return "'" + word[:LONGEST_WORD_CHARS].replace("\\", "").replace("'", "''") + "'"
