"""What rules ask of a message. One entry of `KINDS` is one kind of condition, whole: how it is filled in, checked,
tried and said. To add one, write it into the file it belongs to by meaning; nothing else changes.
"""

from comptoir.routing.conditions.kinds import Condition, Kind, Matcher, all_hold, checked_conditions, compiled
from comptoir.routing.conditions.registry import KINDS

__all__ = ["KINDS", "Condition", "Kind", "Matcher", "all_hold", "checked_conditions", "compiled"]
