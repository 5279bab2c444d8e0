"""The conversations behind a figure, as a list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.people.models import Agent
from comptoir.reporting.drilling import Rows, conversations_behind
from comptoir.reporting.models import CountedConversation

PAGE = 50


@dataclass(frozen=True, slots=True)
class PageBehind:
    """One page of conversations with what was counted of each; ``following`` is the next page's number, if any."""

    rows: Sequence[CountedConversation]
    count: int
    following: int | None


def page_behind(rows: Rows, agent: Agent, number: int) -> PageBehind:
    """Page ``number`` (from 0) of what is behind a figure, as far as ``agent`` may read it."""
    ids = conversations_behind(rows, agent, first=number * PAGE, most=PAGE + 1)
    found = CountedConversation.objects.select_related(
        "conversation__identity", "account", "team", "replied_by", "resolved_by"
    ).in_bulk(ids[:PAGE])
    return PageBehind(
        [found[pk] for pk in ids[:PAGE] if pk in found], rows.count(), number + 1 if len(ids) > PAGE else None
    )
