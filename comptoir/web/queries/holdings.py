"""What there is about one conversation, told in one question.

Most conversations have little of it: no draft, no note, nobody who asked something. Whoever shows a part of the screen
asks only for what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.conversations.models import Conversation
from comptoir.delivery.calling import calling_kinds
from comptoir.people.models import Agent

#: Further than this nobody counts what is said around an exchange.
MOST_COUNTED = 100
#: What an agent has before their eyes when a conversation opens: as much as is looked at for what is new.
NEWEST = 30
#: Asked with every conversation that is opened, and so written out: to compose it anew costs more than to run it. Of
#: its messages only the newest are read, so that one of thousands opens like any other.
_ASKED = """
WITH newest AS MATERIALIZED (
    SELECT id, direction, visibility, read_at FROM conversations_message WHERE conversation_id = %(conversation)s
    ORDER BY sent_at DESC, id DESC LIMIT %(newest)s
)
SELECT
    (SELECT max(id) FROM newest),
    (SELECT read_up_to FROM conversations_readmark WHERE conversation_id = one.id AND agent_id = %(agent)s),
    EXISTS (SELECT FROM newest WHERE direction = 'incoming' AND visibility = 'private' AND read_at IS NULL),
    EXISTS (SELECT FROM notifications_notification
        WHERE agent_id = %(agent)s AND conversation_id = one.id AND seen_at IS NULL),
    EXISTS (SELECT FROM conversations_following WHERE conversation_id = one.id AND agent_id = %(agent)s),
    EXISTS (SELECT FROM conversations_conversation_tags WHERE conversation_id = one.id),
    EXISTS (SELECT FROM conversations_note WHERE conversation_id = one.id),
    EXISTS (SELECT FROM conversations_draft WHERE conversation_id = one.id),
    EXISTS (SELECT FROM conversations_draftfile
        WHERE conversation_id = one.id AND agent_id = %(agent)s AND message_id IS NULL),
    EXISTS (SELECT FROM conversations_message
        WHERE conversation_id = one.id AND state IN ('queued', 'sending') AND (send_after > now() OR EXISTS (
            SELECT FROM channels_channelaccount WHERE id = one.account_id AND status <> 'active'))),
    EXISTS (SELECT FROM conversations_notemention
        WHERE agent_id = %(agent)s AND conversation_id = one.id AND done_at IS NULL),
    EXISTS (SELECT FROM desk_invitation WHERE conversation_id = one.id),
    EXISTS (SELECT FROM desk_invitation WHERE joined_id = one.id),
    EXISTS (SELECT FROM channels_channelaccount AS chat JOIN channels_channelaccount AS own USING (brand_id)
        WHERE own.id = one.account_id AND chat.kind = 'chat' AND chat.status = 'active'),
    EXISTS (SELECT FROM channels_channelaccount AS telephone JOIN channels_channelaccount AS own USING (brand_id)
        WHERE own.id = one.account_id AND telephone.kind = ANY(%(calling)s) AND telephone.status = 'active'),
    EXISTS (SELECT FROM desk_callback WHERE conversation_id = one.id AND state = 'waiting'),
    EXISTS (SELECT FROM desk_callback WHERE call_id = one.id),
    EXISTS (SELECT FROM sla_slaclock WHERE conversation_id = one.id),
    EXISTS (SELECT FROM contacts_contactmerge WHERE kept_id = one.contact_id AND undone_at IS NULL),
    EXISTS (SELECT FROM conversations_conversation AS other WHERE contact_id = one.contact_id AND other.id <> one.id),
    EXISTS (SELECT FROM desk_invitation AS invitation
        JOIN conversations_conversation AS asked ON asked.id = invitation.conversation_id
        WHERE asked.contact_id = one.contact_id AND invitation.identity_id IS NOT NULL)
    OR EXISTS (SELECT FROM desk_invitation AS invitation
        JOIN contacts_contactidentity AS taker ON taker.id = invitation.identity_id
        WHERE taker.contact_id = one.contact_id),
    EXISTS (SELECT FROM contacts_contactidentity AS named WHERE named.contact_id = one.contact_id
        AND (EXISTS (SELECT FROM contacts_identitylink WHERE one_id = named.id)
            OR EXISTS (SELECT FROM contacts_identitylink WHERE other_id = named.id))),
    CASE WHEN one.is_public AND one.thread_id <> '' THEN (SELECT count(*) FROM (SELECT FROM intake_contextpost AS post
        WHERE post.account_id = one.account_id AND post.thread_id = one.thread_id LIMIT %(most)s) AS counted)
    ELSE 0 END,
    one.is_public AND one.thread_id <> '' AND EXISTS (SELECT FROM conversations_conversation AS other
        WHERE other.account_id = one.account_id AND other.thread_id = one.thread_id AND other.id <> one.id),
    one.priority,
    one.assignee_id IS NULL AND one.waiting_since IS NOT NULL AND (
        EXISTS (SELECT FROM routing_teamrouting WHERE team_id = one.team_id AND strategy <> 'by_hand')
        OR EXISTS (SELECT FROM routing_route WHERE conversation_id = one.id AND strategy NOT IN ('', 'by_hand'))),
    EXISTS (SELECT FROM conversations_handoff WHERE conversation_id = one.id),
    EXISTS (SELECT FROM conversations_consultation WHERE conversation_id = one.id),
    EXISTS (SELECT FROM conversations_joinedconversation WHERE conversation_id = one.id)
FROM conversations_conversation AS one WHERE one.id = %(conversation)s
"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What one conversation has, and how one agent stands to it. The fields are the columns of the question."""

    newest_message_id: int | None
    #: Up to when the agent had read it; None at the first time.
    read_up_to: datetime | None
    #: Whether something in private, of the newest, was never before the eyes of anybody who answers.
    has_unseen: bool
    #: Whether the agent wanted to hear of something here, and has not seen it yet.
    is_heard_of: bool
    is_followed: bool
    has_tags: bool
    has_notes: bool
    has_drafts: bool
    has_draft_files: bool
    #: Whether an answer waits to leave.
    has_leaving: bool
    #: Whether the agent was asked for here.
    is_asked: bool
    has_invitations: bool
    was_invited: bool
    #: Whether its brand has a live chat.
    has_chat: bool
    #: Whether its brand has a telephone from which customers are called.
    has_telephone: bool
    #: Whether its customer is to be called.
    is_to_be_called: bool
    #: Whether it is a call that was asked for in another conversation.
    was_asked_for: bool
    has_clocks: bool
    has_merges: bool
    #: Whether its customer has others, which the agent may read or not.
    has_others: bool
    #: Whether its customer, or somebody of theirs, came by an invitation to private.
    has_taken_invitations: bool
    #: Whether a network named somebody of its customer's as one person with somebody else.
    has_links: bool
    #: How many posts of its public thread were kept, up to MOST_COUNTED and one.
    posts: int
    #: Whether other people's exchanges belong to the same public thread, which the agent may read or not.
    has_thread: bool
    priority: int
    #: Whether it waits to be given to somebody.
    is_queued: bool
    has_hand_offs: bool
    has_consultations: bool
    #: Whether it is part of a matter.
    is_joined: bool


def holdings(conversation: Conversation, agent: Agent) -> Holdings:
    """What there is at this moment. Raises Conversation.DoesNotExist for one that is gone."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "agent": agent.pk,
            "conversation": conversation.pk,
            "most": MOST_COUNTED + 1,
            "newest": NEWEST,
            "calling": calling_kinds(),
        }
        cursor.execute(_ASKED, asked)
        found = cursor.fetchone()
    if found is None:
        raise Conversation.DoesNotExist
    return Holdings(*found)
