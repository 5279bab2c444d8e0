"""Who wrote the automations that there are, and why some have stopped.

The record tells it: each revision was made just before the event that tells of it. What no
agent is told to have written was written on the machine itself, as it will be from now on; it goes on as it did.
"""

from django.db import migrations

from comptoir.core.reasons import Reason, kept

_TOO_OFTEN = "It ran %(count)s times within an hour, and may no more than that."
_WROTE = """
UPDATE automations_automationrevision AS revision SET writer_id = agent.id
FROM (
    SELECT id AS revision_id, automation_id FROM automations_automationrevision AS revision
    CROSS JOIN LATERAL (
        SELECT automation.id AS automation_id FROM automations_automation AS automation
        WHERE automation.revision_id = revision.id
        UNION SELECT run.automation_id FROM automations_automationrun AS run WHERE run.revision_id = revision.id
    ) AS owner
) AS owned
CROSS JOIN LATERAL (
    SELECT event.actor_kind, event.actor_id FROM events_event AS event
    JOIN automations_automationrevision AS made ON made.id = owned.revision_id
    WHERE event.subject_kind = 'automation' AND event.subject_id = owned.automation_id
        AND event.name IN ('automation.created', 'automation.changed') AND event.at >= made.made_at
    ORDER BY event.id LIMIT 1
) AS told
JOIN people_agent AS agent ON told.actor_kind = 'agent' AND agent.id = told.actor_id
WHERE revision.id = owned.revision_id
"""


def name_writers(apps, schema_editor):
    """By the record."""
    schema_editor.execute(_WROTE)


def say_why_they_stopped(apps, schema_editor):
    """There was one reason only."""
    automation = apps.get_model("automations", "Automation")
    for one in automation.objects.exclude(stopped_at=None):
        one.stopped_because = kept(Reason(_TOO_OFTEN, count=one.most_runs_an_hour))
        one.save(update_fields=["stopped_because"])


class Migration(migrations.Migration):
    dependencies = [("automations", "0003_writers"), ("events", "0002_record_read_by_people")]
    operations = [
        migrations.RunPython(name_writers, migrations.RunPython.noop),
        migrations.RunPython(say_why_they_stopped, migrations.RunPython.noop),
    ]
