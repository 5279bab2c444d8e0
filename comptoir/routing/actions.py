"""Routing conversations: when they begin, by the rules in force; and once more when their words have been read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from comptoir.analysis.backlog import ask_to_read
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.events.record import Happening, record_all
from comptoir.people.models import Team
from comptoir.routing.book import Book, book_in_force
from comptoir.routing.effects import Decision
from comptoir.routing.escalating import PRIORITY_CHANGED
from comptoir.routing.facts import Ask, Facts
from comptoir.routing.gathering import UnderOurPosts, facts_of_conversations
from comptoir.routing.models import READ_WITHIN, Route
from comptoir.routing.placing import give_to_accounts_teams, happening, mark, place, priority_of
from comptoir.routing.reading import give_glances, glance_at, recall_facts
from comptoir.sla.recomputing import OTHER_TEAM, recompute_clocks

_READ_AT_ONCE = 64


def route_conversations(
    conversation_ids: Sequence[int], *, under_our_posts: UnderOurPosts | None = None, as_history: bool = False
) -> list[Happening]:
    """Give conversations that have no team yet theirs, in the caller's transaction, in a constant number of queries.

    What no rule speaks of goes to the team of its account, and so does history. Returns what happened: the caller
    records it with the rest of its batch.
    """
    if not conversation_ids:
        return []
    book = Book(None) if as_history else book_in_force()
    if not book.rules:
        give_to_accounts_teams(conversation_ids)
        return []
    facts = facts_of_conversations(conversation_ids, asks=book.asks, under_our_posts=under_our_posts)
    return place({one.conversation_id: book.decide(one) for one in facts})


def decide_again(conversation_ids: Collection[int]) -> None:
    """Have rules decide once more where the customer has put other words, or stars, in the place of the first: from now
    on it is waited for that the other words are read.
    """
    if not conversation_ids:
        return
    if Route.objects.filter(pk__in=conversation_ids).update(awaits_reading=True, routed_at=now()):
        facts = facts_of_conversations(conversation_ids, asks=(), under_our_posts=None)
        ask_to_read(one.message_id for one in facts if one.message_id is not None)
        defer("routing.offer", only_once="routing.offer")


def revise_routes() -> int:
    """Decide again of the next conversations whose rules ask what their first words are about; how many are settled.

    Contact reasons come from `analysis` alone, and are waited for as long as READ_WITHIN; so is all the rest, while
    nobody can be reached who reads. What nobody has read is glanced at before anything is locked: intake waits for
    none of it.
    """
    awaited = list(_awaited().values_list("pk", flat=True)[:_READ_AT_ONCE])
    if not awaited:
        return 0
    return _revise_awaited(awaited, _seen(awaited))


def _awaited() -> QuerySet[Route]:
    return Route.objects.filter(awaits_reading=True).order_by("-pk")


def _seen(conversation_ids: Sequence[int]) -> dict[int, Facts]:
    """The first words of each, with what is known or seen of them, where a rule in force asks for it."""
    if Ask.READING not in book_in_force().asks:
        return {}
    facts = facts_of_conversations(conversation_ids, asks=(), under_our_posts=None)
    recall_facts(facts)
    glance_at(facts)
    return {one.conversation_id: one for one in facts}


@transaction.atomic
def _revise_awaited(conversation_ids: Sequence[int], seen: Mapping[int, Facts]) -> int:
    """What somebody has taken, moved or resolved meanwhile stays as they left it, and so does a priority that was
    changed. What somebody holds at this moment is left to the next time.
    """
    conversations = Conversation.objects.filter(pk__in=conversation_ids).select_related("account").order_by("pk")
    held = {one.pk: one for one in conversations.select_for_update(of=("self",), no_key=True, skip_locked=True)}
    kept = Route.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=held, awaits_reading=True)
    routes = {one.pk: one for one in kept.order_by("pk")}
    if not routes:
        return 0
    book = book_in_force()
    under = {pk for pk, route in routes.items() if route.is_under_our_post}
    facts = facts_of_conversations(routes, asks=book.asks, under_our_posts=lambda _public: under)
    if Ask.READING in book.asks:
        recall_facts(facts)
        give_glances(facts, seen)
    untouched = {pk: held[pk] for pk in routes if _is_untouched(held[pk], routes[pk])}
    decided = {one.conversation_id: book.decide(one) for one in facts if one.conversation_id in untouched}
    _revise(untouched, routes, {one.conversation_id: one for one in facts}, decided)
    still = {pk for pk, one in decided.items() if one.awaits_reading and routes[pk].routed_at > now() - READ_WITHIN}
    return Route.objects.filter(pk__in=routes.keys() - still).update(awaits_reading=False)


def _is_untouched(conversation: Conversation, route: Route) -> bool:
    """Whether it is still as routing left it."""
    is_live = conversation.status != Conversation.Status.RESOLVED
    return is_live and conversation.assignee_id is None and conversation.team_id == route.team_id


def _revise(
    held: dict[int, Conversation], routes: dict[int, Route], facts: Mapping[int, Facts], decided: Mapping[int, Decision]
) -> None:
    changed = {pk: decision for pk, decision in decided.items() if decision.revision_ids != routes[pk].revision_ids}
    if not changed:
        return
    teams, prioritized = set(Team.objects.values_list("pk", flat=True)), _prioritized(changed)
    happenings: list[Happening] = []
    moved: list[int] = []
    for pk, decision in sorted(changed.items()):
        team_id = decision.team_id if decision.team_id in teams else held[pk].account.team_id
        if team_id != held[pk].team_id:
            moved.append(pk)
            happenings.append(_moved(pk, held[pk].team_id, team_id))
        held[pk].language = decision.language or held[pk].language or facts[pk].language
        _rewrite(held[pk], routes[pk], decision, team_id, keeps_priority=pk in prioritized)
        happenings.append(happening(pk, decision, team_id))
    mark(changed)
    recompute_clocks(moved, because=OTHER_TEAM)
    record_all(happenings)


def _moved(conversation_id: int, former: int | None, to: int | None) -> Happening:
    return Happening(
        "conversation.team_changed", "conversation", conversation_id, conversation_id=conversation_id,
        details={"to": to, "former": former, "former_assignee": None},
    )  # fmt: skip


def _prioritized(conversation_ids: Collection[int]) -> set[int]:
    """Those whose priority somebody, or a promise about to be broken, has changed since they were routed."""
    changed = Event.objects.filter(conversation_id__in=conversation_ids, name__in=PRIORITY_CHANGED)
    return {pk for pk in changed.values_list("conversation_id", flat=True) if pk is not None}


def _rewrite(
    conversation: Conversation, route: Route, decision: Decision, team_id: int | None, *, keeps_priority: bool
) -> None:
    conversation.team_id = team_id
    if not keeps_priority:
        conversation.priority = priority_of(decision)
    conversation.save(update_fields=["team", "language", "priority"])
    if team_id != route.team_id:
        route.queued_at = now()
    route.team_id, route.strategy = team_id, decision.strategy
    route.needs, route.revision_ids = decision.needs, decision.revision_ids
    route.save()
