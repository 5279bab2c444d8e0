"""What a subject says of itself: that it answers another, and which."""

from __future__ import annotations

import re

_ANSWERS = r"re|aw|antw|sv|vs|rv|res|rif|rép|odp|ref"
_ANSWER = re.compile(rf"^\s*(?:{_ANSWERS})(?:\s*\[\d+\])?\s*[:：]", re.IGNORECASE)
_ANSWER_OR_FORWARD = re.compile(rf"^\s*(?:{_ANSWERS}|fwd?|tr|wg|enc|doorst)(?:\s*\[\d+\])?\s*[:：]\s*", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether a mail program put its word for an answer in front."""
    return _ANSWER.match(subject) is not None


def answered_subject(subject: str) -> str:
    """What is answered, without the words in front; empty where nothing is left or nothing is answered."""
    if not is_answer(subject):
        return ""
    while found := _ANSWER_OR_FORWARD.match(subject):
        subject = subject[found.end() :]
    return " ".join(subject.split())
