"""The files of messages: bytes to keep, never to be run by a browser."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Router

from comptoir.api.authentication import ApiRequest, needs
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.conversations.files import open_file, pieces
from comptoir.conversations.models import Attachment, Conversation
from comptoir.people.permissions import Permission

router = Router(tags=["messages"])

_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_ALLOWED = needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)
_ALLOWED["openapi_extra"]["responses"] = {200: {"content": _BYTES}}


@router.get("/attachments/{int:attachment_id}/content", **_ALLOWED)
def get_attachment_content(request: ApiRequest, attachment_id: int) -> StreamingHttpResponse:
    """The bytes of a file in state `stored`; the message says what type they are."""
    kept = Attachment.objects.filter(
        pk=attachment_id,
        state=Attachment.State.STORED,
        message__conversation__in=Conversation.objects.visible_to(request.agent),
        message__deleted_at=None,
    ).first()
    if kept is None:
        raise ProblemError("not-found", _("No such file is kept."))
    try:
        open_file(kept.storage_key).close()
    except FileNotFoundError as error:
        raise ProblemError("not-found", _("No such file is kept.")) from error
    response = StreamingHttpResponse(pieces(kept.storage_key), content_type="application/octet-stream")
    name = kept.name or f"file-{kept.pk}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    if kept.size_bytes is not None:
        response["Content-Length"] = str(kept.size_bytes)
    return response
