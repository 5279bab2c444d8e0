"""The priority that rules give belongs to the conversation: lists are read in its order."""

from django.db import migrations

_TO_CONVERSATIONS = """
UPDATE conversations_conversation AS conversation SET priority = route.priority
FROM routing_route AS route WHERE route.conversation_id = conversation.id AND route.priority <> 1
"""
_BACK = """
UPDATE routing_route AS route SET priority = conversation.priority
FROM conversations_conversation AS conversation
WHERE route.conversation_id = conversation.id AND conversation.priority <> 1
"""


class Migration(migrations.Migration):
    dependencies = [
        ("routing", "0002_routes_with_a_strategy"),
        ("conversations", "0022_priority"),
    ]

    operations = [
        migrations.RunSQL(_TO_CONVERSATIONS, _BACK),
        migrations.RemoveField(model_name="route", name="priority"),
    ]
