"""Our own format: one JSON object a line, the same that `comptoir bot try` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from comptoir.catalogue.content import Variant
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, days_of, storable, text_of, uses_of, yes_or_no

KNOWN = frozenset(
    {
        "key", "question", "phrasings", "answer", "language", "bot_may_answer", "answers", "topics", "brand", "uses",
        "valid_from", "valid_until", "owner", "review_on", "approved",
    }
)  # fmt: skip


def read(text: str) -> Iterator[Line]:
    """A line for each line that holds something."""
    for number, written in enumerate(text.split("\n"), start=1):
        if written.strip():
            yield _line(number, written)


def _line(number: int, written: str) -> Line:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return Line(number, None, _("This is no JSON object."), written[:120])
    return line_of(number, found)


def line_of(number: int, written: Mapping[str, Any]) -> Line:
    """One object of ours."""
    shown = str(written.get("key") or written.get("question") or "")[:120]
    try:
        given = Given(text_of(written.get("key"), "key"), _fields(written))
    except LineRefusedError as error:
        return Line(number, None, str(error), shown)
    strange = sorted(str(name)[:60] for name in written if name not in KNOWN)
    told = _("Left out, for it is no field of ours: %(names)s.")
    return Line(number, given, shown=shown, notice=told % {"names": ", ".join(strange[:5])} if strange else "")


def _fields(written: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: text_of(written.get(name), name) for name in ("question", "language")}
    if "answers" in written:
        fields["variants"] = tuple(_variants(written["answers"]))
    else:
        fields["answer"] = text_of(written.get("answer"), "answer")
    for name in ("phrasings", "topics"):
        if name in written:
            fields[name] = tuple(_texts(written[name], name))
    for name in ("brand", "owner"):
        if name in written:
            fields[name] = str(written[name] or "")
    if "uses" in written:
        fields["uses"] = uses_of(written["uses"])
    elif "bot_may_answer" in written:
        fields["bot"] = _choice(written["bot_may_answer"])
    return fields | days_of(written)


def _choice(written: object) -> bool:
    if not isinstance(written, bool):
        return yes_or_no("?", "bot_may_answer")
    return written


def _texts(written: object, name: str) -> Iterable[str]:
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
        raise LineRefusedError(_("“%(name)s” must be a list of texts.") % {"name": name})
    return (storable(one) for one in written)


def _variants(written: object) -> Iterator[Variant]:
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        raise LineRefusedError(_("“answers” must be a list of objects with “text” and “language”."))
    for one in written:
        channel, register, visibility = (str(one.get(name) or "") for name in ("channel", "register", "visibility"))
        text, language = text_of(one.get("text"), "text"), text_of(one.get("language"), "language")
        yield Variant(text, language, channel, register, visibility, link=str(one.get("link") or ""))
