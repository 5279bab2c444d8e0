"""Files of replies, shared with their text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    OutgoingFile,
    TransientError,
    UncertainError,
)
from comptoir.connectors.slack.tests.far_side import OUTGOING, connector

FILES = (
    OutgoingFile("bon.pdf", "application/pdf", b"%PDF"),
    OutgoingFile("a.png", "image/png", b"\x89PNG", "Un colis"),
)


class FilesAtSlack:
    """Takes files, and shows the message that they become unless it is slow."""

    def __init__(self, *, is_slow: bool = False) -> None:
        self.is_slow = is_slow
        self.put: list[tuple[bytes, str]] = []
        self.completed: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "files.slack.com":
            self.put.append((request.content, request.headers.get("authorization", "")))
            return httpx.Response(200, text="OK - 4")
        match request.url.path.removeprefix("/api/"):
            case "files.getUploadURLExternal":
                asked = request.url.params
                upload = {
                    "upload_url": f"https://files.slack.com/upload/{asked['filename']}",
                    "file_id": asked["length"],
                }
                return httpx.Response(200, json={"ok": True, **upload})
            case "files.completeUploadExternal":
                self.completed.append(json.loads(request.content))
                return httpx.Response(200, json={"ok": True, "files": []})
            case _:
                return httpx.Response(200, json={"ok": True, "messages": [] if self.is_slow else self.shown})

    @property
    def shown(self) -> list[dict[str, Any]]:
        named = [{"name": "x", "title": one["title"]} for body in self.completed for one in body["files"]]
        said = [body.get("initial_comment", "") for body in self.completed]
        other = {"ts": "1772438499.000100", "text": "Autre chose", "files": named}
        return [other, *({"ts": "1772438500.000200", "text": one, "files": named} for one in said)]


def test_files_are_shared_with_the_text_in_one_message_of_the_thread() -> None:
    slack = FilesAtSlack()
    sent = connector(slack).send(replace(OUTGOING, files=FILES))
    assert slack.put == [(b"%PDF", ""), (b"\x89PNG", "")]
    assert slack.completed == [
        {
            "files": [{"id": "4", "title": "bon.pdf"}, {"id": "4", "title": "a.png"}],
            "channel_id": "C1",
            "initial_comment": "1 &lt; 2 &amp; &lt;@U1&gt;",
            "thread_ts": "1772438400.000100",
        }
    ]
    assert sent.external_id == "C1/1772438500.000200"


def test_files_that_slack_does_not_show_yet_are_looked_for_again_and_not_sent_twice() -> None:
    slack = FilesAtSlack(is_slow=True)
    outgoing = replace(OUTGOING, files=FILES)
    with pytest.raises(UncertainError, match="does not show them yet"):
        connector(slack).send(outgoing)
    slack.is_slow = False
    found = connector(slack).find_sent(outgoing)
    assert found is not None
    assert (found.external_id, len(slack.completed)) == ("C1/1772438500.000200", 1)


def test_upload_that_is_cut_has_said_nothing_and_may_be_tried_again() -> None:
    def slack(request: httpx.Request) -> httpx.Response:
        if request.url.host == "files.slack.com":
            raise httpx.ReadTimeout("cut", request=request)
        upload = {"ok": True, "upload_url": "https://files.slack.com/u", "file_id": "F1"}
        return httpx.Response(200, json=upload)

    with pytest.raises(TransientError):
        connector(slack).send(replace(OUTGOING, files=FILES))
