"""The link that shows one question to somebody without an account, and takes one answer.

It is signed, so that neither a guess nor a reader of the database makes one; it ends when its time is over, when the
question is answered, and when it is taken back.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

from comptoir.conversations.models import Consultation
from comptoir.core.clock import now

_MOST_CHARS = 200
_MOST_ID_DIGITS = 18


def _signer() -> Signer:
    return Signer(sep=".", salt="comptoir.consultation")


def link_token(consultation: Consultation) -> str:
    """What stands in the link: which question, its key, and our signature over both."""
    return _signer().sign(f"{consultation.pk}-{consultation.link_key}")


def link_address(consultation: Consultation) -> str:
    return f"{settings.BASE_URL}/question/{link_token(consultation)}"


def consultation_of(token: str) -> Consultation | None:
    """The question that a link shows, while it waits for its answer; None for everything else."""
    if len(token) > _MOST_CHARS:
        return None
    try:
        named, _dash, key = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    if not named.isascii() or not named.isdecimal() or len(named) > _MOST_ID_DIGITS:
        return None
    waiting = Consultation.objects.open().filter(pk=int(named), expert=None, link_expires_at__gt=now())
    found = waiting.select_related("asked_by", "conversation__account__brand").first()
    return found if found is not None and constant_time_compare(found.link_key, key) else None
