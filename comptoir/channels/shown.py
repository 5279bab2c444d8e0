"""From whom accounts are kept, for many people at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comptoir.channels.models import ChannelAccount
from comptoir.people.models import Agent


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Brand and reserved teams of accounts, read once for everybody; of agents whose ``brands`` are prefetched."""

    accounts: Sequence[tuple[int, int, frozenset[int]]]

    @classmethod
    def now(cls, account_ids: Collection[int] | None = None) -> AccountLimits:
        """Of these accounts, or of all; in two queries."""
        accounts = ChannelAccount.objects.prefetch_related("reserved_for").only("brand_id")
        if account_ids is not None:
            accounts = accounts.filter(pk__in=account_ids)
        return cls([(one.pk, one.brand_id, frozenset(team.pk for team in one.reserved_for.all())) for one in accounts])

    def hidden_from(self, agent: Agent, teams: frozenset[int]) -> frozenset[int]:
        """The same as `ChannelAccountQuerySet.hidden_from`, without a query for each agent."""
        if agent.role == Agent.Role.ADMINISTRATOR:
            return frozenset()
        brands = {brand.pk for brand in agent.brands.all()}
        return frozenset(
            pk
            for pk, brand, reserved in self.accounts
            if (brands and brand not in brands) or (reserved and not reserved & teams)
        )
