"""What staff write down about a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.core.lines import on_one_line
from comptoir.events.record import SYSTEM, Actor, Happening, record, record_all

MAX_ATTRIBUTES, MAX_ATTRIBUTE_CHARS, MAX_ABOUT_CHARS = 50, 500, 5000
MAX_TAGS, MAX_TAG_CHARS = 30, 40


@transaction.atomic
def edit_contact(
    contact_id: int,
    *,
    by: Actor,
    name: str,
    language: str,
    about: str,
    attributes: Mapping[str, str],
    tags: Iterable[str],
) -> Contact:
    """Write down what is known; what is longer than it may be is cut. Only the names of what changed are recorded.

    Raises Contact.DoesNotExist.
    """
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    wanted = {
        "name": _clean(name, 255),
        "language": _clean(language, 12),
        "about": about.replace("\x00", "").strip()[:MAX_ABOUT_CHARS],
        "attributes": _attributes(attributes),
        "tags": sorted({word for tag in tags if (word := _clean(tag, MAX_TAG_CHARS).lower())})[:MAX_TAGS],
    }
    changed = [field for field, value in wanted.items() if getattr(contact, field) != value]
    for field in changed:
        setattr(contact, field, wanted[field])
    if changed:
        contact.save(update_fields=changed)
        record("contact.changed", subject=contact, by=by, fields=changed)
    return contact


@transaction.atomic
def learn_person(
    identity_id: int, *, handle: str = "", name: str = "", avatar_url: str = "", conversation_id: int | None = None
) -> bool:
    """Keep what a network tells of a person it had named by an id alone; whether that is news.

    The contact is renamed unless a colleague named them otherwise. ``conversation_id``: whose readers are told.
    """
    identity = ContactIdentity.objects.select_for_update(of=("self",), no_key=True).get(pk=identity_id)
    told = {"handle": _clean(handle, 320), "name": _clean(name, 255), "avatar_url": avatar_url.strip()[:2000]}
    news = [field for field, value in told.items() if value and getattr(identity, field) != value]
    if not news:
        return False
    made_up = {"", identity.external_id[:255], identity.handle[:255], identity.name}
    for field in news:
        setattr(identity, field, told[field])
    identity.save(update_fields=news)
    shown = identity.name or identity.handle[:255]
    Contact.objects.filter(pk=identity.contact_id, name__in=made_up).update(name=shown)
    details = {"fields": ["name"]}
    record_all([Happening("contact.changed", "contact", identity.contact_id, SYSTEM, conversation_id, details=details)])
    return True


def _clean(text: str, longest: int) -> str:
    return on_one_line(text)[:longest].strip()


def _attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    kept = {_clean(name, 60): _clean(value, MAX_ATTRIBUTE_CHARS) for name, value in attributes.items()}
    return dict([(name, value) for name, value in kept.items() if name and value][:MAX_ATTRIBUTES])
