"""Whether an id token is to be believed: OpenID Connect Core 1.0, section 3.1.3.7. Plain Python."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt

from comptoir.web.company_sign_in.errors import TokenRefusedError

#: Signatures that the provider alone can make. Those with a shared secret are left out: whoever verifies could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_APART = timedelta(minutes=2)
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")


def nonce_of(code_verifier: str) -> str:
    """What the id token must repeat: derived from PKCE’s secret, so that it is kept with it and tells nothing of it."""
    return urlsafe_b64encode(hashlib.sha256(f"nonce {code_verifier}".encode()).digest()).rstrip(b"=").decode()


def verified_claims(
    id_token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """What the provider says of the person. ``keys`` is its JWKS. Raises TokenRefusedError.

    The signature is verified although the token came over a connection of our own: the core specification lets that be
    left out over TLS, and an issuer inside a company's network is not always reached over TLS.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token, _key_for(id_token, keys), algorithms=ALGORITHMS, audience=client_id, issuer=issuer,
            leeway=CLOCKS_APART, options={"require": list(_REQUIRED)},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise TokenRefusedError(f"id token: {error}") from error
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenRefusedError("id token: made for another sign-in (nonce)")
    if claims.get("azp", client_id) != client_id:
        raise TokenRefusedError("id token: made for another application (azp)")
    return claims


def _key_for(id_token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """The key that the token names; a token that names none is taken where there is but one."""
    named = jwt.get_unverified_header(id_token).get("kid")
    candidates = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in (None, "sig")]
    if named is not None:
        candidates = [key for key in candidates if key.key_id == named]
    if len(candidates) != 1:
        raise TokenRefusedError(
            f"id token: {len(candidates)} of the provider’s keys could have signed it (kid {named})"
        )
    return candidates[0]
