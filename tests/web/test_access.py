"""Every address of the staff's screens, tried by everybody: one table says what each may expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from comptoir.people.actions import create_sign_in_link
from comptoir.web.urls import urlpatterns
from tests.web.conftest import ROLES, Counter, client_of, htmx

WHO = ("anonymous", "stranger", *ROLES)
OK, DONE, GONE, MADE, BAD, REFUSED = 200, 302, 404, 204, 422, 403
SIGN_IN = 302


def expect(
    *, stranger: int, agent: int, community_manager: int, expert: int, supervisor: int, director: int,
    administrator: int, anonymous: int = SIGN_IN,
) -> dict[str, int]:  # fmt: skip
    return dict(locals())


def everyone_here(status: int, *, stranger: int) -> dict[str, int]:
    """Whoever may read the conversation; for another team it does not exist."""
    return expect(stranger=stranger, **dict.fromkeys(ROLES, status))


def those_who_serve(status: int, *, stranger: int = GONE) -> dict[str, int]:
    """Experts and directors read; they do not act."""
    roles = dict.fromkeys(ROLES, status) | {"expert": REFUSED, "director": REFUSED}
    return expect(stranger=stranger, **roles)


def only(*names: str, status: int) -> dict[str, int]:
    return expect(stranger=REFUSED, **{role: status if role in names else REFUSED for role in ROLES})


@dataclass(frozen=True)
class Line:
    """One address: its arguments, what is posted (None: it is read), and what each is answered."""

    expected: dict[str, int]
    arguments: str = ""
    posted: dict[str, str] | None = None
    headers: bool = False


READ_LIST = everyone_here(OK, stranger=OK)
READ_ONE = everyone_here(OK, stranger=GONE)
ACT = those_who_serve(MADE)
WATCH = ("supervisor", "administrator")
TABLE: dict[str, Line] = {
    "inbox": Line(everyone_here(DONE, stranger=DONE)),
    "inbox_view": Line(READ_LIST, "all"),
    "inbox_page": Line(READ_LIST, "all"),
    "inbox_rows": Line(READ_LIST, "all"),
    "conversation": Line(READ_ONE, "conversation"),
    "exchange": Line(READ_ONE, "conversation"),
    "conversation_head": Line(READ_ONE, "conversation"),
    "conversation_person": Line(READ_ONE, "conversation"),
    "composer": Line(READ_ONE, "conversation"),
    "colleagues_drafts": Line(READ_ONE, "conversation"),
    "write": Line(
        those_who_serve(OK),
        "conversation", {"mode": "private", "text": "Bonjour"}, headers=True,
    ),
    "draft": Line(
        those_who_serve(MADE) | {"expert": MADE},
        "conversation", {"mode": "note", "text": "Bon"},
    ),
    "assign": Line(ACT, "conversation", {"to": "me"}, headers=True),
    "change_team": Line(ACT, "conversation", {"to": "team"}, headers=True),
    "resolve": Line(ACT, "conversation", {}, headers=True),
    "reopen": Line(those_who_serve(409), "conversation", {}, headers=True),
    "tag": Line(ACT, "conversation", {"name": "colis"}, headers=True),
    "untag": Line(ACT, "conversation", {"name": "colis"}, headers=True),
    "undo": Line(those_who_serve(OK), "queued", {}, headers=True),
    "resend": Line(those_who_serve(MADE), "failed", {}, headers=True),
    "settle": Line(those_who_serve(MADE), "uncertain", {"was_sent": "yes"}, headers=True),
    "original": Line(READ_ONE, "incoming"),
    "attachment": Line(READ_ONE, "attachment"),
    "accounts": Line(only(*WATCH, status=OK)),
    "choose_kind": Line(only("administrator", status=OK)),
    "connect": Line(only("administrator", status=OK), "fake"),
    "account": Line(only(*WATCH, status=OK), "account"),
    "check_account": Line(only("administrator", status=DONE), "account", {}),
    "pause_account": Line(only("administrator", status=DONE), "account", {}),
    "reconnect_account": Line(only("administrator", status=OK), "account"),
    "deliveries": Line(only(*WATCH, status=OK)),
    "delivery": Line(only(*WATCH, status=OK), "delivery"),
    "replay_deliveries": Line(only(*WATCH, status=DONE), "", {"id": "delivery"}),
    "people": Line(only("administrator", status=OK)),
    "new_agent": Line(only("administrator", status=OK)),
    "me": Line(everyone_here(OK, stranger=OK)),
    "sign_in": Line(expect(anonymous=OK, stranger=OK, **dict.fromkeys(ROLES, OK)), "token"),
}  # fmt: skip


def _argument(counter: Counter, name: str) -> list[Any]:
    if name == "token":
        return [create_sign_in_link(agent=counter.people["agent"])]
    if hasattr(counter, name):
        return [getattr(counter, name).pk]
    return [name] if name else []


def _posted(counter: Counter, line: Line) -> dict[str, str]:
    posted = dict(line.posted or {})
    for key, text in posted.items():
        if text in ("team", "delivery"):
            posted[key] = str(getattr(counter, text).pk)
    return posted


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == set(TABLE)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", TABLE)
def test_each_role_reaches_what_the_table_says(counter: Counter, name: str, who: str) -> None:
    line = TABLE[name]
    client = Client() if who == "anonymous" else client_of(counter.people[who])
    address = reverse(name, args=_argument(counter, line.arguments))
    headers = htmx() if line.headers and who != "anonymous" else {}
    if line.posted is None:
        answer = client.get(address, headers=headers)
    else:
        answer = client.post(address, _posted(counter, line), headers=headers)
    assert answer.status_code == line.expected[who]
    if who == "anonymous" and name != "sign_in":
        assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", [name for name, line in TABLE.items() if line.posted is not None])
def test_nothing_is_changed_without_the_token_of_the_page(counter: Counter, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(counter.people["administrator"].user, backend="django.contrib.auth.backends.ModelBackend")
    line = TABLE[name]
    answer = client.post(reverse(name, args=_argument(counter, line.arguments)), _posted(counter, line))
    assert answer.status_code == REFUSED


def test_an_agent_whose_access_was_closed_is_refused(counter: Counter) -> None:
    agent = counter.people["agent"]
    client = client_of(agent)
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    assert client.get("/inbox/all/").status_code == REFUSED
