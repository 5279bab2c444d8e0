"""On which numbers a customer can be called: those they are known by, those they wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation
from comptoir.desk.refusals import BadNumberError, CostlyNumberError
from comptoir.understanding.personal_data import personal_data

#: Where a number is read as written at home; any other is written with its country's +.
_HOME = "FR"
_MOST_TEXTS = 50
_MOST_NUMBERS = 5
#: An id that is a number as it stands; WhatsApp writes its numbers without the +.
_ID = re.compile(r"\+?[1-9][0-9]{7,14}")
_BARE = frozenset({"whatsapp"})
#: Who asks to be called there earns by it.
_COSTLY = phonenumbers.PhoneNumberType.PREMIUM_RATE


def telephone_number(written: str) -> str:
    """What somebody wrote as E.164. Raises BadNumberError, and CostlyNumberError (which is one)."""
    try:
        number = phonenumbers.parse(written.strip()[:30], _HOME)
    except phonenumbers.NumberParseException as error:
        raise BadNumberError from error
    if not phonenumbers.is_valid_number(number):
        raise BadNumberError
    if phonenumbers.number_type(number) == _COSTLY:
        raise CostlyNumberError
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def written_numbers(text: str) -> Iterator[str]:
    """The customer's own numbers in a text of theirs, as E.164."""
    for found in personal_data(text, incoming=True):
        if found.kind == "phone":
            try:
                yield telephone_number(text[found.start : found.end])
            except BadNumberError:
                continue


def numbers_held(conversation: Conversation) -> list[str]:
    """The best first: what they wrote last in this conversation, then what they are known by on any channel."""
    said = conversation.messages.incoming().filter(deleted_at=None).order_by("-sent_at", "-pk")
    found = [number for text in said.values_list("text", flat=True)[:_MOST_TEXTS] for number in written_numbers(text)]
    for identity in ContactIdentity.objects.filter(contact=conversation.contact_id).order_by("pk")[:_MOST_TEXTS]:
        if _ID.fullmatch(identity.external_id):
            written = identity.external_id
            if identity.channel in _BARE:
                written = f"+{written.removeprefix('+')}"
            if written.startswith("+"):
                found.append(written)
    return list(dict.fromkeys(found))[:_MOST_NUMBERS]
