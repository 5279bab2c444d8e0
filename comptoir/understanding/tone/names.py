"""Whether the person is called by their first name."""

from __future__ import annotations

import re

from comptoir.understanding.tone.texts import Span, plain

_SOMEBODY_ELSE = re.compile(
    r"\b(?:l'autre|une? autre|d'une|d'un|another|the other|notre collegue|my colleague|our)\s$", re.IGNORECASE
)
_CALLED = re.compile(
    (
        r"(?:^|[.!?,;:\n]\s*|\b(?:bonjour|bonsoir|salut|hello|coucou|hey|hi|hiya|yo|dear|chere?|cc|slt|bjr|re|"
        r"merci|thanks|thank you|desole|sorry|ok|oui|non|oh|haha)\s+)$"
    ),
    re.IGNORECASE,
)
_ADDRESS_BEFORE, _ADDRESS_AFTER = re.compile(r"[\w.+-]*[@._+-]$"), re.compile(r"^[@_]|^\.\w|^-(?=\w)")


def first_name_used(reply: str, first_name: str | None) -> Span | None:
    """Where the reply says the first name, as a name: not in an address, nor as the agent's own signature."""
    wanted = plain((first_name or "").strip())
    if not wanted or len(wanted) > 80:
        return None
    text = plain(reply)
    body = _without_signature(text, wanted)
    form = re.sub(r"[\s-]+", r"[\\s-]+", re.escape(wanted).replace(r"\ ", " ").replace(r"\-", "-"))
    for match in re.finditer(rf"(?<!\w){form}(?!\w)", body, re.IGNORECASE):
        before, after = body[max(0, match.start() - 40) : match.start()], body[match.end() : match.end() + 2]
        if _ADDRESS_BEFORE.search(before) or _ADDRESS_AFTER.search(after) or _SOMEBODY_ELSE.search(before):
            continue
        if match.group()[:1].isupper() or _CALLED.search(before) or after[:1] in ("", ","):
            return Span(match.start(), match.end())
    return None


def _without_signature(text: str, name: str) -> str:
    """A last line that is the name alone is who signs, not who is addressed; so is a name after the closing words."""
    lines = text.rstrip().split("\n")
    if len(lines) > 1 and lines[-1].strip(" .-–—,").lower() == name.lower():
        return text[: text.rstrip().rfind("\n")]
    return text
