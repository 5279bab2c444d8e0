"""Whoever is not shown a conversation hears nothing of it: what they are told names the customer, and says their words
on the screen of a telephone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from comptoir.channels.shown import AccountLimits
from comptoir.conversations.models import Conversation, Following
from comptoir.notifications.choices import Kind
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

#: Told to whoever once asked to be, or asked an expert: it may be another team's by now.
_WHILE_THEIRS = frozenset({Kind.FOLLOWED, Kind.EXPERT_ANSWERED, Kind.UNANSWERED})
#: Told to many, of a team or above it: each only where they are shown it now. What is given to somebody, or asked of
#: them, they are shown in any case.
_TO_MANY = _WHILE_THEIRS | {
    Kind.CALL, Kind.BOUNCED, Kind.WARNING, Kind.OVERDUE, Kind.HELP, Kind.POINTED, Kind.NEW,
}  # fmt: skip

#: Agent, kind, conversation.
Told = tuple[int, Kind, int]


def shown(told: Collection[Told], agents: Mapping[int, Agent]) -> set[Told]:
    """Those of what agents would be told that is shown to them; of agents whose teams and brands are prefetched.

    Four queries, none where nothing is told to many.
    """
    named = {one for one in told if one[1] not in _TO_MANY}
    to_many = set(told) - named
    if not to_many:
        return named
    fields = Conversation.objects.filter(pk__in={pk for _agent, _kind, pk in to_many})
    stands = {pk: rest for pk, *rest in fields.values_list("pk", "account", "team", "assignee")}
    limits = AccountLimits.now({account for account, _team, _assignee in stands.values()})
    teams = {pk: frozenset(team.pk for team in one.teams.all()) for pk, one in agents.items()}
    hidden = {pk: limits.hidden_from(agents[pk], teams[pk]) for pk in {one[0] for one in to_many}}
    kept = _kept({one for one in to_many if one[1] in _WHILE_THEIRS})

    def is_shown(agent_id: int, kind: Kind, conversation_id: int) -> bool:
        if conversation_id not in stands:  # put into another one since
            return False
        account, team, assignee = stands[conversation_id]
        if assignee == agent_id:
            return True
        is_theirs = team in teams[agent_id] or may(agents[agent_id], Permission.SEE_EVERY_TEAM)
        is_theirs = is_theirs or (agent_id, conversation_id) in kept
        return account not in hidden[agent_id] and (is_theirs or kind not in _WHILE_THEIRS)

    return named | {one for one in to_many if is_shown(*one)}


def _kept(told: Collection[Told]) -> set[tuple[int, int]]:
    """Agents with the conversations that they handed over and read on."""
    if not told:
        return set()
    kept = Following.objects.filter(
        keeps_reading=True, agent__in={one[0] for one in told}, conversation__in={one[2] for one in told}
    )
    return set(kept.values_list("agent_id", "conversation_id"))
