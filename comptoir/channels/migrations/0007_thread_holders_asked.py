from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_thread_holders'),
    ]

    operations = [
        migrations.AddField(
            model_name='threadholder',
            name='asked_by',
            field=models.CharField(blank=True, db_default='', default='', help_text='Who asks us for it.', max_length=120),
        ),
        migrations.AddField(
            model_name='threadholder',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
    ]
