"""The files of messages: bytes to keep, never to be run by a browser."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _
from ninja import Router

from comptoir.api.authentication import ApiRequest, needs
from comptoir.api.problems import ProblemError
from comptoir.api.scopes import Scope
from comptoir.conversations.models import Attachment
from comptoir.conversations.reach import readable_by
from comptoir.conversations.serving import file_response
from comptoir.people.permissions import Permission

router = Router(tags=["messages"])

_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_ALLOWED = needs(Scope.CONVERSATIONS_READ, Permission.READ_CONVERSATIONS)
_ALLOWED["openapi_extra"]["responses"] = {200: {"content": _BYTES}}


@router.get("/attachments/{int:attachment_id}/content", **_ALLOWED)
def get_attachment_content(request: ApiRequest, attachment_id: int) -> FileResponse:
    """The bytes of a file in state `stored`; the message says what type they are."""
    kept = Attachment.objects.filter(
        pk=attachment_id,
        state=Attachment.State.STORED,
        message__conversation__in=readable_by(request.agent),
        message__deleted_at=None,
    ).first()
    if kept is None:
        raise ProblemError("not-found", _("No such file is kept."))
    try:
        return file_response(kept, content_type="application/octet-stream", as_attachment=True)
    except FileNotFoundError as error:
        raise ProblemError("not-found", _("No such file is kept.")) from error
