"""Every address of the staff's screens, and what each role may expect there; one file for each file of addresses."""

from __future__ import annotations

from tests.web.access import (
    automations,
    bot,
    bridges,
    canned,
    catalogue,
    customers,
    desk,
    exchange,
    finding,
    floor,
    inbox,
    invitations,
    notifications,
    people,
    promises,
    readings,
    record,
    reports,
    routing,
    settings,
    writing,
)
from tests.web.access.expecting import Line

TABLE: dict[str, Line] = {
    **inbox.TABLE,
    **invitations.TABLE,
    **customers.TABLE,
    **exchange.TABLE,
    **writing.TABLE,
    **canned.TABLE,
    **catalogue.TABLE,
    **automations.TABLE,
    **bot.TABLE,
    **desk.TABLE,
    **bridges.TABLE,
    **settings.TABLE,
    **record.TABLE,
    **reports.TABLE,
    **routing.TABLE,
    **notifications.TABLE,
    **people.TABLE,
    **promises.TABLE,
    **readings.TABLE,
    **finding.TABLE,
    **floor.TABLE,
}
