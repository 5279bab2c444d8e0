"""Contacts: the people who speak to us."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Words
from comptoir.contacts.models import Contact as StoredContact
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission

router = Router(tags=["contacts"])


class Identity(Schema):
    id: int
    channel: str
    external_id: str
    handle: str
    name: str
    avatar_url: str


class Contact(Schema):
    id: int
    name: str
    language: str
    created_at: datetime
    identities: list[Identity]


class ContactPage(Schema):
    items: list[Contact]
    next: str | None = None


class ContactChange(Asked):
    name: Annotated[Words, Field(max_length=255)] | None = None
    language: Annotated[Words, Field(max_length=12, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$")] | None = None


@router.get("/contacts", response=ContactPage, **needs(Scope.CONTACTS_READ, Permission.READ_CONVERSATIONS))
def list_contacts(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> ContactPage:
    """The people with whom there is a conversation that the agent may read, newest first."""
    found, following = page_of(_visible(request.agent), by=["-id"], cursor=cursor, limit=limit, request=request)
    return ContactPage(items=[_shown(contact) for contact in found], next=following)


@router.get("/contacts/{int:contact_id}", response=Contact, **needs(Scope.CONTACTS_READ, Permission.READ_CONVERSATIONS))
def get_contact(request: ApiRequest, contact_id: int) -> Contact:
    """One person, with the names they go by on each channel."""
    return _shown(_found(_visible(request.agent), contact_id))


@router.patch("/contacts/{int:contact_id}", response=Contact, **needs(Scope.CONTACTS_WRITE, Permission.ANSWER))
def change_contact(request: ApiRequest, contact_id: int, asked: ContactChange) -> Contact:
    """Correct a person's name or language."""
    wanted = {name: text for name, text in asked.model_dump(exclude_unset=True).items() if text is not None}
    with transaction.atomic():
        contact = _found(_visible(request.agent).select_for_update(of=("self",)), contact_id)
        changed = [name for name, text in wanted.items() if getattr(contact, name) != text]
        for name in changed:
            setattr(contact, name, wanted[name])
        if changed:
            contact.save(update_fields=changed)
            record("contact.changed", subject=contact, by=acting(request), fields=changed)
    return _shown(contact)


def _visible(agent: Agent) -> QuerySet[StoredContact]:
    contacts = StoredContact.objects.prefetch_related("identities")
    if agent.role == Agent.Role.ADMINISTRATOR:
        return contacts
    return contacts.filter(Exists(Conversation.objects.visible_to(agent).filter(contact=OuterRef("pk"))))


def _found(contacts: QuerySet[StoredContact], contact_id: int) -> StoredContact:
    contact = contacts.filter(pk=contact_id).first()
    if contact is None:
        raise ProblemError("not-found", _("No such contact."))
    return contact


def _shown(contact: StoredContact) -> Contact:
    return Contact(
        id=contact.pk,
        name=contact.name,
        language=contact.language,
        created_at=contact.created_at,
        identities=[shown_identity(identity) for identity in contact.identities.all()],
    )


def shown_identity(identity: ContactIdentity) -> Identity:
    """One name of a person on one channel."""
    return Identity(
        id=identity.pk,
        channel=identity.channel,
        external_id=identity.external_id,
        handle=identity.handle,
        name=identity.name,
        avatar_url=identity.avatar_url,
    )
