"""The names of what rules speak of by its number, looked up once for a whole screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.registry import connector_classes
from comptoir.people.models import Skill, Team

#: Languages that customers of a French company write, the most likely first.
LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt", "pl", "ar", "ro", "ru", "tr", "uk", "zh", "ja")


@dataclass(frozen=True, slots=True)
class Names:
    """By id, as text: conditions and effects keep everything as text."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    connected: frozenset[str] = frozenset()

    def of(self, kind: Mapping[str, str], among: Sequence[str]) -> list[str]:
        """The names of those; one that is gone says so."""
        return [kind.get(one) or _("something that is gone") for one in among]


def load_names() -> Names:
    """Everything rules may name, in four queries."""
    accounts = list(ChannelAccount.objects.select_related("brand").defer("encrypted_credentials"))
    return Names(
        accounts={str(one.pk): f"{one.name} ({one.brand.name})" for one in accounts},
        brands={str(pk): name for pk, name in Brand.objects.values_list("pk", "name")},
        teams={str(pk): name for pk, name in Team.objects.values_list("pk", "name")},
        skills={str(one.pk): skill_words(one) for one in Skill.objects.all()},
        channels=_channels({one.kind for one in accounts}),
        connected=frozenset(one.kind for one in accounts),
    )


def _channels(connected: set[str]) -> dict[str, str]:
    """The connected ones first; each by its own name."""
    classes = connector_classes()
    labels = {"Live chat": _("Live chat"), "E-mail": _("E-mail"), "Telephone": _("Telephone")}
    named = {kind: labels.get(one.label, one.label) for kind, one in classes.items()}
    in_order = sorted(named.items(), key=lambda one: (one[0] not in connected, one[1].lower()))
    return dict(in_order)


def skill_words(skill: Skill) -> str:
    """What a skill is called: a language by its name, the rest by its own."""
    return language_words(skill.name) if skill.kind == Skill.Kind.LANGUAGE else skill.name


def language_words(code: str) -> str:
    """« en » → « anglais » in the reader's language; a code that nobody knows stays."""
    if code == "zh":  # Django names only its two scripts
        return _("Chinese")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
