"""Where the signature begins: after a delimiter, or where a telephone wrote its own name."""

from __future__ import annotations

import re

from comptoir.connectors.email.footers import ADVERTISEMENT, DEVICE_SIGNATURE, GLUED_DEVICE, MOBILE_WORDS

MAX_SIGNATURE_LINES = 40
MAX_ADVERTISEMENT_CHARS = 500
MAX_GLUED_CHARS = 120

_DASHES = re.compile(r"^\s?(?:--|—{2,}|–{2,}|-{3,}|_{2,}|={3,}|\*{3,}|\+{3,}|~{3,})\s*$")
_STANDARD = re.compile(r"^-- ?$|^—{1,2} ?$|^–{2} ?$")
_RULE = re.compile(r"^[\s\u1427\ufffc]*+(?:[-_=*~+#–—]{2,}+|[-–—])?[\s\u1427\ufffc]*+$")
_LIST_FOOTER = re.compile(r"^(?:_{10,}|-{10,})\s*$")
_LIST_WORDS = re.compile(
    r"mailing list|unsubscribe|mailman|listinfo|désinscri|désabonn|you received this (?:message|email)", re.IGNORECASE
)
#: A quotation, a postscript or a question behind a rule was said to us.
_SAID = re.compile(r"^>|^\s*P\.?S\b|\?\s*$", re.IGNORECASE)
_EXCUSE = re.compile(
    r"excuse|sorry|typo|pardon|forgive|apolog|brief|brevity|brièveté|fautes|désolé|AT&T|smartphone|tippfehler|entschuldig",
    re.IGNORECASE,
)
_SIGNED_NAME = re.compile(r"^-\s?[A-Z][\w.'’-]*(?:\s[\w.'’-]+){0,3}\s*$")


def split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that were said, and those of the signature. What would leave nothing is no signature."""
    kept = _without_rules(lines)
    start = _delimiter(kept)
    if start is not None and any(line.strip() for line in kept[:start]):
        kept = kept[:start]
    kept = _without_rules(kept)
    end = len(kept)
    while end and (not kept[end - 1].strip() or _is_device(kept[end - 1]) or _is_advertisement(kept[end - 1])):
        end -= 1
    kept = kept[:end] if any(line.strip() for line in kept[:end]) else kept
    kept = _without_signed_name(_without_rules(kept))
    rest = lines[len(kept) :]
    glued = GLUED_DEVICE.search(kept[-1], max(0, len(kept[-1]) - MAX_GLUED_CHARS)) if kept else None
    if glued is not None:
        kept, rest = [*kept[:-1], kept[-1][: glued.start()]], [glued.group(), *rest]
    return kept, rest


def _is_device(line: str) -> bool:
    """A telephone's own line; a clause after a comma is a person's sentence, unless it excuses the typing."""
    if len(line) >= 160 or ("," in line and not _EXCUSE.search(line)):
        return False
    return bool(DEVICE_SIGNATURE.match(line) or MOBILE_WORDS.match(line))


def _is_advertisement(line: str) -> bool:
    return len(line) <= MAX_ADVERTISEMENT_CHARS and bool(ADVERTISEMENT.match(line))


def _without_rules(lines: list[str]) -> list[str]:
    """Without blank lines and rules at the end."""
    end = len(lines)
    while end and _RULE.match(lines[end - 1]):
        end -= 1
    return lines[:end]


def _delimiter(lines: list[str]) -> int | None:
    """The line of the first "-- " with only a signature's length behind it, else of a rule that looks like one."""
    last = len(lines) - 1
    for position in range(max(0, last - MAX_SIGNATURE_LINES), last):
        line = lines[position]
        if not line or line[0] not in "-—–_=*+~ ":
            continue
        if _STANDARD.match(line) and not _is_between_greeting_and_words(lines, position):
            return position
        if _LIST_FOOTER.match(line) and _LIST_WORDS.search("\n".join(lines[position + 1 :])[:2_000]):
            return position
        if _DASHES.match(line) and _looks_like_signature(lines[position + 1 :]):
            return position
    return None


def _is_between_greeting_and_words(lines: list[str], position: int) -> bool:
    """Below one short line, a pair of dashes with sentences behind it only sets off what is said."""
    before = [line for line in lines[:position] if line.strip()]
    after = lines[position + 1 :]
    return len(before) == 1 and len(before[0]) <= 30 and any(len(line) > 80 or line.endswith("?") for line in after)


def _looks_like_signature(lines: list[str]) -> bool:
    """A few short lines; prose after a rule is part of what was said."""
    filled = [line for line in lines if line.strip()]
    if not 0 < len(filled) <= 12:
        return False
    return all(len(line) <= 80 and not _SAID.search(line) for line in filled)


def _without_signed_name(lines: list[str]) -> list[str]:
    """Without "-Jo Dupont" on the last line, set off by a blank one."""
    is_name = len(lines) >= 3 and bool(_SIGNED_NAME.match(lines[-1])) and not lines[-2].strip()
    if is_name and not any(line.startswith("-") for line in lines[:-1]):
        return lines[:-1]
    return lines
