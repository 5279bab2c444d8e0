"""Mail signed with PGP inside its text (RFC 9580, 7): the words, without what the program put around them."""

from __future__ import annotations

_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"


def without_armour(text: str) -> str:
    """The text that was signed, with what stands around it; any other text as it is. The signature is not checked."""
    before, begin, rest = text.partition(_BEGIN)
    if not begin:
        return text
    _headers, _blank, signed = rest.partition("\n\n")
    words, mark, behind = signed.partition(_SIGNATURE)
    if not mark:
        return text
    lines = (line.removeprefix("- ") for line in words.split("\n"))
    after = behind.partition(_END)[2]
    return "\n\n".join(part for part in (before.strip(), "\n".join(lines).strip("\n"), after.strip()) if part)
