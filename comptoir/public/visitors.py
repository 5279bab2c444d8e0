"""Who is in front of the widget: a secret in their browser or, better, a signature of the site they are on.

Nothing is stored for either. A visitor's id is a digest of their secret, so that knowing the id opens nothing; a
customer whom the host site signed in is known by the site's own id, within this account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.public.problems import ProblemError

_TOKEN = re.compile(r"Bearer ([A-Za-z0-9_-]{43,86})")
_MAX_HOST_ID_CHARS = 128
_MAX_IDENTITY_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Claim:
    """What the host site says of its customer; true only once its signature is found to be right."""

    text: bytes
    signature: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def host_id(self) -> str:
        identifier = self.fields.get("id")
        return str(identifier) if isinstance(identifier, str | int) and not isinstance(identifier, bool) else ""

    def said(self, name: str) -> str:
        found = self.fields.get(name)
        return found[:255] if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person in front of the widget. ``anonymous_id`` is their browser's, ``id`` the one they write under."""

    anonymous_id: str
    claim: Claim | None = None
    identity: Literal["none", "verified", "refused"] = "none"
    scope: str = ""

    @property
    def is_verified(self) -> bool:
        return self.identity == "verified"

    @property
    def id(self) -> str:
        return self.claim.host_id if self.is_verified and self.claim else self.anonymous_id

    def whose(self, prefix: str) -> Q:
        """The rows whose identity, at ``prefix``, is this person: signed in, and before they were."""
        mine = Q(**{f"{prefix}scope": "", f"{prefix}external_id": self.anonymous_id})
        if self.is_verified:
            mine |= Q(**{f"{prefix}scope": self.scope, f"{prefix}external_id": self.id})
        return mine & Q(**{f"{prefix}channel": "chat"})

    @property
    def thread_ids(self) -> list[str]:
        """The threads of this person's conversations."""
        return sorted({self.anonymous_id, self.id})

    def described(self) -> dict[str, Any]:
        """What a stored delivery says of who wrote it."""
        described: dict[str, Any] = {"id": self.id, "scope": self.scope, "is_verified": self.is_verified}
        if self.is_verified and self.claim:
            described |= {"host_id": self.id, "name": self.claim.said("name"), "email": self.claim.said("email")}
        return described


def claimed_visitor(request: HttpRequest) -> Visitor:
    """Read who the request says it comes from; the claim is not verified yet. Raises ProblemError without a token."""
    match = _TOKEN.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        raise ProblemError(401, "no_token", _("The visitor’s token is missing."))
    digest = hashlib.sha256(match[1].encode()).hexdigest()
    return Visitor(anonymous_id=f"v-{digest[:40]}", claim=_claim(request.headers.get("X-Comptoir-Identity", "")))


def _claim(header: str) -> Claim | None:
    if not header:
        return None
    encoded, _dot, signature = header.partition(".")
    try:
        text = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        fields = json.loads(text) if len(text) <= _MAX_IDENTITY_BYTES else None
    except (binascii.Error, ValueError, RecursionError):
        return Claim(b"", "")
    claim = Claim(text, signature, fields if isinstance(fields, dict) else {})
    return claim if _is_storable_id(claim.host_id) else Claim(b"", "")


def _is_storable_id(host_id: str) -> bool:
    """Whether the database can be asked for it: it is, before the signature is checked."""
    is_text = not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in host_id)
    return is_text and 0 < len(host_id) <= _MAX_HOST_ID_CHARS


def verified_visitor(visitor: Visitor, account: ChannelAccount, credentials: Mapping[str, str]) -> Visitor:
    """Settle the claim with the account's secret: refused, the visitor stays the anonymous one they also are."""
    if visitor.claim is None:
        return visitor
    if not _is_signed(visitor.claim, credentials.get("identity_secret", "")):
        return Visitor(anonymous_id=visitor.anonymous_id, identity="refused")
    return Visitor(visitor.anonymous_id, visitor.claim, "verified", account.hook_key)


def _is_signed(claim: Claim, secret: str) -> bool:
    if not secret or not claim.host_id:
        return False
    expected = hmac.new(secret.encode(), claim.text, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), claim.signature.lower().encode("utf-8", "replace")):
        return False
    expires_at = claim.fields.get("expires_at")
    return expires_at is None or (isinstance(expires_at, int | float) and expires_at > now().timestamp())
