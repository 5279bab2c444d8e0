"""What people set: how far the bot goes on an account, about a topic; the switch; which entries rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from comptoir.bot.models import BotSettings, BotSwitch, EntryRest, EntryTarget, Mode, TopicMode
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.delivery.actions import acting
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.understanding.deciding.certainty import PER_CENTS, USUAL


@dataclass(frozen=True, slots=True)
class Terms:
    """How far the bot goes on one account; ``topics`` are other modes by contact reason."""

    mode: Mode
    hours: str
    most_in_row: int
    most_a_day: int
    topics: Mapping[int, Mode]


@transaction.atomic
def set_bot(account_id: int, terms: Terms, *, by: Agent) -> BotSettings:
    """Say what the bot may do on an account."""
    account = ChannelAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)
    settings, _made = BotSettings.objects.update_or_create(
        account=account,
        defaults={
            "mode": terms.mode,
            "hours": terms.hours,
            "most_in_row": terms.most_in_row,
            "most_a_day": terms.most_a_day,
        },
    )
    settings.topics.exclude(reason__in=terms.topics).delete()
    TopicMode.objects.bulk_create(
        (TopicMode(settings=settings, reason_id=reason, mode=mode) for reason, mode in sorted(terms.topics.items())),
        update_conflicts=True,
        unique_fields=["settings", "reason"],
        update_fields=["mode"],
    )
    topics = {str(reason): str(mode) for reason, mode in terms.topics.items()}
    record("bot.set", subject=account, by=acting(by), mode=str(terms.mode), hours=terms.hours, topics=topics)
    return settings


@transaction.atomic
def stop_bots(*, stopped: bool, by: Agent) -> BotSwitch:
    """Stop every bot at once, or let them go on as they are set. What they decide meanwhile is noted, nothing sent;
    what has not left yet is taken back.
    """
    BotSwitch.objects.bulk_create([BotSwitch(key=1)], ignore_conflicts=True)
    switch = BotSwitch.objects.select_for_update(of=("self",)).get(key=1)
    if switch.is_stopped != stopped:
        switch.is_stopped, switch.changed_at, switch.changed_by = stopped, now(), by
        switch.save()
        record("bot.stopped" if stopped else "bot.resumed", subject=switch, by=acting(by))
        if stopped:
            defer("bot.withdraw_everything")
    return switch


@transaction.atomic
def set_target(entry_id: int, least_per_cent: int, *, by: Agent) -> None:
    """Say how many of a hundred answers (one of PER_CENTS) the bot must be proven to get right before it answers with
    this entry alone. Raises ValueError for another number.
    """
    if least_per_cent not in PER_CENTS:
        raise ValueError(least_per_cent)
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    before = EntryTarget.objects.filter(entry=entry).values_list("least_per_cent", flat=True).first() or USUAL
    if before == least_per_cent:
        return
    told = {"least_per_cent": least_per_cent, "set_at": now(), "set_by": by}
    EntryTarget.objects.update_or_create(entry=entry, defaults=told)
    record("entry.bot_target_set", subject=entry, by=acting(by), key=entry.key, before=before, after=least_per_cent)


@transaction.atomic
def rest_entry(entry_id: int, *, by: Agent) -> None:
    """Take an entry off the bot; one that rests already is no error."""
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    defaults = {"since": now(), "cause": EntryRest.Cause.PERSON, "by": by}
    _rest, is_new = EntryRest.objects.get_or_create(entry=entry, defaults=defaults)
    if is_new:
        record("entry.taken_off_bot", subject=entry, by=acting(by), key=entry.key)


@transaction.atomic
def return_entry(entry_id: int, *, by: Agent) -> None:
    """Give an entry back to the bot; one that does not rest is no error."""
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    gone, _rows = EntryRest.objects.filter(entry=entry).delete()
    if gone:
        record("entry.given_back_to_bot", subject=entry, by=acting(by), key=entry.key)
