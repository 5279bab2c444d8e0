"""What the bot may do, what it decided, and what people ruled."""

from comptoir.bot.models.decision import Decision, DecisionToMake
from comptoir.bot.models.evidence import BotNote, Comparison, Ruling
from comptoir.bot.models.learning import LearntMessage
from comptoir.bot.models.settings import (
    BotSettings,
    BotSwitch,
    CatalogueSurety,
    EntryRest,
    EntryTarget,
    Mode,
    TopicMode,
)

__all__ = [
    "BotNote",
    "BotSettings",
    "BotSwitch",
    "CatalogueSurety",
    "Comparison",
    "Decision",
    "DecisionToMake",
    "EntryRest",
    "EntryTarget",
    "LearntMessage",
    "Mode",
    "Ruling",
    "TopicMode",
]
