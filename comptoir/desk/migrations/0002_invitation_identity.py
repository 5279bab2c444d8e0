import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_agents_screen"),
        ("desk", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="identity",
            field=models.ForeignKey(
                help_text="Who used the link.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="contacts.contactidentity",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("joined_at", None)), fields=["identity"], name="invitation_to_be_joined"
            ),
        ),
    ]
