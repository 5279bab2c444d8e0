"""Files of messages as answers of HTTP, which the server sends from where they lie."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.http import content_disposition_header

from comptoir.conversations.files import CHUNK_BYTES, KeptPart, byte_range, open_file
from comptoir.conversations.models import Attachment


class _PiecesResponse(FileResponse):
    block_size = CHUNK_BYTES


def file_response(
    kept: Attachment, *, content_type: str, as_attachment: bool, asked_range: str | None = None
) -> FileResponse:
    """A kept file, or the part of it that a player asks for by its Range header, which is None where no part is given.

    Raises FileNotFoundError.
    """
    size = kept.size_bytes or 0
    part = byte_range(asked_range or "", size)
    start, length = part or (0, size)
    stream = KeptPart(open_file(kept.storage_key), start=start, left_bytes=length)
    response = _PiecesResponse(stream, content_type=content_type, status=206 if part else 200)
    response["Content-Length"] = str(length)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment, kept.name or f"file-{kept.pk}") or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    if asked_range is not None:
        response["Accept-Ranges"] = "bytes"
    return response
