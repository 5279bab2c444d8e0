"""What was perhaps meant, where nothing was found: for a word that occurs nowhere, one that occurs a slip away.

Those that occur are in the statistics that PostgreSQL keeps of the search's own words anyway, at most ten thousand,
the commonest: nothing is stored or kept up to date for this, and it costs a search that finds something nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from string import ascii_lowercase

from django.db import connection

from comptoir.conversations.search_words import folded
from comptoir.web.queries.search.excerpts import stems

#: A shorter word is one slip away from too many others, a longer one is none.
_SHORTEST_CHARS, _LONGEST_CHARS = 4, 30
_OCCURRING = """
SELECT lexeme, how_often
FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS one (lexeme, how_often)
WHERE schemaname = current_schema() AND tablename = 'conversations_searchtext' AND attname = 'words'
    AND lexeme = ANY(%s)
"""


def nearest_words(words: Collection[str]) -> Mapping[str, str]:
    """For those of the words that occur nowhere, the commonest stem that is one slip away, if there is one."""
    forms = _forms(words)
    slipped = {
        word: {other for form in own if _SHORTEST_CHARS <= len(form) <= _LONGEST_CHARS for other in one_slip_from(form)}
        for word, own in forms.items()
    }
    occurring = _occurring(set().union(*forms.values(), *slipped.values()))
    nearest: dict[str, str] = {}
    for word, others in slipped.items():
        near = [] if forms[word] & occurring.keys() else [other for other in others if other in occurring]
        if near:
            nearest[word] = max(near, key=lambda other: (occurring[other], other))
    return nearest


def _forms(words: Collection[str]) -> dict[str, set[str]]:
    """Each word without its accents, and its stems: a slip is in the word, what occurs is known by its stem."""
    plain = {word: folded(word) for word in words}
    known = stems([*(word.lower() for word in words), *plain.values()])
    return {
        word: {plain[word]} | {known[form] for form in (word.lower(), plain[word]) if form in known} for word in words
    }


def _occurring(candidates: Collection[str]) -> dict[str, float]:
    if not candidates:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OCCURRING, [list(candidates)])
        return dict(cursor.fetchall())


def one_slip_from(word: str) -> Iterator[str]:
    """Every word that lacks one letter of this one, has one more or another one, or has two exchanged."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in ascii_lowercase)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
