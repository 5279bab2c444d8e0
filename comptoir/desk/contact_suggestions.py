"""Who may be the same person, and why one would think so. A person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from comptoir.connectors import registry
from comptoir.contacts.models import Contact, ContactIdentity, IdentityLink
from comptoir.desk.models import Invitation

_MOST = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A contact who may be the same person; ``is_proven`` where a site signed the address, or a link was followed."""

    contact: Contact
    reason: str
    is_proven: bool


def likely_same(
    contact: Contact,
    identities: Sequence[ContactIdentity] | None = None,
    *,
    has_invitations: bool = True,
    has_links: bool = True,
) -> list[Suggestion]:
    """Contacts with the same address, who came by an invitation of this one, or whom a network calls the same; the best
    grounds first.

    ``identities`` are the contact's own, where they have been read already. Where it is known that nobody came by an
    invitation, or that no network named them together with somebody, none is looked for.
    """
    identities = list(contact.identities.all()[:50]) if identities is None else identities
    by_invitation = _by_invitation(contact, identities) if has_invitations else ()
    found = [
        *_by_address(contact, identities),
        *by_invitation,
        *(_by_network(contact, identities) if has_links else ()),
    ]
    best: dict[int, Suggestion] = {}
    for one in sorted(found, key=lambda suggestion: suggestion.is_proven):
        best[one.contact.pk] = one
    return sorted(best.values(), key=lambda suggestion: not suggestion.is_proven)[:_MOST]


def _by_address(contact: Contact, identities: Iterable[ContactIdentity]) -> Iterable[Suggestion]:
    mine = {address: one for one in identities if (address := _address(one))}
    if not mine:
        return
    others = ContactIdentity.objects.filter(
        Q(channel="email", external_id__in=mine) | Q(channel="chat", handle__in=mine)
    )
    for other in others.exclude(contact=contact).select_related("contact").order_by("pk")[:_MOST]:
        address = _address(other)
        if other.contact.merged_into_id or address not in mine:
            continue
        is_signed = _is_signed(other) or _is_signed(mine[address])
        words = (
            _("Your site signed this address: %(address)s") if is_signed else _("Both gave this address: %(address)s")
        )
        yield Suggestion(other.contact, words % {"address": address}, is_signed)


def _address(identity: ContactIdentity) -> str:
    if identity.channel == "email":
        return identity.external_id
    return identity.handle if identity.channel == "chat" and "@" in identity.handle else ""


def _is_signed(identity: ContactIdentity) -> bool:
    """Whether the company's own site vouches for it: such visitors are known within one account."""
    return identity.channel == "chat" and bool(identity.scope)


def _by_network(contact: Contact, identities: Iterable[ContactIdentity]) -> Iterable[Suggestion]:
    """Whom the network itself names as the same person, by an id of each that it gave at once."""
    mine = [one.pk for one in identities]
    links = IdentityLink.objects.filter(Q(one__in=mine) | Q(other__in=mine)).order_by("-told_at", "pk")
    for link in links.select_related("one__contact", "other__contact")[:_MOST]:
        own, other = (link.one, link.other) if link.one_id in mine else (link.other, link.one)
        if other.contact_id == contact.pk or other.contact.merged_into_id:
            continue
        said = {"network": _network(other.channel), "one": _shown(own), "other": _shown(other)}
        yield Suggestion(other.contact, _("%(network)s names them as one person: %(one)s, %(other)s") % said, True)


def _network(channel: str) -> str:
    kind = registry.connector_classes().get(channel)
    return kind.label if kind else channel


def _shown(identity: ContactIdentity) -> str:
    return identity.handle or identity.external_id


def _by_invitation(contact: Contact, identities: Iterable[ContactIdentity]) -> Iterable[Suggestion]:
    used = Invitation.objects.filter(identity__in=identities).exclude(conversation__contact=contact)
    asked = Invitation.objects.filter(conversation__contact=contact).exclude(identity=None)
    asked = asked.exclude(identity__contact=contact)
    either = Invitation.objects.filter(pk__in=used.values("pk")[:_MOST].union(asked.values("pk")[:_MOST], all=True))
    for invitation in either.select_related("conversation__contact", "identity__contact"):
        sent_to, taken_by = invitation.conversation.contact, invitation.identity and invitation.identity.contact
        if sent_to != contact and sent_to.merged_into_id is None:
            yield Suggestion(sent_to, _("Came by the private link sent to this person"), True)
        elif sent_to == contact and taken_by and taken_by.merged_into_id is None:
            yield Suggestion(taken_by, _("Used the private link that this person was sent"), True)
