"""What an agent may see of a view: a union of simple lists, each in the order of an index, none in another.

One for each of their teams, one of their own. Merging the first rows of each gives a page, counting the first rows of
each gives a count; one OR over all of them would read whole tables at a million rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Following, Message, NoteMention
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.conversations.reach import found_by
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.web.queries.inbox.listing import Listing, Sort, StandingView

_TO_SEE_TO = ("failed", "uncertain")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an agent sees, asked once for all the lists of a page: their teams (None: what has none), the accounts
    hidden from them, and whether what is theirs may lie beyond that.
    """

    agent: Agent
    teams: tuple[int | None, ...]
    hidden: tuple[int, ...]
    has_more_of_own: bool

    @classmethod
    def of(cls, agent: Agent) -> Reach:
        sees_all = may(agent, Permission.SEE_EVERY_TEAM)
        teams: list[int | None] = list((Team.objects if sees_all else agent.teams).values_list("pk", flat=True))
        hidden = hidden_accounts(agent)
        return cls(agent, tuple([*teams, None] if sees_all else teams), hidden, not sees_all or bool(hidden))


def hidden_accounts(agent: Agent) -> tuple[int, ...]:
    """The ids of `ChannelAccountQuerySet.hidden_from`, which every page with a list asks for."""
    if agent.role == Agent.Role.ADMINISTRATOR:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(*_hidden_from(agent.pk, agent.role))
        return tuple(pk for (pk,) in cursor.fetchall())


@lru_cache(maxsize=1024)
def _hidden_from(agent_id: int, role: str) -> tuple[str, tuple[Any, ...]]:
    """The statement: putting it together costs more than running it, and what it is made of are the arguments."""
    hidden = ChannelAccount.objects.hidden_from(Agent(pk=agent_id, role=role))
    return hidden.order_by().values("pk").query.sql_with_params()


def lists_of(listing: Listing, reach: Reach, *, in_order: bool = True) -> list[ConversationQuerySet]:
    """The lists that together are the view: no conversation is on two of them. Filters other than team, owner and
    status are not applied yet.

    Where no order is asked for, all teams' are one list: the fewer there are, the less the database has to plan.
    """
    if not may(reach.agent, Permission.READ_CONVERSATIONS):
        return []
    rows = _of_view(Conversation.objects.all(), listing, reach.agent)
    owner = listing.owner
    if owner == "me":
        return [_of_team(rows.filter(assignee=reach.agent), listing)]
    if owner == "nobody":
        return _of_teams(rows.filter(assignee=None), listing, reach, in_order)
    if owner:
        return [_of_team(rows.filter(assignee=int(owner)).visible_to(reach.agent), listing)]
    if listing.base is StandingView.FOLLOWING:
        return [_of_team(_of_view(found_by(reach.agent), listing, reach.agent), listing)]
    if listing.base in {StandingView.ADDRESSED, StandingView.TO_SEE_TO}:
        return [_of_team(rows.visible_to(reach.agent), listing)]
    return _of_teams(rows, listing, reach, in_order) + _of_own(rows, listing, reach)


def belonging(listing: Listing, agent: Agent) -> ConversationQuerySet:
    """All of the view that the agent may act on, as one query; not for a page. Of what they follow, what they handed
    over is theirs to read alone.
    """
    rows = _of_view(Conversation.objects.visible_to(agent), listing, agent)
    owner = listing.owner
    if owner == "nobody":
        rows = rows.filter(assignee=None)
    elif owner:
        rows = rows.filter(assignee=agent.pk if owner == "me" else int(owner))
    return listing.filters.narrow(_of_team(rows, listing))


def _of_team(rows: ConversationQuerySet, listing: Listing) -> ConversationQuerySet:
    return rows.filter(team=int(listing.filters.team)) if listing.filters.team else rows


def _of_teams(rows: ConversationQuerySet, listing: Listing, reach: Reach, in_order: bool) -> list[ConversationQuerySet]:
    if reach.hidden:
        rows = rows.exclude(account__in=reach.hidden)
    wanted = listing.filters.team
    teams = [team for team in reach.teams if not wanted or team == int(wanted)]
    if in_order or len(teams) < 2:
        return [rows.filter(team=team) for team in teams]
    return [rows] if None in teams else [rows.filter(team__in=teams)]  # who sees what has no team sees every team


def _of_own(rows: ConversationQuerySet, listing: Listing, reach: Reach) -> list[ConversationQuerySet]:
    """What is theirs and on none of the lists of their teams."""
    if not reach.has_more_of_own:
        return []
    elsewhere = ~Q(team__in=[team for team in reach.teams if team is not None])
    if None in reach.teams:
        elsewhere &= Q(team__isnull=False)
    if reach.hidden:
        elsewhere |= Q(account__in=reach.hidden)
    return [_of_team(rows.filter(elsewhere, assignee=reach.agent), listing)]


def _of_view(rows: ConversationQuerySet, listing: Listing, agent: Agent) -> ConversationQuerySet:
    base = listing.base
    if base.is_at_hand:
        return _that_sort(rows.at_hand(), listing.sort)
    if base in {StandingView.RESOLVED, StandingView.SNOOZED}:
        return rows.filter(status=base.value, is_spam=False)
    if base is StandingView.SPAM:
        return rows.filter(is_spam=True)
    if listing.filters.status:
        rows = rows.filter(status=listing.filters.status)
    if base is StandingView.ADDRESSED:
        asked = NoteMention.objects.filter(agent=agent, done_at=None)
        return rows.filter(pk__in=asked.values("conversation_id"))
    if base is StandingView.FOLLOWING:
        followed = Following.objects.filter(agent=agent)
        return rows.live().filter(is_spam=False, pk__in=followed.values("conversation_id"))
    stuck = Message.objects.filter(state__in=_TO_SEE_TO)
    return rows.live().filter(is_spam=False, pk__in=stuck.values("conversation_id"))


def _that_sort(rows: ConversationQuerySet, sort: Sort) -> ConversationQuerySet:
    return rows if sort is Sort.NEWEST else rows.filter(**{f"{sort.column}__isnull": False})
