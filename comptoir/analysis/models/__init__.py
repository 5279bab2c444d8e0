"""What was understood of messages, what people made of it, and what was learnt from them."""

from comptoir.analysis.models.learning import Correction, Figure, ReasonHead, TrainedHeads
from comptoir.analysis.models.names import KnownName, NamedInMessage
from comptoir.analysis.models.reading import (
    COMPLAINS,
    ConversationReading,
    Ground,
    Intent,
    MessageAnalysis,
    MessageTopic,
    MessageToRead,
    Sentiment,
    SweepProgress,
)
from comptoir.analysis.models.reasons import ContactReason, ReasonExample
from comptoir.analysis.models.tone import ReplyTone, ReplyToRead
from comptoir.analysis.models.writing import WriterDay

__all__ = [
    "COMPLAINS",
    "ContactReason",
    "ConversationReading",
    "Correction",
    "Figure",
    "Ground",
    "Intent",
    "KnownName",
    "MessageAnalysis",
    "MessageToRead",
    "MessageTopic",
    "NamedInMessage",
    "ReasonExample",
    "ReasonHead",
    "ReplyToRead",
    "ReplyTone",
    "Sentiment",
    "SweepProgress",
    "TrainedHeads",
    "WriterDay",
]
