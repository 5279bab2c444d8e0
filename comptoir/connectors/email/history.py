"""Where quoted history begins in a mail's lines: an attribution, a separator, or a block of headers."""

from __future__ import annotations

import re

from comptoir.connectors.email import reply_words as words

_WINDOW = 6
#: A rule, a heading, and the blank lines around them.
_MOST_LINES_ABOVE = 12
#: No heading of history is longer. A longer line is never held against any pattern.
MAX_LINE_CHARS = 1_000
_MAX_WINDOW_CHARS = 500
#: How many joined lines of one mail are held against the patterns of attributions: hundreds of lines with a colon.
MAX_WINDOWS = 4_000
_QUOTED = re.compile(r"^\s{0,3}(?:>|\|(?:\s|$))")
_RULE_STARTS = frozenset("-_=–—#")
_RULE_LINE = re.compile(r"^[\s>*]*+[-_=–—]{3,}+[\s*]*+$")
_YEAR_OR_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|@|\d{1,2}[./]\d{1,2}[./]\d{2}")


class Effort:
    """How much work one mail may still cause here: a mail made to be slow is shown whole instead."""

    def __init__(self, windows: int = MAX_WINDOWS) -> None:
        self.left = windows

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


def is_quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def history_at(lines: list[str], position: int, effort: Effort) -> tuple[int, int, bool] | None:
    """(where it starts, the line after its heading, whether it is an attribution) of history headed by this line."""
    line = lines[position]
    if not line:
        return None
    if words.CUT_MARK in line:
        return position, position, False
    if words.ATTRIBUTION_MARK in line:
        return position, _after_attribution(lines, position), True
    if len(line) > MAX_LINE_CHARS:
        return None
    if line.lstrip(" >*\t")[:1] in _RULE_STARTS and _is_separator(line):
        return position, position + 1, False
    if words.PROCESSED_BY.match(line):
        return position, position + 1, False
    if words.FORWARD_LINE.match(line) if line.endswith((":", "：", ":*")) else False:
        return position, position + 1, False
    if (":" in line or "：" in line) and _header_block(lines, position):
        return _with_rule_above(lines, position), position, False
    start = attribution_at(lines, position, effort)
    return None if start is None else (start, position + 1, True)


def _is_separator(line: str) -> bool:
    lead = words.SEPARATOR_LEAD.match(line)
    rule = lead.group().rstrip()[-2:] if lead else ""
    if lead and len(rule) == 2 and not rule.strip("-_=–—") and words.SEPARATOR_WORDS.match(line, lead.end()):
        return True
    return bool(words.REPLY_ABOVE.match(line))


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
    sent = False
    for line in lines[position : position + 12]:
        found = words.HEADER_LINE.match(line[:MAX_LINE_CHARS]) if ":" in line or "：" in line else None
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
        sent = sent or (kind == "date" and "from" in kinds and bool(words.SENT_AT.match(line[:MAX_LINE_CHARS])))
    if len(kinds - {"other"}) < 3 or "from" not in kinds:
        return False
    return evidence or {"date", "subject"} <= kinds or (sent and "to" in kinds)


def _with_rule_above(lines: list[str], position: int) -> int:
    """The rule and the heading that a program puts above a header block belong to it."""
    start = above = position
    while above and position - above < _MOST_LINES_ABOVE:
        line = lines[above - 1]
        above -= 1
        if len(line) <= MAX_LINE_CHARS and (_RULE_LINE.match(line) or words.HEADING.match(line)):
            start = above
        elif line.strip():
            break
    return start


def attribution_at(lines: list[str], position: int, effort: Effort) -> int | None:
    """The first line of an attribution that ends on this one."""
    line = lines[position]
    if len(line) > MAX_LINE_CHARS:
        return None
    if line.endswith("--") and _is_dashed_attribution(line):
        return position
    if not line.rstrip("*").endswith((":", "：", ">")):
        return position if _is_bare_attribution(line) else None
    start = _wrapped_attribution(lines, position, effort)
    if start is not None:
        return start
    if not effort.spend():
        return None
    if words.ACTIVE_ATTRIBUTION.match(line) or _names_an_address(line):
        return position
    if is_short_attribution(line) and position + 1 < len(lines) and not is_quoted(line):
        following = next((text for text in lines[position + 1 : position + 3] if text.strip()), "")
        return position if is_quoted(following) else None
    return None


def _names_an_address(line: str) -> bool:
    return "@" in line and bool(words.DATED_BY.match(line) or words.QUOTING.match(line))


def is_short_attribution(line: str) -> bool:
    """ "Jo schrieb:" only counts directly above a quotation."""
    if not line.endswith(":") or len(line) > MAX_LINE_CHARS:
        return False
    tail = max(0, len(line) - 40)
    if not _says_wrote(line[tail:]):
        return False
    verb = words.SHORT_END.search(line, tail)
    name = line[: verb.start()].lstrip(" *\t\u00a0") if verb else ""
    return 0 < len(name) <= 80 and not any(mark in name for mark in ".!?")


def _is_dashed_attribution(line: str) -> bool:
    """ "---- On Tue, 22 Dec 2015 … wrote ----" (Zoho), on one line."""
    inner = line.lstrip("> \t\u00a0")
    if not inner.startswith("--"):
        return False
    inner = inner.strip("- \t\u00a0")
    verb = words.WROTE_AT_END.search(inner, max(0, len(inner) - 40))
    return verb is not None and verb.start() >= 11 and len(inner) <= 230


def _wrapped_attribution(lines: list[str], position: int, effort: Effort) -> int | None:
    """The nearest line from which, joined with those after it, an attribution reads."""
    for start in range(position, max(-1, position - _WINDOW), -1):
        window = _window(lines, start, position)
        if window is None or not effort.spend():
            break
        if _is_dated_attribution(window) or ("@" in window and _is_addressed_attribution(window)):
            return start
    for start in range(position, max(-1, position - 3), -1):
        window = _window(lines, start, position)
        if window is not None and effort.spend() and _is_named_attribution(window):
            return start
    return None


def _is_dated_attribution(window: str) -> bool:
    if window.endswith(">") or not _says_wrote(window) or not _YEAR_OR_TIME.search(window):
        return False
    start = words.DATED_START.match(window)
    return start is not None and _wrote_between(window, start.end() + 3, start.end() + 400, len(window) - 160)


def _is_named_attribution(window: str) -> bool:
    if "@" not in window or not window.endswith((":", "：")) or not _says_wrote(window):
        return False
    start = words.NAMED_START.match(window)
    return start is not None and _wrote_between(window, start.end(), start.end() + 80, len(window) - 80)


def _wrote_between(window: str, start: int, latest: int, least_end: int) -> bool:
    """Whether a verb of writing begins in that span, with only so much behind it."""
    near_end = max(start, least_end - 40)
    return any(verb.start() <= latest and verb.end() >= least_end for verb in words.WROTE.finditer(window, near_end))


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
    if sum(map(len, lines[start : end + 1])) > 2 * MAX_LINE_CHARS:
        return None
    joined = " ".join(line.lstrip("> \t").strip() for line in lines[start : end + 1])
    return joined if len(joined) <= _MAX_WINDOW_CHARS else None


def _is_bare_attribution(line: str) -> bool:
    """A date, a time and a name on a line of their own, with a paragraph or a quotation beneath."""
    if not line[:1].isdigit() or len(line) > 160 or not words.BARE_ATTRIBUTION.match(line):
        return False
    return "@" in line or bool(re.search(r"(?:GMT|UTC)[+-]\d", line))
