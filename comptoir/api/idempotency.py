"""The same write asked for twice, with the same Idempotency-Key, is done once and answered twice.

The key is inserted first, in the transaction of the write: a second request with it waits at the unique constraint
until the first has ended, then gives the first's answer; if the first was cut, nothing of it is left and the second
does it. Only what succeeded is kept: an answer that changed nothing may be asked for again, corrected. Whoever may see
less than they did then, or more, is told that it was done and not the former answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from comptoir.api.models import ApiToken, IdempotentAnswer
from comptoir.api.problems import ProblemError
from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.core.crypto import decrypt, encrypt

HEADER = "Idempotency-Key"
WAIT = timedelta(seconds=5)
_LONGEST_KEY = 255

_CLAIM = (
    "INSERT INTO api_idempotentanswer (token_id, key, request_digest, created_at, encrypted_body)"
    " VALUES (%s, %s, %s, %s, '') ON CONFLICT (token_id, key) DO NOTHING"
)


def answer_once(request: HttpRequest, token: ApiToken, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Call ``answer``, or give what it gave before to the same key. Raises ProblemError."""
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise ProblemError("bad-idempotency-key", _("A key has 1 to 255 printable ASCII characters."))
    with transaction.atomic():
        digest = _digest(request)
        if not _claimed(token.pk, key, digest):
            return _former_answer(token, key, digest)
        response = answer()
        if isinstance(response, HttpResponse) and 200 <= response.status_code < 300:
            _keep(token, key, response)
        else:
            transaction.set_rollback(True)
        return response


def _claimed(token_id: int, key: str, digest: str) -> bool:
    """Whether the key is ours; waits while another request holds it."""
    present = now()
    IdempotentAnswer.objects.filter(
        token_id=token_id, key=key, created_at__lt=present - IdempotentAnswer.LIFETIME
    ).delete()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(WAIT.total_seconds() * 1000)}ms'")
            cursor.execute(_CLAIM, [token_id, key, digest, present])
            claimed: bool = cursor.rowcount == 1
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            return claimed
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != "55P03":
            raise
        raise in_progress() from error


def in_progress() -> ProblemError:
    detail = _("Another request with this key has not ended. Ask again in a moment, with the same key.")
    return ProblemError("in-progress", detail, headers={"Retry-After": "1"})


def _former_answer(token: ApiToken, key: str, digest: str) -> HttpResponse:
    kept = IdempotentAnswer.objects.filter(token=token, key=key).first()
    if kept is None:
        raise in_progress()
    if kept.request_digest != digest or kept.status is None:
        raise ProblemError(
            "idempotency-key-reused", _("Take a new key for each new request; a key holds for 24 hours.")
        )
    former = decrypt(bytes(kept.encrypted_body))
    if former.get("rights") != _rights(token):
        detail = _("It was done, but what this token may see has changed since: ask for what came of it anew.")
        raise ProblemError("conflict", detail)
    response = HttpResponse(former["body"], status=kept.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(token: ApiToken, key: str, response: HttpResponse) -> None:
    body = encrypt({"body": response.content.decode(), "rights": _rights(token)})
    IdempotentAnswer.objects.filter(token=token, key=key).update(status=response.status_code, encrypted_body=body)


def _rights(token: ApiToken) -> str:
    """All that decides on what a token may do and see, in short."""
    hidden = ChannelAccount.objects.hidden_from(token.agent).order_by("pk").values_list("pk", flat=True)
    teams = token.agent.teams.order_by("pk").values_list("pk", flat=True)
    rights = [sorted(token.scopes), token.agent.role, list(teams), list(hidden)]
    return hashlib.sha256(json.dumps(rights).encode()).hexdigest()


def _digest(request: HttpRequest) -> str:
    """What makes two requests the same: method, address, and content, whatever the boundary of a form's parts is."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, texts in sorted(request.POST.lists()):
        digest.update(repr((name, texts)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.content_type, file.size)).encode())
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return digest.hexdigest()
