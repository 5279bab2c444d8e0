"""What a person wrote, apart from the history their program quoted beneath, above or around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.connectors.email import reply_words as words
from comptoir.connectors.email.signatures import split_signature

MAX_CHARS = 400_000
MAX_LINES = 5_000
_WINDOW = 6

#: Marks of writing direction and empty spaces: programs strew them into the lines looked for here.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_QUOTED = re.compile(r"^\s{0,3}(?:>|\|(?:\s|$))")
_SUPERCITED = re.compile(r"^[A-Za-z]{1,12}>(?:\s|$)")
_REFERENCE = re.compile(r"^\s*\[\d+\]\s|^\s*(?:Links|Liens):?\s*$")
_RULE_STARTS = frozenset("-_=–—#")
_YEAR_OR_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|@|\d{1,2}[./]\d{1,2}[./]\d{2}")


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
    lines = [line.rstrip() for line in body.split("\n", MAX_LINES)]
    said, quoted = _without_history(lines)
    said, signature = split_signature(said)
    said, trailing = _without_trailing_quote(said)
    if trailing:
        said, inner = split_signature(said)
        quoted, signature = trailing + signature + quoted, inner
    text = _joined(said)
    if not text:
        return Split(_joined(lines))
    return Split(text, _joined(quoted) or None, _joined(signature) or None)


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines).replace(words.CUT_MARK, "").replace(words.ATTRIBUTION_MARK, "")
    if "\n\n\n\n" in text:
        text = re.sub(r"\n{4,}", "\n\n\n", text)
    return text.strip("\n").rstrip()


def _is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def _has_words(lines: list[str]) -> bool:
    return any(line.strip(" >|*_-\t" + words.CUT_MARK + words.ATTRIBUTION_MARK) for line in lines)


def _without_history(lines: list[str]) -> tuple[list[str], list[str]]:
    position = 0
    total = len(lines)
    while position < total:
        found = _history_at(lines, position)
        if found is None:
            position += 1
            continue
        start, after, is_attribution = found
        before, rest = lines[:start], lines[after:]
        if not is_attribution:
            if _has_words(before):
                return before, lines[start:]
            return lines, []  # only a forwarded message: that is what was sent
        return _around_quotation(before, lines[start:after], rest)
    return lines, []


def _around_quotation(before: list[str], attribution: list[str], rest: list[str]) -> tuple[list[str], list[str]]:
    """Beneath an attribution: history to the end, or a quotation with answers below or between."""
    first = next((index for index, line in enumerate(rest) if line.strip()), len(rest))
    if first == len(rest) or not _is_quoted(rest[first]):
        if _has_words(before):
            return before, attribution + rest
        said, quoted = _without_history(rest)  # the attribution came first: what follows is all there is
        return said, attribution + quoted
    last = max(index for index, line in enumerate(rest) if _is_quoted(line))
    answers = _answers(rest[: last + 1])
    tail, signature = split_signature(_without_references(rest[last + 1 :]))
    if not answers and not _has_words(tail):
        return (
            before + [""] + signature if _has_words(signature) and not _has_words(before) else before
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


def _answers(lines: list[str]) -> bool:
    """Whether somebody wrote between the quoted lines; the tail of a wrapped quoted line is nobody's answer."""
    for index, line in enumerate(lines):
        if not line.strip() or _is_quoted(line) or _SUPERCITED.match(line):
            continue
        previous = lines[index - 1] if index else ""
        wrapped = _is_quoted(previous) and len(previous) >= 60 and len(line) <= 40
        if not wrapped and not _attribution_at(lines, index) and not words.HEADER_LINE.match(line):
            return True
    return False


def _without_trailing_quote(lines: list[str]) -> tuple[list[str], list[str]]:
    """Without a quotation at the very end, and the line that introduces it."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_quoted(lines[end - 1]) or _SUPERCITED.match(lines[end - 1])):
        end -= 1
    if (
        end == len(lines)
        or not _has_words(lines[:end])
        or not any(_is_quoted(line) or _SUPERCITED.match(line) for line in lines[end:])
    ):
        return lines, []
    if any(_is_quoted(line) for line in lines[:end]) and not any(_is_quoted(line) for line in lines[end:]):
        return lines[:end], lines[end:]
    if lines[end - 1].rstrip().endswith((":", "：")) and words.SHORT_ATTRIBUTION.match(lines[end - 1]):
        end -= 1
    return (lines[:end], lines[end:]) if _has_words(lines[:end]) else (lines, [])


def _history_at(lines: list[str], position: int) -> tuple[int, int, bool] | None:
    """(where it starts, the line after its heading, whether it is an attribution) of history headed by this line."""
    line = lines[position]
    if not line:
        return None
    if words.CUT_MARK in line:
        return position, position, False
    if words.ATTRIBUTION_MARK in line:
        return position, _after_attribution(lines, position), True
    if line.lstrip(" >*\t")[:1] in _RULE_STARTS and _is_separator(line):
        return position, position + 1, False
    if words.FORWARD_LINE.match(line) if line.endswith((":", "：", ":*")) else False:
        return position, position + 1, False
    if (":" in line or "：" in line) and _header_block(lines, position):
        return _with_rule_above(lines, position), position, False
    return _attribution_ending(lines, position)


def _is_separator(line: str) -> bool:
    return bool(words.SEPARATOR.match(line) or words.REPLY_ABOVE.match(line))


def _after_attribution(lines: list[str], position: int) -> int:
    """The first line after a marked attribution, which may have been wrapped by its author's program."""
    after = position + 1
    while after < min(len(lines), position + 5) and lines[after].strip() and not _is_quoted(lines[after]):
        if words.ATTRIBUTION_MARK in lines[after]:
            return after + 1
        after += 1
    return after


def _header_block(lines: list[str], position: int) -> bool:
    """Whether From, Sent, To, Subject (in any language) begin here."""
    kinds: set[str] = set()
    evidence = False
    strangers = 0
    for line in lines[position : position + 12]:
        found = words.HEADER_LINE.match(line) if ":" in line or "：" in line else None
        kind = (
            words.HEADER_LABELS.get(found.group(1).replace("*", "").strip().lower().replace("\u00a0", " "))
            if found
            else None
        )
        if kind is None:
            if not kinds:
                return False
            strangers += 1
            if strangers > 2:
                break
            continue
        if not kinds and kind not in ("from", "date", "subject", "to"):
            return False
        kinds.add(kind)
        evidence = evidence or "@" in line
    if len(kinds - {"other"}) < 3 or "from" not in kinds:
        return False
    return evidence or {"date", "subject"} <= kinds


def _with_rule_above(lines: list[str], position: int) -> int:
    """The rule that a program draws above a header block belongs to it."""
    above = position
    while above and not lines[above - 1].strip():
        above -= 1
    if above and re.match(r"^[\s>*]*[-_=–—]{3,}[\s*]*$", lines[above - 1]):
        return above - 1
    return position


def _attribution_ending(lines: list[str], position: int) -> tuple[int, int, bool] | None:
    start = _attribution_at(lines, position)
    return None if start is None else (start, position + 1, True)


def _attribution_at(lines: list[str], position: int) -> int | None:
    """The first line of an attribution that ends on this one."""
    line = lines[position]
    if line.endswith(("-", "–")) and words.DASHED_ATTRIBUTION.match(line):
        return position
    if not line.rstrip("*").endswith((":", "：", ">")):
        return position if _is_bare_attribution(lines, position, line) else None
    for start in range(position, max(-1, position - _WINDOW), -1):
        window = _window(lines, start, position)
        if window is None:
            break
        if not window.endswith(">") and _says_wrote(window) and _YEAR_OR_TIME.search(window):
            if words.DATED_ATTRIBUTION.match(window):
                return start
        if "@" in window and _is_addressed_attribution(window):
            return start
    for start in range(position, max(-1, position - 3), -1):
        window = _window(lines, start, position)
        if window is not None and words.NAMED_ATTRIBUTION.match(window) and window.endswith((":", "：")):
            return start
    if words.ACTIVE_ATTRIBUTION.match(line):
        return position
    if words.SHORT_ATTRIBUTION.match(line) and position + 1 < len(lines):
        following = next((text for text in lines[position + 1 : position + 3] if text.strip()), "")
        return position if _is_quoted(following) and not _is_quoted(line) else None
    return None


def _is_addressed_attribution(window: str) -> bool:
    """A date and an address in one line with a colon at its end say enough in any language."""
    if words.BARE_ATTRIBUTION.match(window) and window.endswith((":", ">", "：")):
        return True
    return window.endswith((":", "：")) and bool(words.ANY_ATTRIBUTION.match(window))


def _says_wrote(window: str) -> bool:
    """A cheap look before the expensive one."""
    lowered = window.lower()
    return any(verb in lowered for verb in words.WROTE_STEMS)


def _window(lines: list[str], start: int, end: int) -> str | None:
    """Lines joined to one; None once a paragraph ends, unless it only broke around an address."""
    if start < end and not lines[start].strip():
        if not lines[start + 1].lstrip(" >").startswith("<") and lines[start + 1].strip(" >"):
            return None
    joined = " ".join(line.lstrip("> \t").strip() for line in lines[start : end + 1])
    return joined if len(joined) <= 500 else None


def _is_bare_attribution(lines: list[str], position: int, line: str) -> bool:
    """A date, a time and a name on a line of their own, with a paragraph or a quotation beneath."""
    if not line[:1].isdigit() or len(line) > 160 or not words.BARE_ATTRIBUTION.match(line):
        return False
    return "@" in line or bool(re.search(r"(?:GMT|UTC)[+-]\d", line))
