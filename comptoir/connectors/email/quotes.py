"""What a person wrote, apart from the history their program quoted beneath, above or around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.connectors.email import reply_words as words
from comptoir.connectors.email.history import (
    MAX_LINE_CHARS,
    Effort,
    attribution_at,
    history_at,
    is_quoted,
    is_short_attribution,
)
from comptoir.connectors.email.signatures import split_signature

MAX_CHARS = 400_000
MAX_LINES = 5_000
#: One above the other, with nothing said between them.
MAX_HEADINGS = 20

#: Marks of writing direction and empty spaces: programs strew them into the lines looked for here.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_SUPERCITED = re.compile(r"^[A-Za-z]{1,12}>(?:\s|$)")
_REFERENCE = re.compile(r"^\s*\[\d+\]\s|^\s*(?:Links|Liens):?\s*$")


@dataclass(frozen=True, slots=True)
class Split:
    """A body in its parts: what was said, the history, the signature."""

    text: str
    quoted: str | None = None
    signature: str | None = None


def split_reply(body: str) -> Split:
    """Cut a plain-text body. Where nothing but history would remain, the whole is what was said."""
    body = body[:MAX_CHARS]
    if not body.isascii():
        body = _INVISIBLE.sub("", body)
    if "-----" in body:
        body = words.CROWDED_SEPARATOR.sub(_on_its_own_line, body)
    lines = [line.rstrip() for line in body.split("\n", MAX_LINES)]
    effort = Effort()
    said, quoted = _without_history(lines, effort)
    while quoted and said and not said[-1].strip("> \t"):  # the frame that the history stood in
        said = said[:-1]
    said, signature = split_signature(said)
    said, trailing = _without_trailing_quote(said, effort)
    if trailing:
        said, inner = split_signature(said)
        quoted, signature = trailing + signature + quoted, inner
    text = _joined(said)
    if not text:
        return Split(_joined(lines))
    return Split(text, _joined(quoted) or None, _joined(signature) or None)


def _on_its_own_line(separator: re.Match[str]) -> str:
    text, start, end = separator.string, separator.start(), separator.end()
    before = text[max(0, start - 20) : start].rpartition("\n")[2].strip(" \t>*_-")
    after = text[end : end + 20].partition("\n")[0].strip(" \t*_-")
    return ("\n" if before else "") + separator.group() + ("\n" if after else "")


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines).replace(words.CUT_MARK, "").replace(words.ATTRIBUTION_MARK, "")
    if "\n\n\n\n" in text:
        text = re.sub(r"\n{4,}", "\n\n\n", text)
    return text.strip("\n").rstrip()


def _has_words(lines: list[str]) -> bool:
    return any(line.strip(" >|*_-\t" + words.CUT_MARK + words.ATTRIBUTION_MARK) for line in lines)


def _without_history(lines: list[str], effort: Effort, depth: int = 0) -> tuple[list[str], list[str]]:
    position = 0
    total = len(lines)
    while position < total:
        found = history_at(lines, position, effort)
        if found is None:
            position += 1
            continue
        start, after, is_attribution = found
        before, rest = lines[:start], lines[after:]
        if not is_attribution:
            if _has_words(before):
                return before, lines[start:]
            return lines, []  # only a forwarded message: that is what was sent
        if _is_told(lines[start:after], rest):
            position = after
            continue
        return _around_quotation(before, lines[start:after], rest, effort, depth)
    return lines, []


def _is_told(attribution: list[str], rest: list[str]) -> bool:
    """Whether a person tells what somebody wrote to them: no program says “you” or “your”, or leaves them bare."""
    if any("@" in line or words.ATTRIBUTION_MARK in line or is_quoted(line) for line in attribution):
        return False
    below = next((line for line in rest if line.strip()), "")
    return not is_quoted(below) and any(words.PERSONAL.search(line[:MAX_LINE_CHARS]) for line in attribution)


def _around_quotation(
    before: list[str], attribution: list[str], rest: list[str], effort: Effort, depth: int
) -> tuple[list[str], list[str]]:
    """Beneath an attribution: history to the end, or a quotation with answers below or between."""
    first = next((index for index, line in enumerate(rest) if line.strip()), len(rest))
    if first == len(rest) or not is_quoted(rest[first]):
        if _has_words(before):
            return before, attribution + rest
        if depth >= MAX_HEADINGS:
            return rest, attribution
        said, quoted = _without_history(
            rest, effort, depth + 1
        )  # the attribution came first: what follows is all there is
        return said, attribution + quoted
    last = max(index for index, line in enumerate(rest) if is_quoted(line))
    answers = _answers(rest[: last + 1], effort)
    tail, signature = split_signature(_without_references(rest[last + 1 :]))
    if not answers and not _has_words(tail):
        return (
            [*before, "", *signature] if _has_words(signature) and not _has_words(before) else before
        ), attribution + rest
    if answers:
        return before + rest, attribution
    if _has_words(before) and _is_signature_like(tail):
        return before, attribution + rest
    if _has_words(before):  # written above and below: the quotation between them is what the second part speaks of
        return before + rest, attribution
    return rest[last + 1 :], attribution + rest[: last + 1]


def _without_references(lines: list[str]) -> list[str]:
    """Without the list of links that text programs put below a quotation."""
    return [line for line in lines if not _REFERENCE.match(line)]


def _is_signature_like(lines: list[str]) -> bool:
    """Two short lines at most below a quotation are a name, when the answer stands above it."""
    filled = [line for line in lines if line.strip()]
    return len(filled) <= 2 and all(len(line) <= 30 and line[-1:] not in ".!?" for line in filled)


def _answers(lines: list[str], effort: Effort) -> bool:
    """Whether somebody wrote between the quoted lines; the tail of a wrapped quoted line is nobody's answer."""
    for index, line in enumerate(lines):
        if not line.strip() or is_quoted(line) or _SUPERCITED.match(line):
            continue
        previous = lines[index - 1] if index else ""
        wrapped = is_quoted(previous) and len(previous) >= 60 and len(line) <= 40
        if wrapped or attribution_at(lines, index, effort) or words.HEADER_LINE.match(line[:MAX_LINE_CHARS]):
            continue
        return True
    return False


def _without_trailing_quote(lines: list[str], effort: Effort) -> tuple[list[str], list[str]]:
    """Without a quotation at the very end, and the lines that introduce it."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_arrowed(lines[end - 1])):
        end -= 1
    count = sum(1 for line in lines[end:] if _is_arrowed(line))
    if not count or not _has_words(lines[:end]):
        return lines, []
    start = attribution_at(lines, end - 1, effort)
    if start is None and is_short_attribution(lines[end - 1]):
        start = end - 1
    if start is None:
        if lines[end].strip() and count < 3:  # straight below a sentence: what it speaks of, not what it answers
            return lines, []
        start = end
    return (lines[:start], lines[start:]) if _has_words(lines[:start]) else (lines, [])


def _is_arrowed(line: str) -> bool:
    """Quoted beyond doubt: bars also draw tables."""
    return line.lstrip(" ").startswith(">") or bool(_SUPERCITED.match(line))
