"""What a network allows, and how it counts."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from datetime import timedelta

import regex

from comptoir.connectors.base.events import Visibility


class TextUnit(enum.StrEnum):
    """How a network counts the length of a text."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"
    WEIGHTED = "weighted"
    SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the network allows. None means no limit that we know of; ``max_text_chars`` is in ``text_unit``.

    ``max_choices``: how many answers may be offered to be pressed below a text, each of ``max_choice_chars`` at most;
    0 where the network has no such thing; the text above them is ``max_text_chars_above_choices`` at most.
    ``private``: what holds instead for private replies, where that differs.
    ``fetches_files``: the network is told where files are (`OutgoingFile.public_url`) and fetches them there.
    ``one_answer``: a second answer takes the place of the first, as under a review.
    """

    max_text_chars: int | None = None
    text_unit: TextUnit = TextUnit.CODE_POINTS
    max_files: int = 0
    max_file_bytes: int = 10 * 1024 * 1024
    file_types: tuple[str, ...] = ()  # MIME types or "image/*"; empty with max_files > 0: any
    fetches_files: bool = False
    sends_per_minute: int = 60
    reply_window: timedelta | None = None
    takes_alt_text: bool = False  # what a picture shows is said to those who do not see it
    one_answer: bool = False
    max_choices: int = 0
    max_choice_chars: int = 20
    max_text_chars_above_choices: int | None = None
    private: Limits | None = None

    def of(self, visibility: Visibility) -> Limits:
        """What holds for a reply that all may read, or one person."""
        return self.private if self.private is not None and visibility == "private" else self


def text_length(text: str, unit: TextUnit) -> int:
    """The length of a text as a network counts it."""
    if unit is TextUnit.GRAPHEMES:
        return sum(1 for _grapheme in _GRAPHEME.finditer(text))
    if unit is TextUnit.UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if unit is TextUnit.BYTES:
        return len(text.encode("utf-8", "surrogatepass"))
    if unit is TextUnit.WEIGHTED:
        return weighted_length(text)
    return segments(text) if unit is TextUnit.SEGMENTS else len(text)


_GRAPHEME = regex.compile(r"\X")

# --- X: twitter-text's configuration v3 (docs.x.com, "Counting characters") ------------------------------------------

_LINK_WEIGHT = 23
_LIGHT = regex.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")
_LINK = regex.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?…)\]}']")


def weighted_length(text: str) -> int:
    """X's length: a link counts 23, an emoji 2, a letter of the lighter scripts 1, any other 2."""
    links = _LINK.findall(text)
    rest = _LINK.sub("", text)
    return _LINK_WEIGHT * len(links) + sum(_weight(cluster) for cluster in _GRAPHEME.findall(rest))


def _weight(cluster: str) -> int:
    if _EMOJI.search(cluster) and (len(cluster) > 1 or not _LIGHT.fullmatch(cluster)):
        return 2
    return sum(1 if _LIGHT.fullmatch(letter) else 2 for letter in cluster)


# --- SMS: 3GPP TS 23.038 ---------------------------------------------------------------------------------------------

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """How many SMS a text needs: 160 septets, 153 where there are several; 70 and 67 letters beyond GSM's alphabet."""
    if all(letter in _GSM or letter in _GSM_EXTENDED for letter in text):
        return _parts([2 if letter in _GSM_EXTENDED else 1 for letter in text], alone=160, each=153)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], alone=70, each=67)


def _parts(sizes: list[int], *, alone: int, each: int) -> int:
    """In how many parts the letters fit; no letter is split between two."""
    if sum(sizes) <= alone:
        return math.ceil(sum(sizes) / alone)
    parts, room = 1, each
    for size in sizes:
        if size > room:
            parts, room = parts + 1, each
        room -= size
    return parts
