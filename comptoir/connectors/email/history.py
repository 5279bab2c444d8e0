"""Where quoted history begins in a mail's lines: an attribution, a separator, or a block of headers."""

from __future__ import annotations

import re

from comptoir.connectors.email import reply_words as words

_WINDOW = 6
_QUOTED = re.compile(r"^\s{0,3}(?:>|\|(?:\s|$))")
_RULE_STARTS = frozenset("-_=–—#")
_YEAR_OR_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|@|\d{1,2}[./]\d{1,2}[./]\d{2}")


def is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def history_at(lines: list[str], position: int) -> tuple[int, int, bool] | None:
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
    while after < min(len(lines), position + 5) and lines[after].strip() and not is_quoted(lines[after]):
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
    start = attribution_at(lines, position)
    return None if start is None else (start, position + 1, True)


def attribution_at(lines: list[str], position: int) -> int | None:
    """The first line of an attribution that ends on this one."""
    line = lines[position]
    if line.endswith(("-", "–")) and words.DASHED_ATTRIBUTION.match(line):
        return position
    if not line.rstrip("*").endswith((":", "：", ">")):
        return position if _is_bare_attribution(line) else None
    start = _wrapped_attribution(lines, position)
    if start is not None:
        return start
    if words.ACTIVE_ATTRIBUTION.match(line):
        return position
    if words.SHORT_ATTRIBUTION.match(line) and position + 1 < len(lines) and not is_quoted(line):
        following = next((text for text in lines[position + 1 : position + 3] if text.strip()), "")
        return position if is_quoted(following) else None
    return None


def _wrapped_attribution(lines: list[str], position: int) -> int | None:
    """The nearest line from which, joined with those after it, an attribution reads."""
    for start in range(position, max(-1, position - _WINDOW), -1):
        window = _window(lines, start, position)
        if window is None:
            break
        if _is_dated_attribution(window) or ("@" in window and _is_addressed_attribution(window)):
            return start
    for start in range(position, max(-1, position - 3), -1):
        window = _window(lines, start, position)
        if window is not None and words.NAMED_ATTRIBUTION.match(window) and window.endswith((":", "：")):
            return start
    return None


def _is_dated_attribution(window: str) -> bool:
    if window.endswith(">") or not _says_wrote(window) or not _YEAR_OR_TIME.search(window):
        return False
    return bool(words.DATED_ATTRIBUTION.match(window))


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
        following = lines[start + 1].strip(" >")
        if following and not following.startswith("<"):
            return None
    joined = " ".join(line.lstrip("> \t").strip() for line in lines[start : end + 1])
    return joined if len(joined) <= 500 else None


def _is_bare_attribution(line: str) -> bool:
    """A date, a time and a name on a line of their own, with a paragraph or a quotation beneath."""
    if not line[:1].isdigit() or len(line) > 160 or not words.BARE_ATTRIBUTION.match(line):
        return False
    return "@" in line or bool(re.search(r"(?:GMT|UTC)[+-]\d", line))
