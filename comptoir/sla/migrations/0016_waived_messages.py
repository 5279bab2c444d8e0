"""Whoever said thanks while their promise was waived stood among those who wait: they do no longer."""

from __future__ import annotations

from django.db import migrations

# Of this turn alone: the conversation still waits, since a promise that was waived, and nothing runs.
_WAIVED = """
WITH still AS (
    SELECT conversation.id, conversation.waiting_since
    FROM conversations_conversation AS conversation
    WHERE conversation.waiting_since IS NOT NULL
        AND EXISTS (
            SELECT FROM sla_slaclock AS clock WHERE clock.conversation_id = conversation.id AND clock.is_waived
                AND clock.is_abandoned AND clock.started_at = conversation.waiting_since)
        AND NOT EXISTS (
            SELECT FROM sla_slaclock AS running WHERE running.conversation_id = conversation.id
                AND running.promise <> 'resolution' AND running.stopped_at IS NULL)
), waived AS (
    UPDATE conversations_message AS said SET is_waived = true
    FROM still WHERE said.conversation_id = still.id AND said.direction = 'incoming' AND NOT said.is_automatic
        AND said.sent_at >= still.waiting_since
)
UPDATE conversations_conversation AS conversation SET waiting_since = NULL FROM still WHERE conversation.id = still.id
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0015_waived_clocks"), ("conversations", "0031_waived_messages")]
    operations = [migrations.RunSQL(_WAIVED, migrations.RunSQL.noop)]
