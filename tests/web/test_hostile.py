"""What nobody types, sent to every address: the answer is a refusal, never a failure of ours."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import URLPattern, reverse

from comptoir.web.urls import urlpatterns
from tests.web import one_counter
from tests.web.access import TABLE
from tests.web.conftest import Counter, htmx
from tests.web.test_access import _argument, _posted

counter = one_counter.counter

#: What forms and addresses of ours call what they send.
NAMES = (
    "act", "after", "around", "before", "beside", "brand", "by", "canned", "choice", "end", "gone", "ids", "key",
    "language", "later", "later_at", "macro", "merge", "message", "mode", "name", "q", "reason", "saved", "sequence",
    "since", "sort", "tag", "tags", "team", "text", "time_zone", "title", "to", "until", "url", "view", "details",
)  # fmt: skip
HOSTILE = {
    "nothing that can be stored": b"a\x00b",
    "half a character": "\udcff\ud800".encode("utf-8", "surrogatepass"),
    "a number beyond all ids": b"9" * 40,
    "a moment beyond all calendars": b"9999-12-31T23:59:59-12:00",
    "the last day": b"9999-12-31",
}


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)])
def test_hostile_words_are_never_a_failure_of_ours(counter: Counter, name: str) -> None:
    client, line = counter.client("administrator"), TABLE[name]
    client.raise_request_exception = False
    address = reverse(name, args=_argument(counter, line.arguments))
    failed = []
    for kind, text in HOSTILE.items():
        query = urlencode(dict.fromkeys(NAMES, text))
        body = urlencode(dict(_posted(counter, line)) | dict.fromkeys(line.posted or NAMES, text))
        with transaction.atomic():
            read = client.get(f"{address}?{query}", headers=htmx())
            transaction.set_rollback(True)
        with transaction.atomic():
            form = "application/x-www-form-urlencoded"
            written = client.post(address, body, content_type=form, headers=htmx())
            transaction.set_rollback(True)
        failed += [(kind, answer.status_code) for answer in (read, written) if answer.status_code >= 500]
    assert failed == []
