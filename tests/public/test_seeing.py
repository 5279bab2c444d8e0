from __future__ import annotations

import html
import json
import select
from typing import Any

import psycopg
import pytest
from django.db import connection

from comptoir.conversations.models import Message
from comptoir.conversations.seeing import mark_seen
from comptoir.conversations.typing import TYPING_CHANNEL
from tests.factories import make_agent
from tests.public.conftest import Browser


def test_opening_the_conversation_tells_the_visitor_that_it_was_read(client: Any, browser: Browser) -> None:
    browser.say("Bonjour")
    agent = make_agent(teams=[browser.account.team])
    conversation = browser.conversation()
    conversation.assignee = agent
    conversation.save()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/conversations/{conversation.pk}/").status_code == 200
    assert browser.messages()[0]["state"] == "read"


def test_someone_who_only_looks_on_leaves_no_trace(client: Any, browser: Browser) -> None:
    browser.say("Bonjour")
    director = make_agent(role="director")
    client.force_login(director.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/conversations/{browser.conversation().pk}/").status_code == 200
    assert browser.messages()[0]["state"] == "sent"


def test_page_of_the_account_shows_the_line_for_the_site(client: Any, browser: Browser) -> None:
    administrator = make_agent(role="administrator")
    client.force_login(administrator.user, backend="django.contrib.auth.backends.ModelBackend")
    page = html.unescape(client.get(f"/accounts/{browser.account.pk}/").content.decode())
    assert f'/chat.js" data-key="{browser.account.hook_key}" async></script>' in page


def test_message_is_seen_for_the_first_time_once(browser: Browser) -> None:
    browser.say("Bonjour")
    conversation = browser.conversation()
    assert [mark_seen(conversation.pk) for _time in range(2)] == [1, 0]
    assert Message.objects.get().read_at is not None


@pytest.mark.django_db(transaction=True)
def test_typing_is_announced_to_the_screens(browser: Browser, other_browser: Browser) -> None:
    browser.say("Bonjour")
    conversation = browser.conversation()
    with psycopg.connect(**_conninfo(), autocommit=True) as listening:
        listening.execute(f"LISTEN {TYPING_CHANNEL}")
        assert other_browser.post("/typing", {}).status_code == 204
        assert browser.post("/typing", {}).status_code == 204
        select.select([listening], [], [], 5)
        told = [json.loads(notice.payload) for notice in listening.notifies(timeout=0.5)]
    account = browser.account
    assert told == [{"id": conversation.pk, "account": account.pk, "team": account.team_id, "agent": None}]


def _conninfo() -> dict[str, Any]:
    parameters = connection.get_connection_params()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it
    return {name: parameters[name] for name in ("host", "port", "user", "password", "dbname") if parameters.get(name)}
