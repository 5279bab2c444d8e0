from django.db import migrations

# The table of Django's database cache, as `createcachetable` makes it.
_MAKE = """
CREATE TABLE core_remembered (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX core_remembered_expires ON core_remembered (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(_MAKE, "DROP TABLE core_remembered")]
