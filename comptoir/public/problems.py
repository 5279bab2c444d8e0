"""Errors as RFC 9457 problems: ``code`` is for the widget, ``detail`` for people."""

from __future__ import annotations

from django.http import JsonResponse


class ProblemError(Exception):
    """What the visitor's request cannot be given; becomes the answer."""

    def __init__(self, status: int, code: str, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s

    def answer(self) -> JsonResponse:
        """The response that says so."""
        body = {"type": "about:blank", "status": self.status, "code": self.code, "detail": self.detail}
        response = JsonResponse(body, status=self.status, content_type="application/problem+json")
        if self.retry_after_s is not None:
            response["Retry-After"] = str(self.retry_after_s)
        return response
