"""Entries of the catalogue as they are shown: versions with what changed, in words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from comptoir.brands.models import Brand
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.models import AnswerVariant, EntryVersion
from comptoir.web.forms.catalogue import LANGUAGES, USES
from comptoir.web.wording import channel_in_line

#: same, added or removed; and the words.
Piece = tuple[str, str]
_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_COMPARED_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of an entry that changed: what it is called, and its words."""

    label: str
    pieces: Sequence[Piece]


def differences(former: Content | None, content: Content, brands: Mapping[int, str]) -> list[Difference]:
    """What a version changed, part by part; of a first version everything is new."""
    before = _parts(former, brands) if former else {}
    after = _parts(content, brands)
    labels = [*after, *(label for label in before if label not in after)]
    found = [(label, before.get(label, ""), after.get(label, "")) for label in labels]
    return [Difference(label, compared(old, new)) for label, old, new in found if old != new]


def brand_names() -> dict[int, str]:
    return dict(Brand.objects.values_list("pk", "name"))


def _parts(content: Content, brands: Mapping[int, str]) -> dict[str, str]:
    days = {_("Serves from"): content.valid_from_on, _("Serves until"): content.valid_until_on}
    return {
        _("Question"): content.question,
        _("Other ways to ask"): "\n".join(content.phrasings),
        **{
            variant_words(one): "\n".join(
                [one.text, *([one.link] if one.link else []), *(file.name for file in one.files)]
            )
            for one in content.variants
        },
        _("Topics"): ", ".join(content.topics),
        _("Language"): str(dict(LANGUAGES).get(content.language, content.language)),
        _("Brand"): brands.get(content.brand_id or 0, _("Every brand")),
        _("Who may answer with it"): uses_words(content.uses),
        **{label: formats.date_format(day) for label, day in days.items() if day},
    }


def variant_words(variant: Variant | AnswerVariant) -> str:
    """« Answer in French, e-mail, formal, in private only »."""
    parts: list[Any] = [dict(LANGUAGES).get(variant.language, variant.language)]
    if variant.channel:
        parts.append(channel_in_line(variant.channel))
    if variant.register:
        parts.append(AnswerVariant.Register(variant.register).label)
    if variant.visibility:
        parts.append(AnswerVariant.Visibility(variant.visibility).label)
    said = [str(parts[0]), *(str(one)[:1].lower() + str(one)[1:] if one is not parts[0] else "" for one in parts[1:])]
    return _("Answer: %(occasion)s") % {"occasion": ", ".join(said)}


def uses_words(uses: Iterable[str]) -> str:
    """« Customer service, the bot »."""
    return ", ".join(str(dict(USES)[use]) for use in uses)


def compared(old: str, new: str) -> list[Piece]:
    """Two texts in one, word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_COMPARED_WORDS:
        return [("removed", old), ("added", new)]
    pieces: list[Piece] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(after[k:m])))
            continue
        pieces += [("removed", "".join(before[i:j]))] if j > i else []
        pieces += [("added", "".join(after[k:m]))] if m > k else []
    return pieces


def versions_shown(versions: Sequence[EntryVersion]) -> list[dict[str, Any]]:
    """Versions, the newest first, each with the names of the parts that it changed."""
    brands = brand_names()
    contents = [Content.of_json(version.content) for version in versions]
    return [
        {"version": version, "changes": differences(former, content, brands)}
        for version, content, former in zip(versions, contents, [*contents[1:], None], strict=True)
    ]
