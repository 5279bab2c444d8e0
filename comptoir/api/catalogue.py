"""Entries of the catalogue: the company's approved answers, and what waits for approval."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from django.db.models import Exists, OuterRef
from django.utils import timezone
from ninja import Query, Router

from comptoir.api.authentication import ApiRequest, acting, needs, not_allowed
from comptoir.api.catalogue_shapes import (
    AskedContent,
    Entry,
    EntryPage,
    Match,
    Matches,
    NewEntry,
    Refusal,
    SearchAsked,
    shown_version,
)
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.brands.models import Brand
from comptoir.catalogue.approving import MayNotApproveError, SettledAlreadyError, approve_version, refuse_version
from comptoir.catalogue.choosing import uses_of
from comptoir.catalogue.content import Content, EntryRefusedError, Variant
from comptoir.catalogue.editing import newest_version, retire_entry, rewrite_entry, write_entry
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.catalogue.models.entry import CatalogueEntryQuerySet
from comptoir.catalogue.searching.finding import find_entries
from comptoir.core.clock import now
from comptoir.people.permissions import Permission

router = Router(tags=["catalogue"])


@router.get("/catalogue/entries", response=EntryPage, **needs(Scope.CATALOGUE_READ, Permission.READ_CONVERSATIONS))
def list_entries(
    request: ApiRequest,
    status: Annotated[
        Literal["all", "approved", "draft", "retired"], Query(description="Which ones; by default all but the retired.")
    ] = "all",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> EntryPage:
    """The entries that the agent sees, in the order in which they were begun."""
    entries = _shown_entries(request)
    entries = entries.filter(retired_at__isnull=status != "retired")
    if status == "approved":
        entries = entries.filter(approved_version__isnull=False)
    if status == "draft":
        entries = entries.filter(Exists(EntryVersion.objects.filter(entry=OuterRef("pk"), status="draft")))
    found, following = page_of(entries, by=["id"], cursor=cursor, limit=limit, request=request)
    drafts = EntryVersion.objects.filter(entry__in=found, status=EntryVersion.Status.DRAFT)
    waiting = {version.entry_id: version for version in drafts}
    return EntryPage(items=[_shown(entry, waiting.get(entry.pk)) for entry in found], next=following)


@router.get(
    "/catalogue/entries/{int:entry_id}",
    response=Entry,
    **needs(Scope.CATALOGUE_READ, Permission.READ_CONVERSATIONS),
)
def get_entry(request: ApiRequest, entry_id: int) -> Entry:
    """One entry: what serves, and what waits for approval."""
    return _whole(_found(request, entry_id))


@router.post("/catalogue/entries", response={201: Entry}, **needs(Scope.CATALOGUE_WRITE, Permission.WRITE_ENTRIES))
def begin_entry(request: ApiRequest, asked: NewEntry) -> Entry:
    """Write an entry; it serves once it is approved."""
    content = _content(request, asked)
    try:
        version = write_entry(content, key=asked.key, by=request.agent, reason=asked.reason, actor=acting(request))
    except EntryRefusedError as error:
        raise _refused(error) from error
    return _whole(version.entry)


@router.put(
    "/catalogue/entries/{int:entry_id}", response=Entry, **needs(Scope.CATALOGUE_WRITE, Permission.WRITE_ENTRIES)
)
def write_entry_version(request: ApiRequest, entry_id: int, asked: AskedContent) -> Entry:
    """Write another version of it, whole; what was approved serves until this one is.

    Files that go with an answer stay.
    """
    entry = _found(request, entry_id)
    content = _content(request, asked, former=Content.of_json(newest_version(entry).content))
    try:
        rewrite_entry(entry.pk, content, by=request.agent, reason=asked.reason, actor=acting(request))
    except EntryRefusedError as error:
        raise _refused(error) from error
    return _whole(_found(request, entry_id))


@router.post(
    "/catalogue/entries/{int:entry_id}/approve",
    response=Entry,
    **needs(Scope.CATALOGUE_WRITE, Permission.APPROVE_MARKETING_ENTRIES),
)
def approve_entry(request: ApiRequest, entry_id: int) -> Entry:
    """Have the draft serve from now on."""
    return _settled(request, entry_id, None)


@router.post(
    "/catalogue/entries/{int:entry_id}/refuse",
    response=Entry,
    **needs(Scope.CATALOGUE_WRITE, Permission.APPROVE_MARKETING_ENTRIES),
)
def refuse_entry(request: ApiRequest, entry_id: int, asked: Refusal) -> Entry:
    """Say no to the draft, and why."""
    return _settled(request, entry_id, asked.reason)


@router.post(
    "/catalogue/entries/{int:entry_id}/retire",
    response=Entry,
    **needs(Scope.CATALOGUE_WRITE, Permission.APPROVE_ENTRIES),
)
def retire_entry_for_good(request: ApiRequest, entry_id: int) -> Entry:
    """Have it serve nobody any more; its versions and figures stay."""
    entry = _found(request, entry_id)
    retire_entry(entry.pk, by=request.agent, actor=acting(request))
    return _whole(_found(request, entry_id))


@router.post("/catalogue/search", response=Matches, **needs(Scope.CATALOGUE_READ, Permission.READ_CONVERSATIONS))
def search_catalogue(request: ApiRequest, asked: SearchAsked) -> Matches:
    """The entries that may answer a message, the likeliest first, by meaning and words, across languages."""
    on = timezone.localdate(now())
    found = find_entries(asked.text, uses=uses_of(request.agent), on=on, brand_id=asked.brand_id)
    rows = _shown_entries(request).filter(pk__in=[match.entry_id for match in found.matches])
    questions = dict(rows.serving(on).values_list("pk", "question"))
    items = [
        Match(
            entry_id=match.entry_id,
            question=questions[match.entry_id],
            confidence=None if match.confidence is None else round(match.confidence, 4),
            nearest_phrasing=match.nearest,
        )
        for match in found.matches
        if match.entry_id in questions
    ]
    return Matches(language=found.language, items=items)


def _shown_entries(request: ApiRequest) -> CatalogueEntryQuerySet:
    return CatalogueEntry.objects.shown_to(request.agent).select_related("approved_version")


def _found(request: ApiRequest, entry_id: int) -> CatalogueEntry:
    entry = _shown_entries(request).filter(pk=entry_id).first()
    if entry is None:
        raise ProblemError("not-found")
    return entry


def _content(request: ApiRequest, asked: AskedContent, former: Content | None = None) -> Content:
    own = list(request.agent.brands.values_list("pk", flat=True))
    brands = Brand.objects.filter(pk__in=own) if own else Brand.objects.all()
    if asked.brand_id is not None and not brands.filter(pk=asked.brand_id).exists():
        raise ProblemError("not-found")
    kept = {one.occasion: one.files for one in former.variants} if former else {}
    variants = [
        Variant(one.text, one.language, one.channel, one.formality, one.visibility, link=one.link)
        for one in asked.answers
    ]
    return Content(
        question=asked.question,
        language=asked.language,
        variants=tuple(replace(one, files=kept.get(one.occasion, ())) for one in variants),
        phrasings=tuple(asked.phrasings),
        topics=tuple(asked.topics),
        brand_id=asked.brand_id,
        uses=tuple(asked.uses),
        valid_from_on=asked.valid_from,
        valid_until_on=asked.valid_until,
    )


_POINTERS = {"variants": "answers", "valid_until_on": "valid_until", "valid_from_on": "valid_from"}


def _refused(error: EntryRefusedError) -> ProblemError:
    errors = []
    for problem in error.problems:
        name, slash, rest = problem.field.partition("/")
        pointer = f"/{_POINTERS.get(name, name)}{slash}{rest}"
        errors.append({"in": "body", "pointer": pointer, "detail": problem.text})
    return ProblemError("invalid", str(error), errors=errors)


def _settled(request: ApiRequest, entry_id: int, refusal: str | None) -> Entry:
    entry = _found(request, entry_id)
    draft = entry.versions.filter(status=EntryVersion.Status.DRAFT).first()
    if draft is None:
        raise ProblemError("conflict")
    try:
        if refusal is None:
            approve_version(draft.pk, by=request.agent, actor=acting(request))
        else:
            refuse_version(draft.pk, by=request.agent, reason=refusal, actor=acting(request))
    except MayNotApproveError as error:
        raise not_allowed(Permission.APPROVE_ENTRIES) from error
    except SettledAlreadyError as error:
        raise ProblemError("conflict", str(error)) from error
    return _whole(_found(request, entry_id))


def _whole(entry: CatalogueEntry) -> Entry:
    return _shown(entry, entry.versions.filter(status=EntryVersion.Status.DRAFT).first())


def _shown(entry: CatalogueEntry, draft: EntryVersion | None) -> Entry:
    return Entry(
        id=entry.pk,
        key=entry.key,
        question=entry.question,
        owner_id=entry.owner_id,
        review_on=entry.review_on,
        retired_at=entry.retired_at,
        approved=shown_version(entry.approved_version) if entry.approved_version else None,
        draft=shown_version(draft) if draft else None,
    )
