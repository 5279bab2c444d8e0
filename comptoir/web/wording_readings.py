"""How what was read in messages is put into words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from comptoir.analysis.correcting import UNKNOWN_LANGUAGE
from comptoir.analysis.models import Correction, Figure, Ground, Intent, MessageAnalysis, Sentiment, TrainedHeads
from comptoir.web.wording import language_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What a row says of what waits; lesser urgency is not worth a word.
URGENCY_WORDS: dict[int, StrOrPromise] = {2: gettext_lazy("Today"), 3: pgettext_lazy("urgency", "Now")}
URGENCY_LEVELS: dict[int, StrOrPromise] = {
    0: gettext_lazy("Nothing presses"),
    1: gettext_lazy("A little"),
    2: gettext_lazy("Today"),
    3: pgettext_lazy("urgency", "Now"),
}
URGENCY_AT_LEAST: dict[str, StrOrPromise] = {
    "1": gettext_lazy("Presses at least a little"),
    "2": gettext_lazy("Today or at once"),
    "3": gettext_lazy("At once"),
}
ANSWER_LABELS: dict[str, StrOrPromise] = {
    "yes": gettext_lazy("Calls for an answer"),
    "no": gettext_lazy("Calls for none"),
}
#: A reason that is less sure than this is not said.
SURE_TOPIC = 0.4


@dataclass(frozen=True, slots=True)
class Said:
    """One thing worth saying of a message; ``mark`` is how loudly."""

    words: str
    mark: str = ""


def worth_saying(analysis: Any) -> list[Said]:
    """What matters of one message, the most pressing first; ``analysis`` is one `with_topic`."""
    return list(_sayings(analysis))


def _sayings(analysis: Any) -> Iterator[Said]:
    if analysis.urgency in URGENCY_WORDS:
        grounds = ", ".join(str(Ground(one).label) for one in analysis.grounds if one in Ground.values)
        words = str(URGENCY_WORDS[analysis.urgency])
        text = _("%(urgency)s: %(grounds)s") % {"urgency": words, "grounds": grounds} if grounds else words
        yield Said(text, f"is-urgent is-{analysis.urgency}")
    if analysis.is_toxic:
        yield Said(_("Insult or threat"), "is-bad")
    if analysis.is_spam:
        yield Said(_("Looks like spam"), "is-bad")
    if analysis.sentiment == Sentiment.NEGATIVE:
        yield Said(str(Sentiment.NEGATIVE.label), "is-negative")
    yield Said(str(Intent(analysis.intent).label))
    if analysis.topic_name and analysis.topic_confidence >= SURE_TOPIC:
        yield Said(analysis.topic_name)


_TONE_CRITERIA = {
    "first_name": gettext_lazy("call the customer by their first name, where it is known"),
    "points_taken_up": gettext_lazy("of what was complained of is taken up"),
    "reassures": gettext_lazy("reassure whoever complains"),
    "next_step": gettext_lazy("tell whoever complains what comes next, with a day or an hour"),
    "own_words": gettext_lazy("hold no phrase that would fit any reply"),
    "asks_nothing_known": gettext_lazy("ask for nothing that is known"),
    "no_blame": gettext_lazy("put no fault on the customer"),
    "one_register": gettext_lazy("keep to “tu” or to “vous”"),
}


def language_label(code: str) -> str:
    """« français »; for what nobody can tell, that."""
    if code == UNKNOWN_LANGUAGE:
        return _("none that can be told")
    return language_name(code)


def value_words(figure: str, value: Any, reasons: dict[int, str]) -> str:
    """What a figure was or is, as people say it."""
    if figure == Figure.SENTIMENT:
        return str(Sentiment(value).label)
    if figure == Figure.INTENT:
        return str(Intent(value).label)
    if figure == Figure.URGENCY:
        return str(URGENCY_LEVELS[value])
    if figure == Figure.LANGUAGE:
        return language_label(value)
    if figure == Figure.TOPIC:
        return _("no reason") if value is None else reasons.get(value, _("a reason that was deleted"))
    return _("yes") if value else _("no")


def correction_words(correction: Correction, reasons: dict[int, str]) -> str:
    """« Urgence : « Rien ne presse » → « Aujourd’hui » »."""
    return _("%(figure)s: “%(before)s” → “%(after)s”") % {
        "figure": Figure(correction.figure).label,
        "before": value_words(correction.figure, correction.before, reasons),
        "after": value_words(correction.figure, correction.after, reasons),
    }


def tone_criterion_words(criterion: str) -> str:
    """What the replies do that meet it."""
    return str(_TONE_CRITERIA[criterion])


def attempt_words(attempt: TrainedHeads) -> str:
    """What learning brought, in a sentence anybody can judge."""
    named = {
        "before": _share(attempt.share_before),
        "after": _share(attempt.share_after),
        "texts": attempt.texts,
        "right_before": attempt.corrected_before,
        "right_after": attempt.corrected_after,
        "corrected": attempt.corrected,
    }
    measured = (
        ngettext(
            "On %(texts)s message that it had not learnt from, it agrees with you in %(after)s of cases, before in "
            "%(before)s; of the %(corrected)s that you corrected it now reads %(right_after)s as you do, before "
            "%(right_before)s.",
            "On %(texts)s messages that it had not learnt from, it agrees with you in %(after)s of cases, before in "
            "%(before)s; of the %(corrected)s that you corrected it now reads %(right_after)s as you do, before "
            "%(right_before)s.",
            attempt.texts,
        )
        % named
    )
    if attempt.is_kept:
        return _("%(measured)s That is better: it is used from then on.") % {"measured": measured}
    return _("%(measured)s That is not better: it was left as it was.") % {"measured": measured}


def _share(share: float) -> str:
    return _("%(percent)s%%") % {"percent": formats.number_format(round(100 * share, 1), 1)}


def figures_of(analysis: MessageAnalysis) -> list[tuple[Figure, list[tuple[str, str, bool]]]]:
    """What can be corrected by a press: each figure with its possible answers, as form value, words, and whether it
    is the one that is shown. Languages and reasons, being many, are chosen from a list of their own.
    """
    truths = (("yes", _("Yes")), ("no", _("No")))
    answers: dict[Figure, tuple[str, list[tuple[str, str]]]] = {
        Figure.URGENCY: (str(analysis.urgency), [(str(level), str(words)) for level, words in URGENCY_LEVELS.items()]),
        Figure.SENTIMENT: (analysis.sentiment, [(one.value, str(one.label)) for one in Sentiment]),
        Figure.INTENT: (analysis.intent, [(one.value, str(one.label)) for one in Intent]),
        Figure.NEEDS_ANSWER: (_truth(analysis.needs_answer), list(truths)),
        Figure.TOXICITY: (_truth(analysis.is_toxic), list(truths)),
        Figure.SPAM: (_truth(analysis.is_spam), list(truths)),
    }
    return [
        (figure, [(value, words, value == shown) for value, words in offered])
        for figure, (shown, offered) in answers.items()
    ]


def _truth(value: bool) -> str:
    return "yes" if value else "no"
