from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0019_worded_acts'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='is_unreadable',
            field=models.BooleanField(db_default=False, default=False, help_text='Somebody said something that the network does not hand on.'),
        ),
    ]
