"""What nobody types, sent to every address: the answer is a refusal, never a failure of ours."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from comptoir.desk.models import BulkAct, InboxView
from comptoir.web.urls import urlpatterns
from tests.web.access import TABLE
from tests.web.conftest import Counter, client_of, htmx
from tests.web.test_access import _argument, _posted

#: Whatever a form or an address of ours names somewhere.
NAMES = (
    "act", "after", "alt_text", "around", "availability", "before", "beside", "block", "brand", "came_to", "canned",
    "choice", "confirmed", "end", "everything", "follow", "gone", "id", "ids", "key", "language", "last_seen", "later",
    "later_at", "macro", "merge", "message", "mode", "name", "next", "on", "order", "owner", "q", "reason",
    "remove_file", "saved", "seen_up_to", "sequence", "shared", "since", "sort", "spam", "span", "status", "tag",
    "tags", "team", "text", "theme", "title", "shortcut", "to", "until", "up", "view", "visibility", "was_sent", "way",
    "waiting", "promise", "at", "from", "to_day", "actor", "subject", "kind", "time_zone", "opens", "closes", "url",
    "email", "role", "about", "details", "details-0", "newer", "older",
)  # fmt: skip
HOSTILE = {
    "nul": "a\x00b",
    "huge": "x" * 200_000,
    "negative": "-1",
    "digits": "9" * 18,
    "too many digits": "9" * 40,
    "other digits": "٣",
    "superscript": "²",
    "json": "[" * 5000,
    "late": "9999-12-31T23:59:59-12:00",
    "late there": "9999-12-31T23:59:59",
    "early": "0001-01-01T00:00:00+12:00",
    "day": "9999-12-31",
    "first day": "0001-01-01",
    "markup": "\"'><script>alert(1)</script>{{ 7 }}{% now %}",
    "operators": "a & | ! ( ) <-> :* 'b\\ \" % _ -",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\nb",
    "surrogate": "\udcff\ud800",
    "signs": "\u202e\ufeff\u2028",
    "zone": "Europe/Nowhere",
    "path": "../../etc/passwd",
}


def _bytes(text: str) -> str:
    return urlencode({name: text.encode("utf-8", "surrogatepass") for name in NAMES})


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)])
def test_hostile_words_are_never_a_failure_of_ours(counter: Counter, name: str, kind: str) -> None:
    client = client_of(counter.people["administrator"])
    client.raise_request_exception = False
    line = TABLE[name]
    address = reverse(name, args=_argument(counter, line.arguments))
    sent = _bytes(HOSTILE[kind])
    bad = []
    if line.posted is not None or name not in ():
        for headers in (htmx(), {}):
            answer = client.post(address, sent, content_type="application/x-www-form-urlencoded", headers=headers)
            if answer.status_code >= 500:
                bad.append(
                    (
                        "post",
                        answer.status_code,
                        repr(answer.exc_info[1])[:300] if getattr(answer, "exc_info", None) else "",
                    )
                )
        for field, text in _posted(counter, line).items():
            answer = client.post(
                address,
                _posted(counter, line) | {field: HOSTILE[kind].encode("utf-8", "replace").decode()},
                headers=htmx(),
            )
            if answer.status_code >= 500:
                bad.append(
                    (
                        "one",
                        field,
                        answer.status_code,
                        repr(answer.exc_info[1])[:300] if getattr(answer, "exc_info", None) else "",
                    )
                )
    if kind != "huge":
        answer = client.get(address + "?" + sent, headers=htmx())
        if answer.status_code >= 500:
            bad.append(
                ("get", answer.status_code, repr(answer.exc_info[1])[:300] if getattr(answer, "exc_info", None) else "")
            )
    assert not bad
