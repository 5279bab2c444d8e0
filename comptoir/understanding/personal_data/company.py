"""Which of the finds in a customer's message are the company's own: « votre numéro, le 01… » (rules/company.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data.kinds import PersonalData

_SIGHT_BEFORE, _SIGHT_AFTER = 70, 50
#: How far the words may stand from the find.
_BETWEEN_CHARS = 25
_KINDS = frozenset({"phone", "email", "address"})
#: Mailboxes that only companies have. A customer's own firm may have one too: then nobody is told to write to it.
_ROLE = re.compile(
    r"(?:contact|info|support|sav|service\w*|serviceclient\w*|help(?:desk)?|kundenservice|klantenservice|atencion\w*|assisten\w+|apoio\w*|reclam\w+|no-?reply)@",
    re.I,
)
_WRITE_TO = re.compile(
    r"(?<!\w)(?:ecri\w+|contact\w*|wr[io]t\w+|e?mailed|schreib\w*|geschrieben|schrieb|escrib\w+|escrit\w+|scri\w+|gemaild|schrijv\w*|geschreven|escrev\w+)"
    r" (?:\w+ ){0,3}$"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")


def is_companys(text: str, one: PersonalData) -> bool:
    """Whether the words around say that it is the company's, as a customer speaks of it."""
    if one.kind not in _KINDS:
        return False
    before = _SENTENCE_END.split(folded(text[max(0, one.start - _SIGHT_BEFORE) : one.start]))[-1]
    after = _SENTENCE_END.split(folded(text[one.end : one.end + _SIGHT_AFTER]))[0]
    before_it, after_it, mine = _words()
    if one.kind == "email" and _ROLE.match(text, one.start) and _WRITE_TO.search(before) and not mine.search(before):
        return True
    for match in reversed(list(before_it.finditer(before))):
        between = before[match.end() :]
        return len(between) <= _BETWEEN_CHARS and not mine.search(between)
    return bool(after_it.match(after)) and not mine.search(before)


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/company.toml").read_text("utf-8"))
    return (
        re.compile(rf"(?<!\w)(?:{'|'.join(rules['before'])})"),
        re.compile(rf"\W{{0,4}}(?:{'|'.join(rules['after'])})"),
        re.compile(rf"(?<!\w)(?:{'|'.join(rules['mine'])})(?!\w)"),
    )
