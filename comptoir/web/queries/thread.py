"""The public thread around one exchange: what other people said under the same post that the agent may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from comptoir.conversations.models import Conversation, Message
from comptoir.intake.models import ContextPost
from comptoir.people.models import Agent
from comptoir.web.queries.holdings import MOST_COUNTED, Holdings
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.parents import post_author, who_wrote

PAGE = 20


@dataclass(frozen=True, slots=True)
class Comment:
    """One thing said around the exchange; ``conversation_id`` leads to its own exchange, where it has one."""

    place: Position
    who: str
    text: str
    is_ours: bool
    url: str
    conversation_id: int | None = None
    message_id: int | None = None

    @property
    def at(self) -> datetime:
        return self.place.at


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Comments by time, and where the next page begins; None at the end."""

    comments: Sequence[Comment]
    after: Position | None


def thread_page(conversation: Conversation, agent: Agent, *, after: Position | None = None) -> ThreadPage:
    """The next comments. Posts and messages are numbered apart: the even places are posts', the odd ones messages'."""
    posts = _after(_posts(conversation).annotate(place=F("pk") * 2), after)
    messages = _after(_messages(conversation, agent).annotate(place=F("pk") * 2 + 1), after)
    rows = messages.select_related("identity", "agent").defer("html", "quoted", "custom")
    found = [
        *(_of_post(one, conversation) for one in posts.order_by("sent_at", "id")[: PAGE + 1]),
        *(_of_message(one, conversation) for one in rows.order_by("sent_at", "id")[: PAGE + 1]),
    ]
    found.sort(key=lambda one: (one.place.at, one.place.id))
    return ThreadPage(found[:PAGE], found[PAGE - 1].place if len(found) > PAGE else None)


def comments_around(conversation: Conversation, agent: Agent, held: Holdings) -> int:
    """How many there are, up to MOST_COUNTED."""
    posts = max(0, held.posts - 1)  # but the one on top
    messages = _messages(conversation, agent).values_list("pk", flat=True)[:MOST_COUNTED] if held.has_thread else ()
    return min(MOST_COUNTED, posts + len(messages))


def context_post(conversation: Conversation, held: Holdings) -> ContextPost | None:
    """The post that a public exchange is about, where it was kept: ours if there is one, else the thread's first."""
    if not held.posts:
        return None
    return _thread_posts(conversation).order_by("-is_ours", "sent_at", "id").first()


def _thread_posts(conversation: Conversation) -> QuerySet[ContextPost]:
    return ContextPost.objects.filter(account=conversation.account_id, thread_id=conversation.thread_id)


def _posts(conversation: Conversation) -> QuerySet[ContextPost]:
    """All but the one on top."""
    top = _thread_posts(conversation).order_by("-is_ours", "sent_at", "id").values("pk")[:1]
    return _thread_posts(conversation).exclude(pk__in=top)


def _messages(conversation: Conversation, agent: Agent) -> QuerySet[Message]:
    """What is in public in the other exchanges of the thread."""
    others = Conversation.objects.visible_to(agent).filter(
        account=conversation.account_id, thread_id=conversation.thread_id
    )
    return Message.objects.filter(
        Q(direction=Message.Direction.INCOMING) | Q(state__in=["sent", "delivered", "read"]),
        conversation__in=others.exclude(pk=conversation.pk),
        visibility=Message.Visibility.PUBLIC,
        deleted_at=None,
    )


def _after(rows: QuerySet, after: Position | None) -> QuerySet:  # type: ignore[type-arg]  # of posts or of messages
    if after is None:
        return rows
    return rows.filter(Q(sent_at__gt=after.at) | Q(sent_at=after.at, place__gt=after.id))


def _of_post(post: ContextPost, conversation: Conversation) -> Comment:
    place = Position(post.sent_at, post.pk * 2)
    return Comment(place, post_author(post, conversation), post.text, post.is_ours, post.url)


def _of_message(message: Message, conversation: Conversation) -> Comment:
    return Comment(
        Position(message.sent_at, message.pk * 2 + 1),
        who_wrote(message, conversation),
        message.text,
        message.direction == Message.Direction.OUTGOING,
        message.url,
        message.conversation_id,
        message.pk,
    )
