"""What a request announced and did not send is not taken for all of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory

from comptoir.config.bodies import CutError, WholeBody, must_come_whole


class Trickling(io.BytesIO):
    """Gives less than it is asked for."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size) if size is not None and size >= 0 else 3)


def test_a_body_is_read_whole_however_it_comes() -> None:
    body = WholeBody(Trickling(b"bonjour, suite"), 7)
    assert (body.read(5), body.read(), body.read()) == (b"bonjo", b"ur", b"")


def test_lines_end_where_the_body_does() -> None:
    body = WholeBody(io.BytesIO(b"un\ndeux\ntrois"), 10)
    assert [body.readline(), body.readline(2), body.readline(), body.readline(), body.readline()] == [
        b"un\n", b"de", b"ux\n", b"tr", b"",
    ]  # fmt: skip


@pytest.mark.parametrize("read", [WholeBody.read, WholeBody.readline])
def test_a_body_that_is_cut_is_told_as_such(read: Callable[[WholeBody], bytes]) -> None:
    with pytest.raises(CutError):
        read(WholeBody(io.BytesIO(b"bonj"), 7))


@pytest.mark.parametrize("declared", ["", "many", "-1", "²"])
def test_what_announces_no_length_is_left_alone(declared: str) -> None:
    stream = io.BytesIO(b"x")
    environ: dict[str, Any] = {"CONTENT_LENGTH": declared, "wsgi.input": stream}
    must_come_whole(environ)
    assert environ["wsgi.input"] is stream


def test_django_takes_no_half_of_a_form() -> None:
    from django.http import UnreadablePostError

    whole = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nmoiti'
    for content_type in ("multipart/form-data; boundary=b", "application/json"):
        request = RequestFactory().generic("POST", "/", whole, content_type=content_type)
        request.META["CONTENT_LENGTH"] = str(len(whole) + 10)
        environ = request.environ | {"wsgi.input": io.BytesIO(whole), "CONTENT_LENGTH": str(len(whole) + 10)}
        must_come_whole(environ)
        cut = type(request)(environ)
        with pytest.raises(UnreadablePostError):
            json.loads(cut.body) if "json" in content_type else cut.FILES["file"]
