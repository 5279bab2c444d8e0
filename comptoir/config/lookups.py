"""Finding what a command line names: a person, an account, the only brand there is."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model

from comptoir.channels.models import ChannelAccount
from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.people.models import Agent

Row = TypeVar("Row", bound=Model)


def active_agent(email: str | None) -> Agent:
    """The person with that address; without one, the first administrator. Raises CommandError."""
    agents = Agent.objects.filter(is_active=True).select_related("user").order_by("pk")
    wanted = agents.filter(user__email__iexact=email) if email else agents.filter(role=Agent.Role.ADMINISTRATOR)
    found = wanted.first()
    if found is not None:
        return found
    how = _("Create one with: comptoir agent create EMAIL --name NAME --role administrator")
    if email:
        raise CommandError(_("Nobody at this counter signs in with {email}.").format(email=email) + " " + how)
    raise CommandError(_("There is no administrator yet.") + " " + how)


def accounts_named(named: str | None) -> list[ChannelAccount]:
    """The accounts with that number or name; every account without one. Raises CommandError."""
    accounts = ChannelAccount.objects.select_related("health").order_by("pk")
    if named is None:
        return list(accounts)
    found = list(accounts.filter(pk=int(named)) if named.isdecimal() else accounts.filter(name=named))
    if not found:
        raise CommandError(_("There is no account “{named}”. See: comptoir account list").format(named=named), code=2)
    return found


def one_account(named: str | None) -> ChannelAccount:
    """The account that is named, or the only one there is. Raises CommandError."""
    found = accounts_named(named)
    if len(found) != 1:
        raise CommandError(_("Say which account with --account NUMBER. See: comptoir account list"), code=2)
    return found[0]


def the_one(model: type[Row], field: str, wanted: str | None, option: str) -> Row:
    """The row that was named, or the only one there is. Raises CommandError."""
    every = model._default_manager.all()
    rows = list(every.filter(**{field: wanted})[:2] if wanted else every[:2])
    if len(rows) == 1:
        return rows[0]
    known = ", ".join(str(getattr(row, field)) for row in every) or "–"
    raise CommandError(_("Say which one with {option}. There are: {known}.").format(option=option, known=known), code=2)
