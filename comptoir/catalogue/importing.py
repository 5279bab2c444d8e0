"""Bringing a file in: first what it would do, line by line; then doing that. The same file again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.brands.models import Brand
from comptoir.catalogue.approving import approve_version, may_approve
from comptoir.catalogue.content import Content, EntryRefusedError, Variant, check_content, clean_content
from comptoir.catalogue.editing import newest_version, rewrite_entry, write_entry
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, Reading, content_given
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.events.record import Actor
from comptoir.people.models import Agent

Change = Literal["new", "changed", "same", "refused"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What one line would do: ``fields`` are the parts that it changes, ``problem`` why it is refused."""

    number: int
    change: Change
    key: str = ""
    question: str = ""
    fields: tuple[str, ...] = ()
    problem: str = ""
    notice: str = ""
    content: Content | None = None
    entry_id: int | None = None
    owner: Agent | None = None
    review_on: date | None = None
    minds: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did: how many of each, and the lines that were refused."""

    new: int
    changed: int
    same: int
    approved: int
    refused: Sequence[Planned]


@dataclass(frozen=True)
class _Known:
    """What lines are compared with."""

    entries: Mapping[str, CatalogueEntry]
    newest: Mapping[int, EntryVersion]
    brands: Mapping[str, int]
    agents: Mapping[str, Agent]


def plan(reading: Reading, *, language: str, by: Agent | None) -> list[Planned]:
    """What the file would do, in its order. ``language`` is that of lines that name none; ``by`` who brings it in."""
    keys = [line.given.key for line in reading.lines if line.given is not None]
    known = _known(keys)
    return [_planned(line, known, language, by) for line in reading.lines]


def _known(keys: Sequence[str]) -> _Known:
    entries = {entry.key: entry for entry in CatalogueEntry.objects.filter(key__in=keys).select_related("owner__user")}
    versions = EntryVersion.objects.filter(entry__in=entries.values()).order_by("entry_id", "-number")
    return _Known(
        entries=entries,
        newest={version.entry_id: version for version in versions.distinct("entry_id")},
        brands=dict(Brand.objects.values_list("slug", "pk")),
        agents={agent.user.email: agent for agent in Agent.objects.select_related("user")},
    )


def _planned(line: Line, known: _Known, language: str, by: Agent | None) -> Planned:
    if line.given is None:
        return Planned(line.number, "refused", question=line.shown, problem=line.problem)
    given = line.given
    try:
        return replace(_compared(line.number, given, known, language, by), notice=_notice(line, known))
    except (LineRefusedError, EntryRefusedError) as error:
        return Planned(line.number, "refused", given.key, line.shown, problem=str(error))


def _notice(line: Line, known: _Known) -> str:
    entry = known.entries.get(line.given.key) if line.given else None
    retired = _("This entry is retired: it stays so until it is restored.") if entry and entry.retired_at else ""
    return " ".join(filter(None, (line.notice, retired)))


def _compared(number: int, given: Given, known: _Known, language: str, by: Agent | None) -> Planned:
    entry = known.entries.get(given.key)
    if by is not None and entry is not None:
        _check_shown(entry, by)
    former = Content.of_json(known.newest[entry.pk].content) if entry else None
    content = clean_content(content_given(given, former, language=language, brand_id=_brand(given, known)))
    check_content(content)
    owner, review_on = _care(given, entry, known)
    minds = (owner, review_on) != ((entry.owner, entry.review_on) if entry else (None, None))
    fields = changed_fields(former, content) if former else ()
    if minds:
        fields = (*fields, "owner" if owner != (entry.owner if entry else None) else "review_on")
    change: Change = "new" if entry is None else "changed" if fields else "same"
    pk = entry.pk if entry else None
    return Planned(
        number, change, given.key, content.question, fields, content=content, entry_id=pk, owner=owner,
        review_on=review_on, minds=minds,
    )  # fmt: skip


def _check_shown(entry: CatalogueEntry, by: Agent) -> None:
    if not CatalogueEntry.objects.shown_to(by).filter(pk=entry.pk).exists():
        raise LineRefusedError(_("This entry belongs to a brand that you do not work for."))


def _brand(given: Given, known: _Known) -> int | None:
    slug = given.fields.get("brand") or ""
    if slug and slug not in known.brands:
        raise LineRefusedError(_("There is no brand “%(slug)s” here.") % {"slug": slug})
    return known.brands.get(slug)


def _care(given: Given, entry: CatalogueEntry | None, known: _Known) -> tuple[Agent | None, date | None]:
    owner = entry.owner if entry else None
    review_on = entry.review_on if entry else None
    if "owner" in given.fields:
        email = given.fields["owner"].strip().lower()
        if email and email not in known.agents:
            raise LineRefusedError(_("Nobody here has the address “%(email)s”.") % {"email": email})
        owner = known.agents.get(email)
    return owner, given.fields.get("review_on", review_on)


def changed_fields(former: Content, content: Content) -> tuple[str, ...]:
    """The names of the parts that differ."""
    names = ("question", "language", "variants", "phrasings", "topics", "brand_id", "uses")
    days = ("valid_from_on", "valid_until_on")
    return tuple(name for name in (*names, *days) if _part(former, name) != _part(content, name))


def _part(content: Content, name: str) -> Any:
    """Without what a file cannot say: the files that go with an answer."""
    part = getattr(content, name)
    return [_said(one) for one in part] if name == "variants" else part


def _said(variant: Variant) -> tuple[object, ...]:
    return (*variant.occasion, variant.text)


def carry_out(
    planned: Sequence[Planned], *, by: Agent | None, approves: bool, reason: str, actor: Actor | None = None
) -> Done:
    """Write what was planned, each line in a transaction of its own; ``approves``: what may be is approved at once.

    A line that somebody has overtaken since is refused like any other.
    """
    refused = [one for one in planned if one.change == "refused"]
    counts = {"new": 0, "changed": 0, "same": 0, "approved": 0}
    for one in planned:
        if one.content is None:
            continue
        try:
            counts["approved"] += _carried_out(one, by, approves, reason, actor)
            counts[one.change] += 1
        except EntryRefusedError as error:
            refused.append(Planned(one.number, "refused", one.key, one.question, problem=str(error)))
    return Done(**counts, refused=refused)


@transaction.atomic
def _carried_out(one: Planned, by: Agent | None, approves: bool, reason: str, actor: Actor | None) -> bool:
    assert one.content is not None
    if one.entry_id is None:
        version = write_entry(one.content, key=one.key, by=by, reason=reason, actor=actor)
    elif one.change == "same":
        entry = CatalogueEntry.objects.get(pk=one.entry_id)
        version = newest_version(entry)
    else:
        version = rewrite_entry(one.entry_id, one.content, by=by, reason=reason, actor=actor)
    if one.minds:
        CatalogueEntry.objects.filter(pk=version.entry_id).update(owner=one.owner, review_on=one.review_on)
    is_draft = version.status == EntryVersion.Status.DRAFT
    if approves and is_draft and (by is None or may_approve(by, version)):
        approve_version(version.pk, by=by, actor=actor)
        return True
    return False


def exported(
    *, only_approved: bool = False, agent: Agent | None = None
) -> Iterator[tuple[CatalogueEntry, EntryVersion]]:
    """Each entry that was not retired with its newest version, or (``only_approved``) with the one that serves."""
    entries = CatalogueEntry.objects.kept().select_related("owner__user", "approved_version").order_by("key")
    if agent is not None:
        entries = entries.shown_to(agent)
    if only_approved:
        for entry in entries.filter(approved_version__isnull=False).iterator(500):
            assert entry.approved_version is not None
            yield entry, entry.approved_version
        return
    versions = EntryVersion.objects.exclude(status=EntryVersion.Status.REFUSED).order_by("entry_id", "-number")
    newest = {version.entry_id: version for version in versions.distinct("entry_id")}
    for entry in entries:
        if entry.pk in newest:
            yield entry, newest[entry.pk]
