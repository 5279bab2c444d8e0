"""A decision keeps the files of the answer."""

from django.db import migrations, models

_STANDS = """
DROP TRIGGER bot_decision_stands ON bot_decision;
CREATE TRIGGER bot_decision_stands
    BEFORE UPDATE OF message_id, account_id, decided_at, mode, done, entry_id, version_id, phrasing, confidence,
        answers_from, least_per_cent, candidates, rules, language, text, {more}would_answer, teaches ON bot_decision
    FOR EACH ROW EXECUTE FUNCTION bot_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("bot", "0003_learning")]

    operations = [
        migrations.AddField(
            model_name="decision", name="files", field=models.JSONField(default=list, help_text="Those of the answer.")
        ),
        migrations.RunSQL(_STANDS.format(more="files, "), _STANDS.format(more="")),
    ]
