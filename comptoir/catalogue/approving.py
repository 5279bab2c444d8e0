"""Approving: a draft becomes what serves, or is refused with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.catalogue.content import Content
from comptoir.catalogue.editing import acting, index_words, show_content
from comptoir.catalogue.edition import note_change
from comptoir.catalogue.models import AnswerFile, AnswerVariant, CatalogueEntry, EntryVersion, Phrasing
from comptoir.core.clock import now
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may


class SettledAlreadyError(Exception):
    """The version does not wait for approval any more."""

    def __init__(self, version: EntryVersion) -> None:
        text = _("Version %(number)s no longer waits for approval (%(status)s): look at the entry again.")
        super().__init__(text % {"number": version.number, "status": version.get_status_display()})


class MayNotApproveError(Exception):
    """The agent's role does not reach as far as this entry."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Supervisors and administrators approve what customer service or the bot answers with; community "
                "managers what marketing alone does."
            )
        )


def may_approve(agent: Agent, version: EntryVersion) -> bool:
    """Whether the agent may approve or refuse it: what it would make of the entry, and what it would end."""
    if may(agent, Permission.APPROVE_ENTRIES):
        return True
    entry = version.entry
    serves_others = entry.approved_version_id is not None and (entry.for_service or entry.for_bot)
    is_marketings = Content.of_json(version.content).is_marketings and not serves_others
    return is_marketings and may(agent, Permission.APPROVE_MARKETING_ENTRIES)


@transaction.atomic
def approve_version(version_id: int, *, by: Agent | None, actor: Actor | None = None) -> EntryVersion:
    """Have this draft serve from now on. ``by`` is None for a command on the server.

    Raises SettledAlreadyError, MayNotApproveError.
    """
    version = _draft(version_id, by)
    entry = version.entry
    version.status, version.settled_by, version.settled_at = EntryVersion.Status.APPROVED, by, now()
    version.save(update_fields=["status", "settled_by", "settled_at"])
    content = Content.of_json(version.content)
    show_content(entry, content)
    entry.approved_version = version
    entry.save()
    index_words(entry, content)
    _write_rows(entry, content)
    record("entry.approved", subject=entry, by=acting(by, actor), version=version.number, key=entry.key)
    note_change()
    return version


@transaction.atomic
def refuse_version(version_id: int, *, by: Agent, reason: str, actor: Actor | None = None) -> EntryVersion:
    """Say no to a draft, and why. Raises SettledAlreadyError, MayNotApproveError."""
    version = _draft(version_id, by)
    version.status, version.settled_by, version.settled_at = EntryVersion.Status.REFUSED, by, now()
    version.refusal = reason.strip()[:500]
    version.save(update_fields=["status", "settled_by", "settled_at", "refusal"])
    entry = version.entry
    who = acting(by, actor)
    record("entry.refused", subject=entry, by=who, reason=version.refusal, version=version.number, key=entry.key)
    return version


def _draft(version_id: int, by: Agent | None) -> EntryVersion:
    """A draft, its entry locked. Raises SettledAlreadyError, MayNotApproveError."""
    entry = CatalogueEntry.objects.select_for_update().get(versions=version_id)
    version = EntryVersion.objects.get(pk=version_id)
    version.entry = entry
    if version.status != EntryVersion.Status.DRAFT:
        raise SettledAlreadyError(version)
    if by is not None and not may_approve(by, version):
        raise MayNotApproveError
    return version


def _write_rows(entry: CatalogueEntry, content: Content) -> None:
    """The phrasings and variants of what serves, in the place of those that did."""
    entry.phrasings.all().delete()
    Phrasing.objects.bulk_create(
        Phrasing(entry=entry, text=text, position=position) for position, text in enumerate(content.phrasings)
    )
    entry.variants.all().delete()
    variants = AnswerVariant.objects.bulk_create(
        AnswerVariant(
            entry=entry,
            language=one.language,
            channel=one.channel,
            register=one.register,
            visibility=one.visibility,
            text=one.text,
            link=one.link,
            position=position,
        )
        for position, one in enumerate(content.variants)
    )
    AnswerFile.objects.bulk_create(
        AnswerFile(
            variant=row, name=file.name, storage_key=file.storage_key, mime_type=file.mime_type,
            size_bytes=file.size_bytes,
        )
        for row, one in zip(variants, content.variants, strict=True)
        for file in one.files
    )  # fmt: skip
