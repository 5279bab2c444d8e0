"""What a rule would have done: tried against the newest messages before it goes live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.routing.book import bound
from comptoir.routing.facts import Facts
from comptoir.routing.gathering import UnderOurPosts, facts_of_newest_messages
from comptoir.routing.models import RuleRevision
from comptoir.routing.reading import glance_at, recall_facts

MOST_MESSAGES = 5000
#: Reading takes some milliseconds each: of those not read yet the newest are, and what is left is told.
MOST_READ = 300
MOST_EXAMPLES = 6
_MOST_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Trial:
    """How many of the newest messages a rule means. ``unread`` more hang on what they are about, which was not read;
    ``read`` were.
    """

    looked_at: int
    matched: int
    read: int
    unread: int
    examples: Sequence[Facts]


def try_rule(
    revision: RuleRevision, *, agent: Agent, under_our_posts: UnderOurPosts | None = None, most: int = MOST_MESSAGES
) -> Trial:
    """Try one rule, alone, on each message as if it began its conversation; examples are those ``agent`` may read."""
    book = bound([revision])
    facts = facts_of_newest_messages(most, asks=book.asks, under_our_posts=under_our_posts)
    rule = book.rules[0]
    facts.sort(key=lambda one: one.message_id or 0, reverse=True)
    found = [(one, rule.holds(one)) for one in facts]
    unknown = [one for one, holds in found if holds is None]
    matched = [one for one, holds in found if holds]
    recall_facts(unknown)
    glance_at([one for one in unknown if one.reading is None][:MOST_READ])
    settled = [(one, rule.holds(one)) for one in unknown]
    matched += [one for one, holds in settled if holds]
    matched.sort(key=lambda one: one.message_id or 0, reverse=True)
    unread = sum(holds is None for _one, holds in settled)
    return Trial(
        looked_at=len(facts),
        matched=len(matched),
        read=len(unknown) - unread,
        unread=unread,
        examples=_seen_by(agent, matched),
    )


def _seen_by(agent: Agent, matched: Sequence[Facts]) -> list[Facts]:
    candidates = matched[:_MOST_CANDIDATES]
    visible = Conversation.objects.visible_to(agent).filter(pk__in={one.conversation_id for one in candidates})
    shown = set(visible.values_list("pk", flat=True))
    return [one for one in candidates if one.conversation_id in shown][:MOST_EXAMPLES]
