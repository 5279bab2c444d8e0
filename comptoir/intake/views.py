"""The webhook endpoint under Django's own handler, for servers that do not go through config.wsgi."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from comptoir.connectors.base import Delivery, HookRequest
from comptoir.intake.hooks import MAX_BODY_BYTES, answer
from comptoir.intake.storing import store_delivery


@csrf_exempt
def receive_hook(request: HttpRequest, kind: str, hook_key: str) -> HttpResponse:
    """Take one delivery of a network, which its connector verifies, or answer the network's challenge."""
    try:
        body = request.body
    except (RequestDataTooBig, RawPostDataException, UnreadablePostError):
        return HttpResponse(
            f"A delivery may have {MAX_BODY_BYTES} bytes at most.", status=413, content_type="text/plain"
        )
    headers = {name.lower(): text for name, text in request.headers.items()}
    url = f"{settings.BASE_URL}{request.get_full_path()}"
    asked = HookRequest(request.method or "", url, request.GET.dict(), headers, body)
    said = answer(asked, _store, kind=kind, hook_key=hook_key)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(said.body, status=said.status, content_type=said.content_type, headers=headers)


def _store(account_id: int, delivery: Delivery) -> None:
    store_delivery(account_id, delivery)
