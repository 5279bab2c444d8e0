"""Calls of a real Kamailio to a whole counter: its web server takes them, its worker reads them, a page rings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.peers.bluesky_network import eventually
from tests.peers.kamailio_switchboard import OURS, Switchboard, documented_telling, plain_telling, running_switchboard
from tests.peers.running import RunningCounter

pytestmark = pytest.mark.peers
SECRET, LEA, TOM = "between-us-and-them", "+33612345678", "+33698765432"
_CONNECT = f"""
import json
from django.conf import settings
from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.people.actions import create_agent
from comptoir.people.models import Agent, Team
from tests.factories import make_session
team, _made = Team.objects.get_or_create(name="Accueil")
brand, _made = Brand.objects.get_or_create(slug="maison", defaults={{"name": "Maison"}})
agent = create_agent(role=Agent.Role.AGENT, teams=[team], email="awa@maison.example", name="Awa Diop")
credentials = {{"number": "{OURS}", "webhook_secret": "{SECRET}"}}
account = connect_account(
    brand=brand, team=team, kind="phone", name="Standard", own_id="{OURS}", credentials=credentials
)
print(json.dumps([account.hook_key, settings.SESSION_COOKIE_NAME, make_session(agent)]))
"""
_CALLS = """
import json
from comptoir.conversations.models import Message
found = Message.objects.filter(kind="call").order_by("pk").select_related("identity")
print(json.dumps([[str(call.identity), call.call_state] for call in found]))
"""


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[RunningCounter]:
    tmp_path.chmod(0o711)
    running = RunningCounter(tmp_path / "var")
    running.start()
    try:
        yield running
    finally:
        running.stop()


def board_for(folder: Path, telling: str) -> Any:
    folder.mkdir()
    return running_switchboard(folder, telling)


def test_the_page_rings_and_each_call_stands_as_it_ended(counter: RunningCounter, tmp_path: Path) -> None:
    key, cookie, session = counter.run(_CONNECT)
    hook = f"http://127.0.0.1:{counter.port}/hooks/phone/{key}"
    page = httpx.Client(base_url=f"http://127.0.0.1:{counter.port}", cookies={cookie: session})
    with page, board_for(tmp_path / "by-post", documented_telling(hook, SECRET)) as board:
        _give_up_while_the_page_rings(board, page)
        with board.desk("uas"):
            board.call("uac", calls=3, talks_ms=500)
    with board_for(tmp_path / "by-get", plain_telling(hook, SECRET)) as board, board.desk("uas"):
        board.call("customer_hangs_up", TOM, talks_ms=500)
    wanted = [[LEA, "missed"], *[["sipp", "ended"]] * 3, [TOM, "ended"]]
    eventually(lambda: counter.run(_CALLS) == wanted)


def _give_up_while_the_page_rings(board: Switchboard, page: httpx.Client) -> None:
    with board.desk("desk_only_rings"), board.customer("customer_gives_up", LEA, talks_ms=8000) as customer:
        eventually(lambda: [LEA in call["words"] for call in ringing(page)] == [True], patience_s=7)
        assert customer.poll() is None
        assert customer.wait(20) == 0
    eventually(lambda: not ringing(page), patience_s=5)


def ringing(page: httpx.Client) -> list[dict[str, Any]]:
    answer = page.get("/notifications/unseen/")
    assert answer.status_code == 200, answer.text[:500]
    calls: list[dict[str, Any]] = json.loads(answer.text)["calls"]
    return calls
