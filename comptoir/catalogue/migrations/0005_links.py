"""An answer may name the page that tells more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_marks")]

    operations = [
        migrations.AddField(
            model_name="answervariant",
            name="link",
            field=models.CharField(
                blank=True, default="", help_text="The address of the page that tells more.", max_length=500
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="answervariant",
            constraint=models.CheckConstraint(
                condition=models.Q(("link", "")) | models.Q(("link__regex", "^https?://")),
                name="variant_links_to_a_page",
            ),
        ),
    ]
