"""winmail.dat: what Outlook wraps a mail in when it thinks that everybody has Outlook."""

from __future__ import annotations

from dataclasses import dataclass, field

from tnefparse import TNEF

from comptoir.connectors.email.charsets import decode

MAX_WINMAIL_BYTES = 40_000_000
_SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(slots=True)
class Winmail:
    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def unpack_winmail(content: bytes) -> Winmail | None:
    """The body and the files; None when it is no such file or is broken."""
    if not content.startswith(_SIGNATURE) or len(content) > MAX_WINMAIL_BYTES:
        return None
    try:
        envelope = TNEF(content, do_checksum=False)
        found = Winmail(text=_text(envelope.body), html=_text(envelope.htmlbody))
        for file in envelope.attachments:
            found.files.append((_text(file.long_filename() or file.name), bytes(file.data)))
    except Exception:  # noqa: BLE001 - any fault inside a foreign binary: the file stays attached as it came
        return None
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value).strip("\x00")
    return str(value).strip("\x00") if value else ""
