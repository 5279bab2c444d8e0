"""What the rows of the list show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from comptoir.contacts.naming import called_by_id
from comptoir.conversations.models import Conversation, Message, Priority
from comptoir.people.models import Agent

#: Asked with every page of every list, and so written out: to compose it anew costs more than to run it. What was said
#: last is chosen as `last_message_text` is: neither taken back nor deleted. What the agent has never opened is unread
#: as long as the customer waits: that a colleague answered it long ago is no news.
_ASKED = """
SELECT person.external_id, person.channel, one.id, COALESCE(NULLIF(person.name, ''), person.handle),
    account.kind, account.name, owner.name, one.status, one.is_public, one.subject, one.last_message_text,
    one.last_message_at, one.waiting_since, one.promise_due_at, one.snoozed_until, one.resolved_at,
    ARRAY(SELECT tag.name FROM conversations_conversation_tags AS put
        JOIN conversations_tag AS tag ON tag.id = put.tag_id WHERE put.conversation_id = one.id ORDER BY tag.name),
    promise.started_at, promise.due_at,
    said.direction, said.state, said.is_automatic, said.agent_id, writer.name,
    EXISTS (SELECT FROM conversations_attachment WHERE message_id = said.id),
    one.status <> 'resolved'
        AND COALESCE(one.last_incoming_at > mark.read_up_to, mark.id IS NULL AND one.waiting_since IS NOT NULL),
    one.priority, CASE WHEN one.waiting_since IS NOT NULL THEN reading.urgency END,
    CASE WHEN said.kind = 'call' THEN
        said.call_state || CASE WHEN said.call_lost_at IS NULL THEN '' ELSE '_lost' END END
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN conversations_conversation AS one ON one.id = wanted.id
JOIN contacts_contactidentity AS person ON person.id = one.identity_id
JOIN channels_channelaccount AS account ON account.id = one.account_id
LEFT JOIN people_agent AS owner ON owner.id = one.assignee_id
LEFT JOIN analysis_conversationreading AS reading ON reading.conversation_id = one.id
LEFT JOIN conversations_readmark AS mark ON mark.conversation_id = one.id AND mark.agent_id = %(agent)s
LEFT JOIN LATERAL (
    SELECT started_at, due_at FROM sla_slaclock WHERE conversation_id = one.id AND stopped_at IS NULL
    ORDER BY due_at LIMIT 1
) AS promise ON true
LEFT JOIN LATERAL (
    SELECT id, direction, state, is_automatic, agent_id, kind, call_state, call_lost_at FROM conversations_message
    WHERE conversation_id = one.id AND deleted_at IS NULL AND state <> 'cancelled'
    ORDER BY sent_at DESC, id DESC LIMIT 1
) AS said ON true
LEFT JOIN people_agent AS writer ON writer.id = said.agent_id
ORDER BY wanted.place
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation on the list, as one agent sees it. The fields are the columns of the question.

    ``promise_…`` is the most pressing promise that runs; ``said_…`` the message whose words are shown, None where there
    is none; ``call_state`` is how that stands (`Message.call_standing`) where it is a telephone call. ``urgency`` is of
    what the customer waits for an answer to, None where nobody waits or nothing was read.
    """

    pk: int
    name: str
    channel: str
    account: str
    owner: str | None
    status: str
    is_public: bool
    subject: str
    last_message_text: str
    last_message_at: datetime
    waiting_since: datetime | None
    promise_due_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    tags: Sequence[str]
    promise_started_at: datetime | None
    promise_ends_at: datetime | None
    said_direction: str | None
    said_state: str | None
    said_automatically: bool | None
    said_by: int | None
    said_by_name: str | None
    has_files: bool
    has_unread: bool
    priority: int
    urgency: int | None = None
    call_state: str | None = None

    @property
    def goes_before_others(self) -> bool:
        """Whether there is still something to do, and before what others want."""
        return self.priority > Priority.NORMAL and self.status != Conversation.Status.RESOLVED

    @property
    def is_stuck(self) -> bool:
        """Whether what was said last is an answer of ours that did not leave, or perhaps did not."""
        return self.said_state in {Message.State.FAILED, Message.State.UNCERTAIN}


def complete_rows(ids: Sequence[int], agent: Agent) -> list[Row]:
    """The rows of ``ids``, in their order: in one query, however many there are."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"ids": list(ids), "agent": agent.pk})
        return [
            Row(pk, name or called_by_id(channel, external_id), *rest)
            for external_id, channel, pk, name, *rest in cursor.fetchall()
        ]
