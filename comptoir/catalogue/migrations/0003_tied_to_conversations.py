"""What models cannot say here: uses are tied to messages, which lie above the catalogue; what a version says is for good."""

from django.db import migrations

_TIE = """
ALTER TABLE catalogue_entryuse
    ADD CONSTRAINT use_of_a_message FOREIGN KEY (message_id) REFERENCES conversations_message (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT use_in_a_conversation FOREIGN KEY (conversation_id) REFERENCES conversations_conversation (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
_UNTIE = """
ALTER TABLE catalogue_entryuse DROP CONSTRAINT use_of_a_message, DROP CONSTRAINT use_in_a_conversation;
"""
_KEEP = """
CREATE FUNCTION catalogue_version_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a version of an entry says is not changed: write another version'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER catalogue_version_is_for_good BEFORE UPDATE OF entry_id, number, content, reason, made_at
    ON catalogue_entryversion FOR EACH ROW
    WHEN ((OLD.entry_id, OLD.number, OLD.content, OLD.reason, OLD.made_at)
        IS DISTINCT FROM (NEW.entry_id, NEW.number, NEW.content, NEW.reason, NEW.made_at))
    EXECUTE FUNCTION catalogue_version_is_for_good();
"""
_LET_GO = """
DROP TRIGGER catalogue_version_is_for_good ON catalogue_entryversion;
DROP FUNCTION catalogue_version_is_for_good();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_entries"),
        ("conversations", "0020_unreadable"),
    ]

    operations = [
        migrations.RunSQL(_TIE, _UNTIE),
        migrations.RunSQL(_KEEP, _LET_GO),
    ]
