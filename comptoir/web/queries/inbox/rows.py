"""What a row of the list shows beside the conversation itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.fields import BooleanField

from comptoir.conversations.models import Attachment, Conversation, Message, ReadMark, Tag
from comptoir.conversations.models.message import MessageQuerySet
from comptoir.people.models import Agent
from comptoir.sla.models import SLAClock


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation on the list, as one agent sees it.

    ``last`` is the message whose words are shown, without its text; None where there is none.
    """

    conversation: Conversation
    tags: Sequence[str]
    clocks: Sequence[SLAClock]
    last: Message | None
    has_unread: bool
    has_files: bool

    @property
    def pk(self) -> int:
        return self.conversation.pk

    @property
    def is_stuck(self) -> bool:
        """Whether what was said last is an answer of ours that did not leave, or perhaps did not."""
        return self.last is not None and self.last.state in {Message.State.FAILED, Message.State.UNCERTAIN}


def complete_rows(ids: Sequence[int], agent: Agent) -> list[Row]:
    """The rows of ``ids``, in their order: in four queries, however many there are."""
    if not ids:
        return []
    found = (
        Conversation.objects.select_related("identity", "account", "assignee")
        .annotate(has_unread=_has_unread(agent), last_message_id=Subquery(_last_message().values("pk")[:1]))
        .prefetch_related(
            Prefetch("clocks", SLAClock.objects.filter(stopped_at=None).order_by("due_at"), to_attr="running_clocks"),
            Prefetch("tags", Tag.objects.order_by("name"), to_attr="tags_in_order"),
        )
        .in_bulk(ids)
    )
    last = _messages({vars(one)["last_message_id"] for one in found.values()} - {None})
    return [_row(found[pk], last) for pk in ids if pk in found]


def _row(conversation: Conversation, last: dict[int, Message]) -> Row:
    shown = vars(conversation)
    message = last.get(shown["last_message_id"])
    return Row(
        conversation=conversation,
        tags=[tag.name for tag in shown["tags_in_order"]],
        clocks=shown["running_clocks"],
        last=message,
        has_unread=shown["has_unread"],
        has_files=bool(message and vars(message)["has_files"]),
    )


def _has_unread(agent: Agent) -> Case:
    """Whether the customer said something that the agent has not seen. What one has never opened is unread as long as
    the customer waits: that a colleague answered it long ago is no news.
    """
    seen = Subquery(ReadMark.objects.filter(agent=agent, conversation=OuterRef("pk")).values("read_up_to"))
    marked = ReadMark.objects.filter(agent=agent, conversation=OuterRef("pk"))
    return Case(
        When(status=Conversation.Status.RESOLVED, then=Value(False)),
        When(~Exists(marked) & Q(waiting_since__isnull=False), then=Value(True)),
        When(last_incoming_at__gt=seen, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _last_message() -> MessageQuerySet:
    """As `last_message_text` is chosen: neither taken back nor deleted."""
    kept = Message.objects.filter(conversation=OuterRef("pk"), deleted_at=None)
    return kept.exclude(state=Message.State.CANCELLED).order_by("-sent_at", "-id")


def _messages(ids: Collection[int]) -> dict[int, Message]:
    if not ids:
        return {}
    files = Attachment.objects.filter(message=OuterRef("pk"))
    said = Message.objects.select_related("agent").annotate(has_files=Exists(files))
    return said.only("direction", "state", "is_automatic", "agent__name").in_bulk(list(ids))
