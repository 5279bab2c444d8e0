"""Has the invented week happen, by the doors that real messages and real agents use, each thing at its instant."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from comptoir.channels.models import ChannelAccount
from comptoir.config.demonstration.readings import DemonstrationReader
from comptoir.config.demonstration.week import Line, Story, posts, week_of_stories
from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.conversations.models import Conversation, Message, Note, Tag
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import assign_conversation, change_team, resolve_conversation
from comptoir.desk.errors import ConversationResolvedError
from comptoir.desk.notes import add_note
from comptoir.events.record import Happening, record_all
from comptoir.intake.actions import receive
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.sla.actions import record_breaches

_STEP = timedelta(hours=8)
Places = Mapping[tuple[str, str], ChannelAccount]


@dataclass(slots=True)
class _Cast:
    """Who acts in it."""

    advisers: Sequence[Agent]
    expert: Agent
    marketing: Team

    def adviser(self, number: int) -> Agent:
        return self.advisers[number % len(self.advisers)]

    def answering(self, story: Story) -> Agent:
        """Who takes care of it."""
        return self.adviser(story.answer.by_agent or 0 if story.answer else 0)


def tell_week(places: Places, reader: DemonstrationReader) -> None:
    """Bring in the week; ``places`` are the accounts by brand and kind."""
    present = now().astimezone(ZoneInfo("Europe/Paris"))
    agents = list(Agent.objects.prefetch_related("teams").order_by("pk"))
    advisers = [agent for agent in agents if may(agent, Permission.ANSWER) and agent.role != Agent.Role.ADMINISTRATOR]
    expert = next(agent for agent in agents if agent.role == Agent.Role.EXPERT)
    cast = _Cast(advisers, expert, Team.objects.get(purpose=Team.Purpose.MARKETING))
    _publish(places, present)
    stories = week_of_stories(present)
    for since, until in _steps(stories[0].lines[0].at, present):
        with at_instant(until):
            _say(places, stories, since, until)
            _sign(stories, cast, since, until)
            _act(stories, cast, since, until)
            reader.read()
            record_breaches()


def _steps(first: datetime, present: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when each goes; the last one to the present, so that nothing is written down as still to come."""
    since = first - timedelta(seconds=1)  # the first word falls into the first step
    while since < present:
        yield since, min(since + _STEP, present)
        since += _STEP


def _publish(places: Places, present: datetime) -> None:
    for brand, key, text, at in posts(present):
        account = places[brand, "bluesky"]
        us = Author(id=account.own_id, handle=account.handle, name=account.brand.name)
        post = NetworkEvent(
            event=EventKind.POST, direction="outgoing", visibility="public", external_id=key, thread_id=key,
            author=us, text=text, sent_at=at,
        )  # fmt: skip
        receive(account, [post])


def _say(places: Places, stories: Sequence[Story], since: datetime, until: datetime) -> None:
    said: dict[ChannelAccount, list[tuple[datetime, NetworkEvent]]] = defaultdict(list)
    for story in stories:
        account = places[story.brand, story.channel]
        said[account] += [(one.at, _event(story, one, account)) for one in story.lines if since < one.at <= until]
    for account, events in said.items():
        if events:
            receive(account, [event for _at, event in sorted(events, key=lambda one: one[0])])


def _event(story: Story, line: Line, account: ChannelAccount) -> NetworkEvent:
    person = Author(id=story.person.handle, handle=story.person.handle, name=story.person.name)
    us = Author(id=account.own_id, handle=account.handle, name=account.brand.name)
    is_ours = line.by_agent is not None
    is_review = story.stars is not None and not is_ours
    return NetworkEvent(
        event=EventKind.REVIEW if is_review else EventKind.COMMENT if story.is_public else EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="public" if story.is_public else "private",
        external_id=line.key,
        parent_id=story.post or None,
        thread_id=story.post or story.thread,
        author=us if is_ours else person,
        counterpart=person if is_ours else None,
        text=line.text,
        subject=story.topic["subject"].format(**story.topic["values"]) if "subject" in story.topic else None,
        rating=Rating(story.stars, 5) if is_review and story.stars else None,
        sent_at=line.at,
        language=story.language,
    )


def _sign(stories: Sequence[Story], cast: _Cast, since: datetime, until: datetime) -> None:
    """Our answers came in as the network tells of them; here they get their author."""
    keys: dict[int, list[str]] = defaultdict(list)
    for line in _ours(stories, since, until):
        keys[cast.adviser(line.by_agent or 0).pk].append(line.key)
    for agent_id, written in keys.items():
        Message.objects.outgoing().filter(external_id__in=written).update(agent_id=agent_id)


def _ours(stories: Sequence[Story], since: datetime, until: datetime) -> Iterator[Line]:
    return (line for story in stories for line in story.lines if line.by_agent is not None and since < line.at <= until)


def _act(stories: Sequence[Story], cast: _Cast, since: datetime, until: datetime) -> None:
    """What the agents do in this part of the week."""
    told = [story for story in stories if since < story.lines[0].at <= until]
    answered = [story for story in stories if (answer := story.answer) and since < answer.at <= until]
    resolved = [story for story in stories if story.resolved_at and since < story.resolved_at <= until]
    keys = {story.lines[0].key for story in (*told, *answered, *resolved)}
    places = dict(Message.objects.filter(external_id__in=keys).values_list("external_id", "conversation_id"))
    _tag({places[story.lines[0].key]: (story.lines[0].at, story.topic["tags"]) for story in told})
    for story in told:
        if story.topic.get("team") == "marketing":
            change_team(places[story.lines[0].key], to=cast.marketing, by=None)
    for story in answered:
        _take(story, places[story.lines[0].key], cast)
    for story in resolved:
        # Two stories of one person may have met in one conversation: what is closed is closed.
        with contextlib.suppress(ConversationResolvedError):
            resolve_conversation(places[story.lines[0].key], by=cast.answering(story))


def _tag(words: Mapping[int, tuple[datetime, Sequence[str]]]) -> None:
    """Tags for many conversations at once, recorded like those of a rule, at the instant of their first message."""
    named = {word for _at, tags in words.values() for word in tags}
    tags = {name: Tag.objects.get_or_create(name=name)[0] for name in sorted(named)}
    pairs = [(pk, at, word) for pk, (at, chosen) in words.items() for word in chosen]
    through = Conversation.tags.through
    through.objects.bulk_create(
        [through(conversation_id=pk, tag_id=tags[word].pk) for pk, _at, word in pairs], ignore_conflicts=True
    )
    record_all(
        Happening("conversation.tagged", "conversation", pk, conversation_id=pk, details={"tag": word}, at=at)
        for pk, at, word in pairs
    )


def _take(story: Story, conversation_id: int, cast: _Cast) -> None:
    """The agent who answers makes the conversation theirs, and asks an expert where the matter wants one."""
    adviser = cast.answering(story)
    with contextlib.suppress(ConversationResolvedError):
        assign_conversation(conversation_id, to=adviser, by=adviser)
    if story.asks_expert and story.answer:
        _consult(story, conversation_id, adviser, cast.expert)


def _consult(story: Story, conversation_id: int, adviser: Agent, expert: Agent) -> None:
    """A question in a note; where the matter is not closed yet, the expert still owes an answer."""
    assert story.answer is not None, "whoever answers has asked before"
    at = story.answer.at - timedelta(minutes=12)
    question = f"@{expert.name} peux-tu regarder ? Le client a débranché par précaution, je lui réponds ce matin."
    asked = add_note(conversation_id, text=question, by=adviser)
    Note.objects.filter(pk=asked.pk).update(created_at=at)
    if story.resolved_at:
        told = add_note(conversation_id, text="C’est le transformateur. À changer sous garantie.", by=expert)
        Note.objects.filter(pk=told.pk).update(created_at=at + timedelta(minutes=9))
