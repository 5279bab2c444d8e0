"""Where a reply puts it on the customer: what a rule knows, unless the sentence says otherwise, then meaning."""

from __future__ import annotations

from comptoir.understanding.tone.manner import Manner
from comptoir.understanding.tone.phrases import blaming_phrases
from comptoir.understanding.tone.texts import Span

#: A rule's phrase in a sentence less likely than this to blame is taken for another use of the same words.
_DOUBT = 0.05


def blamed(reply: str, language: str, manner: Manner) -> list[Span]:
    """The phrases, or where there are none the sentences."""
    phrases = [span for span in blaming_phrases(reply, language) if manner.around("blame", span) >= _DOUBT]
    return phrases or manner.stands_out("blame")
