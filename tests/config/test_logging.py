from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory

from comptoir.config.logging import RequestIdMiddleware, StrangersFilter, readable_line

SCRIPT = """
import logging, structlog
from comptoir.config.logging import bind_job, configure_logging
configure_logging("worker")
bind_job("delivery.deliver", 12)
logging.getLogger("some.library").warning("slow %s", "answer")
structlog.get_logger("comptoir.x").info("sent", account=3, text="two\\nlines \\x1b[2J")
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("comptoir.x").exception("broke")
raise SystemError("the end")
"""


def printed(**environment: str) -> str:
    import os

    environment = os.environ | {"COMPTOIR_LOG_LEVEL": "INFO"} | environment
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, env=environment
    ).stderr


def test_every_line_is_one_json_object_with_process_and_job():
    lines = [json.loads(line) for line in printed(COMPTOIR_LOG_FORMAT="json").splitlines()]
    assert [line["event"] for line in lines] == ["slow answer", "sent", "broke", "ended by an error"]
    assert {(line["process"], line["job"], line["job_id"]) for line in lines} == {("worker", "delivery.deliver", 12)}
    assert lines[1]["account"] == 3
    assert "ZeroDivisionError" in lines[2]["exception"]
    assert "the end" in lines[3]["exception"]


def test_a_request_for_a_host_that_is_not_ours_is_one_line_without_a_trace(client, caplog):
    strangers = StrangersFilter()
    caplog.handler.addFilter(strangers)
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    caplog.handler.removeFilter(strangers)
    (told,) = caplog.records
    assert "elsewhere.example" in told.getMessage()
    assert (told.levelname, told.exc_info) == ("WARNING", None)


def test_what_customers_write_cannot_forge_a_readable_line():
    line = readable_line(None, "info", {"event": "a\nb", "level": "info", "text": "\x1b[2J\u202e"})
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\\u001b" in line


@pytest.fixture
def answer():
    def get_response(_request):
        return HttpResponse(structlog.contextvars.get_contextvars().get("request_id", ""))

    return lambda **headers: RequestIdMiddleware(get_response)(RequestFactory().get("/", headers=headers))


def test_a_request_keeps_the_id_that_a_proxy_gave_it(answer):
    response = answer(**{"X-Request-ID": "abc-123"})
    assert response["X-Request-ID"] == "abc-123"
    assert response.content == b"abc-123"


@pytest.mark.parametrize("forged", ["", "a b", "x" * 200, "é", 'a"b'])
def test_what_is_no_id_is_replaced(answer, forged):
    given = answer(**{"X-Request-ID": forged})["X-Request-ID"]
    assert given != forged
    assert len(given) == 32


def test_a_broken_answer_is_logged_and_a_quick_good_one_is_not(caplog):
    factory = RequestFactory()
    with caplog.at_level(logging.INFO, logger="comptoir.requests"):
        RequestIdMiddleware(lambda _request: HttpResponse())(factory.get("/good"))
        RequestIdMiddleware(lambda _request: HttpResponse(status=500))(factory.get("/bad"))
    assert [record.path for record in caplog.records] == ["/bad"]
