import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0018_choices'),
        ('people', '0003_limits_hours_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='WordedAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('edit', 'Change what it says'), ('report', 'Report to the moderators')], max_length=6)),
                ('text', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(choices=[('waiting', 'Under way'), ('done', 'Done'), ('refused', 'Refused by the network')], default='waiting', max_length=7)),
                ('finished_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='worded_acts', to='conversations.message')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'waiting')), fields=('message',), name='one_worded_act_at_a_time_per_message')],
            },
        ),
    ]
