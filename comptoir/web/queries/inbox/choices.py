"""What a list can be narrowed by: what there is to choose from, for those who choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.analysis.correcting import UNKNOWN_LANGUAGE
from comptoir.analysis.models import KnownName
from comptoir.analysis.queries import Placed, reason_tree
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Tag
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may

#: More tags than this are not offered one by one; any can be typed.
_MOST_TAGS = 200
_LATELY = 2000
_MOST_NAMES = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """Names to choose from, by what is stored of them."""

    accounts: Sequence[ChannelAccount]
    teams: Sequence[Team]
    colleagues: Sequence[Agent]
    tags: Sequence[str]
    languages: Sequence[str]
    reasons: Sequence[Placed]
    names: Sequence[KnownName]

    @property
    def named_accounts(self) -> list[tuple[int, str]]:
        """Accounts by their names; those that share one say whose they are."""
        shared = Counter(account.name for account in self.accounts)
        return [
            (one.pk, f"{one.name}, {one.brand.name}" if shared[one.name] > 1 else one.name) for one in self.accounts
        ]

    @property
    def kinds(self) -> list[str]:
        return sorted({account.kind for account in self.accounts})

    @property
    def brands(self) -> list[tuple[int, str]]:
        return sorted({(account.brand_id, account.brand.name) for account in self.accounts}, key=lambda one: one[1])


def filter_choices(agent: Agent) -> Choices:
    """What ``agent`` may narrow a list by: nothing whose conversations they would not be shown."""
    hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
    teams = Team.objects.all() if may(agent, Permission.SEE_EVERY_TEAM) else agent.teams.all()
    return Choices(
        accounts=list(ChannelAccount.objects.exclude(pk__in=hidden).select_related("brand")),
        teams=list(teams),
        colleagues=list(Agent.objects.filter(is_active=True)),
        tags=list(Tag.objects.values_list("name", flat=True)[:_MOST_TAGS]),
        languages=_spoken(),
        reasons=reason_tree(),
        names=_names(agent),
    )


def _names(agent: Agent) -> list[KnownName]:
    """The products and places of the brands that are theirs."""
    own = list(agent.brands.values_list("pk", flat=True))
    known = KnownName.objects.filter(brand__in=own) if own else KnownName.objects.all()
    return list(known[:_MOST_NAMES])


def _spoken() -> list[str]:
    """The languages customers have written in lately, as networks tell and as was read: looking through all they ever
    wrote would take seconds.
    """
    lately = Conversation.objects.order_by("-last_message_at", "-id").values_list("language", "reading__language")
    return sorted({code for codes in lately[:_LATELY] for code in codes if code not in ("", UNKNOWN_LANGUAGE, None)})
