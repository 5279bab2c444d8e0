"""Whether what an automation asks holds: of the words of a customer, and of how the conversation stands."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from comptoir.automations.conditions import KINDS
from comptoir.automations.models import AutomationRevision
from comptoir.conversations.models import Conversation
from comptoir.intake.posts import under_our_posts
from comptoir.routing.conditions import Matcher, all_hold, compiled
from comptoir.routing.facts import Ask, Facts, Standing
from comptoir.routing.gathering import Moment, facts_of_moments
from comptoir.routing.reading import recall_facts

logger = logging.getLogger("comptoir.automations")


def matchers(revision: AutomationRevision) -> list[Matcher] | None:
    """Its conditions as functions of facts; None, and logged, where it names what this version does not know."""
    try:
        return [compiled(one, KINDS) for one in revision.conditions]
    except (KeyError, ValueError, IndexError):
        logger.exception("an automation cannot be read", extra={"revision": revision.pk})
        return None


def asks_of(revisions: Iterable[AutomationRevision]) -> frozenset[Ask]:
    """What has to be looked up for them."""
    named = {condition["kind"] for revision in revisions for condition in revision.conditions}
    return frozenset().union(*(KINDS[kind].asks for kind in named if kind in KINDS))


def facts_now(moments: Sequence[Moment], *, asks: Collection[Ask]) -> list[Facts | None]:
    """The facts of each moment with how its conversation stands at present, in a fixed number of queries.

    What has been read of the words is recalled where it is asked for; nothing is read. None for spam, and for what has
    gone on in another conversation.
    """
    found = facts_of_moments(moments, asks=asks, under_our_posts=under_our_posts)
    known = [one for one in found if one is not None]
    if Ask.READING in asks:
        recall_facts(known)
    standings = standings_of({one.conversation_id for one in known})
    for one in known:
        one.standing = standings.get(one.conversation_id)
    return [one if one is not None and one.standing is not None else None for one in found]


def standings_of(conversation_ids: Collection[int]) -> Mapping[int, Standing]:
    """How conversations stand now, in two queries; without spam and what was merged away."""
    served = Conversation.objects.filter(pk__in=conversation_ids, is_spam=False, merged_into=None)
    columns = ("pk", "status", "team_id", "assignee_id", "priority")
    tags: dict[int, set[str]] = {}
    links = Conversation.tags.through.objects.filter(conversation__in=conversation_ids)
    for pk, name in links.values_list("conversation_id", "tag__name"):
        tags.setdefault(pk, set()).add(name)
    return {
        pk: Standing(status, team, assignee, priority, frozenset(tags.get(pk, ())))
        for pk, status, team, assignee, priority in served.values_list(*columns)
    }


def still_lasts(state: str, since: datetime | None, conversation: Conversation) -> bool:
    """Whether it is still in the state of a trigger of time, and has not left it and come back."""
    if state == "waits":
        return conversation.waiting_since == since
    if state == "silent":
        return conversation.waiting_since is None and since == (
            conversation.last_incoming_at or conversation.started_at
        )
    if state == "unresolved":
        return conversation.status != Conversation.Status.RESOLVED
    return conversation.status == state


def holds(conditions: Sequence[Matcher] | None, facts: Facts | None) -> bool | None:
    """Whether all of them do; None where that hangs on what nobody has read yet."""
    if conditions is None or facts is None:
        return False
    return all_hold(conditions, facts)
