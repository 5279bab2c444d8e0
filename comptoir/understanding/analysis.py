"""What is understood of one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

from comptoir.understanding.personal_data import PersonalData

SentimentLabel = Literal["negative", "neutral", "positive"]
IntentLabel = Literal["question", "complaint", "request", "praise", "purchase_intent", "chatter"]
Ground = Literal["safety", "legal", "churn", "deadline", "distress", "press", "repeated"]

SENTIMENTS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")
INTENTS: tuple[IntentLabel, ...] = ("question", "complaint", "request", "praise", "purchase_intent", "chatter")
GROUNDS: tuple[Ground, ...] = ("safety", "legal", "churn", "deadline", "distress", "press", "repeated")


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How the writer feels about what is spoken of. ``score`` goes from -1 to 1; ``confidence`` is a probability."""

    label: SentimentLabel
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Intent:
    """What the message is above all, and how probable that is."""

    label: IntentLabel
    confidence: float


@dataclass(frozen=True, slots=True)
class Topic:
    """One contact reason of the company's own tree."""

    key: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Urgency:
    """From 0 (nothing presses) to 3 (now), with the grounds that were found."""

    level: int
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything at once. ``language`` is an ISO 639-1 code, or "und" where nothing tells; ``toxicity`` and ``spam``
    are probabilities; the spans of ``personal_data`` are in code points of the text."""

    language: str
    sentiment: Sentiment
    intent: Intent
    needs_answer: bool
    topics: tuple[Topic, ...]
    urgency: Urgency
    toxicity: float
    spam: float
    personal_data: tuple[PersonalData, ...]

    def to_json(self) -> dict[str, object]:
        """The keys of `comptoir understand --json`."""
        return {
            "language": self.language,
            "sentiment": {
                "label": self.sentiment.label,
                "score": round(self.sentiment.score, 4),
                "confidence": round(self.sentiment.confidence, 4),
            },
            "intent": {"label": self.intent.label, "confidence": round(self.intent.confidence, 4)},
            "needs_answer": self.needs_answer,
            "topics": [{"key": topic.key, "confidence": round(topic.confidence, 4)} for topic in self.topics],
            "urgency": {"level": self.urgency.level, "grounds": list(self.urgency.grounds)},
            "toxicity": round(self.toxicity, 4),
            "spam": round(self.spam, 4),
            "personal_data": [{"kind": one.kind, "start": one.start, "end": one.end} for one in self.personal_data],
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(
            language=said["language"],
            sentiment=Sentiment(**said["sentiment"]),
            intent=Intent(**said["intent"]),
            needs_answer=said["needs_answer"],
            topics=tuple(Topic(**one) for one in said["topics"]),
            urgency=Urgency(said["urgency"]["level"], tuple(said["urgency"]["grounds"])),
            toxicity=said["toxicity"],
            spam=said["spam"],
            personal_data=tuple(PersonalData(**one) for one in said["personal_data"]),
        )
