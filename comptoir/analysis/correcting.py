"""What each figure of a message can be, how it is read off what a person chose, and set."""

from __future__ import annotations

from collections.abc import Mapping

from comptoir.analysis.errors import ImpossibleFigureError
from comptoir.analysis.models import ContactReason, Figure, Intent, MessageAnalysis, MessageTopic, Sentiment
from comptoir.understanding.language import LANGUAGES

#: Among what a language can be corrected to there is « none that we know ».
UNKNOWN_LANGUAGE = "und"
_SCORES: Mapping[str, float] = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
_TRUTHS = {"yes": True, "no": False}
Value = str | int | bool | None


def shown(analysis: MessageAnalysis, figure: Figure) -> Value:
    """What is shown of a figure: a reason by its id, insults and spam as yes or no."""
    if figure is Figure.TOPIC:
        return analysis.topics.values_list("reason_id", flat=True).first()
    if figure is Figure.TOXICITY:
        return analysis.is_toxic
    if figure is Figure.SPAM:
        return analysis.is_spam
    value: Value = getattr(analysis, figure.value)
    return value


def chosen(figure: Figure, text: str) -> Value:
    """What a person means. Raises ImpossibleFigureError for what the figure cannot be."""
    options = {
        Figure.LANGUAGE: {code: code for code in (*LANGUAGES, UNKNOWN_LANGUAGE)},
        Figure.SENTIMENT: {one: one for one in Sentiment.values},
        Figure.INTENT: {one: one for one in Intent.values},
        Figure.URGENCY: {str(level): level for level in range(4)},
    }
    if figure is Figure.TOPIC:
        return _reason(text)
    possible: Mapping[str, Value] = options.get(figure, _TRUTHS)  # type: ignore[assignment]  # each a Value
    if text not in possible:
        raise ImpossibleFigureError
    return possible[text]


def _reason(text: str) -> int | None:
    """The id of a reason; None where the message was written for none of them."""
    if text == "":
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ImpossibleFigureError
    if not ContactReason.objects.active().filter(pk=int(text)).exists():
        raise ImpossibleFigureError
    return int(text)


def set_figure(analysis: MessageAnalysis, figure: Figure, value: Value) -> None:
    """Have a person's word shown: what was sure before is certain now. Saved here."""
    changed = ["corrected"]
    if figure is Figure.TOPIC:
        analysis.topics.all().delete()
        if value is not None:
            MessageTopic.objects.create(analysis=analysis, reason_id=int(value), confidence=1.0)
    elif figure in (Figure.TOXICITY, Figure.SPAM):
        setattr(analysis, figure.value, 1.0 if value else 0.0)
        changed.append(figure.value)
    else:
        setattr(analysis, figure.value, value)
        changed += [figure.value, *_beside(analysis, figure, value)]
    analysis.corrected = sorted({*analysis.corrected, figure.value})
    analysis.save(update_fields=changed)


def _beside(analysis: MessageAnalysis, figure: Figure, value: Value) -> list[str]:
    """What goes with a figure: how sure it is, how strong a feeling is, on what grounds something presses."""
    if figure is Figure.SENTIMENT:
        analysis.sentiment_score, analysis.sentiment_confidence = _SCORES[str(value)], 1.0
        return ["sentiment_score", "sentiment_confidence"]
    if figure is Figure.INTENT:
        analysis.intent_confidence = 1.0
        return ["intent_confidence"]
    if figure is Figure.URGENCY and not value:
        analysis.grounds = []
        return ["grounds"]
    return []
