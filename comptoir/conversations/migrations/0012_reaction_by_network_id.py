from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_chat_addresses"),
        ("conversations", "0011_fewer_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reaction",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["external_id"],
                name="reaction_by_network_id",
            ),
        ),
    ]
