"""What already runs is told on its conversation: from now on, whatever starts and stops clocks keeps it."""

from __future__ import annotations

from django.db import migrations

_TELL = """
UPDATE conversations_conversation AS conversation SET promise_due_at = running.due_at
FROM (
    SELECT conversation_id, min(due_at) AS due_at FROM sla_slaclock WHERE stopped_at IS NULL GROUP BY conversation_id
) AS running
WHERE conversation.id = running.conversation_id AND conversation.promise_due_at IS DISTINCT FROM running.due_at
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0006_agents_screen"),
        ("sla", "0003_abandoned_clocks"),
    ]

    operations = [migrations.RunSQL(_TELL, migrations.RunSQL.noop)]
