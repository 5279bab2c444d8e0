"""Who is said to have failed in a sentence: the person, as a fact; us; or nobody, where something is only asked.

Lists of patterns by language (``[fault]`` in languages/). None decides by itself: they are what the statistics of blame
see beside the meaning of a sentence.
"""

from __future__ import annotations

from comptoir.understanding.tone.rules import languages, pattern

#: Against the person: what they did or left undone, should have done, had to, how they used it, what was written.
_AGAINST = ("did", "should", "duty", "misuse", "written", "absent")
#: For them: our own failing, what was done to them, the fault taken off them, what is only asked or supposed.
_FOR = ("ours", "suffered", "cleared", "asked", "supposed")
_BESIDE = ("irony", "maxim", "lesson", "consequence")


def fault_signals(sentence: str) -> list[float]:
    """0 or 1 for each list, then both sides weighed against one another; ``sentence`` is plain."""
    against, spoken_for, beside = (_seen(names, sentence) for names in (_AGAINST, _FOR, _BESIDE))
    free = 1.0 - max(spoken_for)
    return [
        *against,
        *spoken_for,
        *beside,
        against[0] * (1.0 - max(spoken_for[:2])),
        max(against) * free,
        sum(against) / 3,
    ]


def _seen(names: tuple[str, ...], sentence: str) -> list[float]:
    return [
        float(any(pattern(language, f"fault.{name}").search(sentence) for language in languages())) for name in names
    ]
