"""Why something went wrong, in words that can be said in the reader's language later: plain Python, no Django.

A `Reason` is an English sentence (it is a ``str``, so logs, the command line's JSON and the API have it as it is) that
also knows the template it was made of and what filled it in. `kept` makes of it a text for one column, `read` takes it
back, and `said` says it in another language: the template is what is translated, the rest is quoted as it came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

#: What a kept Reason begins with: the record separator, which nobody writes in a sentence.
_MARK = "\x1e"
_BLANK = re.compile(r"%\((\w+)\)s")
_QUOTED = re.compile(r"\s*:\s*[“«]\s*%\(said\)s\s*[”»]|\s*\([“«]\s*%\(said\)s\s*[”»]\)")
_LONGEST_VALUE = 1000
_DEEPEST = 8

Value = str | int


class Reason(str):
    """A sentence made of a template and its values, which may be Reasons themselves: ``Reason("No %(what)s.", …)``.

    Blanks are written ``%(name)s`` and nothing else is special. What a network said is a value, never the template.
    """

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Self:
        short = {name: _short(value) for name, value in values.items()}
        self = super().__new__(cls, _filled(template, short))
        self.template, self.values = template, short
        return self


class ReasonedError(Exception):
    """An error whose text is for people: a plain English sentence, of which ``reason`` knows what it is made of."""

    def __init__(self, text: str, /, **values: Value) -> None:
        self.reason = text if isinstance(text, Reason) else Reason(text, **values)
        super().__init__(str(self.reason))


def template(text: str) -> str:
    """Marks a template that stands apart from where it is filled in, so that its translation is asked for."""
    return text


#: A sentence of ours with what a network answered. The words of others are always the value ``said``.
QUOTING = template("%(reason)s It said: “%(said)s”.")


def together(reasons: Iterable[str]) -> str:
    """Several reasons, one after the other."""
    all_of_them = list(reasons)
    if len(all_of_them) < 2:
        return all_of_them[0] if all_of_them else ""
    names = [f"reason_{number}" for number in range(len(all_of_them))]
    return Reason(" ".join(f"%({name})s" for name in names), **dict(zip(names, all_of_them, strict=True)))


def at_most(reason: str, max_chars: int) -> str:
    """The reason, cut where it is longer: only its English is left then."""
    return reason if len(reason) <= max_chars else str(reason)[: max_chars - 1] + "…"


def reason_of(error: BaseException) -> str:
    """What an error says to people."""
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, Reason) else str(error)


def kept(reason: str) -> str:
    """A reason as one text to be stored. A plain one stays as it is."""
    if isinstance(reason, Reason):
        return _MARK + json.dumps(_as_json(reason), ensure_ascii=False) if reason.values else reason.template
    return reason.lstrip(_MARK)


def read(text: str) -> str:
    """What `kept` stored: a Reason, or the plain text that stood there."""
    if not text.startswith(_MARK):
        return text
    try:
        return _from_json(json.loads(text[len(_MARK) :]), 0)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return text.lstrip(_MARK)


def said(reason: str, translated: Callable[[str], str]) -> str:
    """The reason in the language of ``translated``, which knows our templates and gives anything else back.

    A plain text is looked up line by line: reasons without values are stored so, and all were before there were any.
    """
    if not isinstance(reason, Reason):
        return "\n".join(translated(line) if line else "" for line in reason.splitlines())
    values = {
        name: said(value, translated) if isinstance(value, Reason) else value for name, value in reason.values.items()
    }
    return _filled(translated(reason.template), values)


def said_apart(reason: str, translated: Callable[[str], str]) -> tuple[str, Sequence[str]]:
    """What we say of it, in the language of ``translated``, and beside it what others said, as they said it.

    The sentence is whole without the quotation: “The server refused: “550”.” becomes “The server refused.”
    """
    if not isinstance(reason, Reason):
        return said(reason, translated), []
    words: list[str] = []
    return _without_quotations(reason, translated, words), words


def _without_quotations(reason: Reason, translated: Callable[[str], str], words: list[str]) -> str:
    """``words`` receives what was left out."""
    quoted, inner = reason.values.get("said"), reason.values.get("reason")
    if reason.template == QUOTING and isinstance(inner, str):
        words.append(str(quoted))
        return _without_quotations(inner, translated, words) if isinstance(inner, Reason) else inner
    sentence = translated(reason.template)
    if quoted and not isinstance(quoted, Reason):
        whole = _QUOTED.sub("", sentence)
        words += [str(quoted)] if whole != sentence else []
        sentence = whole
    values = {
        name: _without_quotations(value, translated, words) if isinstance(value, Reason) else value
        for name, value in reason.values.items()
    }
    return _filled(sentence, values)


def _filled(template: str, values: Mapping[str, Value]) -> str:
    return _BLANK.sub(lambda blank: str(values.get(blank.group(1), blank.group())), template) if values else template


def _short(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    if isinstance(value, Reason):
        return value
    return at_most(value.replace("\x00", "").encode("utf-8", "replace").decode(), _LONGEST_VALUE)


def _as_json(reason: Reason) -> dict[str, Any]:
    values = {name: _as_json(value) if isinstance(value, Reason) else value for name, value in reason.values.items()}
    return {"text": reason.template, **({"with": values} if values else {})}


def _from_json(document: Mapping[str, Any], depth: int) -> Reason:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    values = {
        str(name): _from_json(value, depth + 1) if isinstance(value, dict) else value
        for name, value in document.get("with", {}).items()
    }
    return Reason(str(document["text"]), **values)
