import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0017_likes'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='choices',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='message',
            name='choices',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), blank=True, db_default=[], default=list, help_text='Answers that the customer may press, below a reply of ours.', size=None),
        ),
    ]
