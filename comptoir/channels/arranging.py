"""How an account is arranged here: its name, who answers, who sees it, when it is open, whether it rests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from comptoir.channels.models import ChannelAccount
from comptoir.core.hours import check_weekly_hours
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Team


@transaction.atomic
def edit_account(
    account_id: int, *, name: str, team: Team, reserved_for: Iterable[Team], by: Actor = SYSTEM
) -> ChannelAccount:
    """Change what it is called, who answers from now on, and who alone sees it (nobody named: anybody)."""
    account = _locked(account_id)
    changes: dict[str, Any] = {}
    if account.name != name:
        changes["name"] = [account.name, name]
    if account.team_id != team.pk:
        changes["team"] = [account.team_id, team.pk]
    wanted = list(reserved_for)
    before = set(account.reserved_for.values_list("pk", flat=True))
    if before != {one.pk for one in wanted}:
        changes["reserved_for"] = [sorted(before), sorted(one.pk for one in wanted)]
        account.reserved_for.set(wanted)
    account.name, account.team = name, team
    account.save(update_fields=["name", "team"])
    if changes:
        record("account.changed", subject=account, by=by, changes=changes)
    return account


@transaction.atomic
def set_opening_hours(account_id: int, *, hours: dict[str, Any], by: Actor = SYSTEM) -> ChannelAccount:
    """When the counter is open on this account. Raises ValidationError for hours that are none."""
    account = _locked(account_id)
    check_weekly_hours(hours)
    account.weekly_hours = hours
    account.save(update_fields=["weekly_hours"])
    record("account.hours_changed", subject=account, by=by)
    return account


@transaction.atomic
def rest_or_wake(account_id: int, *, by: Actor = SYSTEM) -> ChannelAccount:
    """Stop using an account for a while, or go on; one that is to be reconnected stays as it is."""
    account = _locked(account_id)
    states = ChannelAccount.Status
    change = {states.ACTIVE: states.PAUSED, states.PAUSED: states.ACTIVE}.get(states(account.status))
    if change:
        account.status = change
        account.save(update_fields=["status"])
        record("account.paused" if change == states.PAUSED else "account.resumed", subject=account, by=by)
    return account


def _locked(account_id: int) -> ChannelAccount:
    return ChannelAccount.objects.select_for_update().get(pk=account_id)
