"""Any process killed at any instant: nothing that was acknowledged is lost, nothing is sent twice.

A whole counter under load, with three networks: one that knows our keys, a mail server that knows nothing, and
Bluesky's own servers. COMPTOIR_KILLS says how many kills (50), COMPTOIR_KILLS_NETWORKS which networks
(webhook,email,bluesky).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.peers.bluesky_network import BlueskyNetwork, Person, bluesky_network
from tests.peers.far_sides import BlindMailServer, KeyedNetwork
from tests.peers.killing import kill_something
from tests.peers.running import RunningCounter, message

__all__ = ["bluesky_network"]

pytestmark = pytest.mark.peers

KILLS = int(os.environ.get("COMPTOIR_KILLS", "50"))
NETWORKS = os.environ.get("COMPTOIR_KILLS_NETWORKS", "webhook,email,bluesky").split(",")
SEED = int(os.environ.get("COMPTOIR_KILLS_SEED", "0")) or random.randrange(1, 10**6)
CONVERSATIONS = {"webhook": 50, "email": 20, "bluesky": 15}
#: Replies a second, below what each connector lets an account send.
REPLIES_PER_S = {"webhook": 0.8, "email": 0.4, "bluesky": 0.3}
SETTLED_WITHIN_S = 240.0


@dataclass
class Load:
    """What customers deliver and agents answer, as long as it is not told to stop; what was acknowledged is kept."""

    counter: RunningCounter
    token: str
    conversations: dict[str, list[int]]
    stop: threading.Event = field(default_factory=threading.Event)
    delivered: set[str] = field(default_factory=set)
    replies: dict[str, list[int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def run(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._deliver, args=(lane,)) for lane in range(2)]
        threads += [threading.Thread(target=self._answer, args=(kind,)) for kind in self.conversations]
        for thread in threads:
            thread.start()
        return threads

    def _deliver(self, lane: int) -> None:
        """As a network does: the same delivery again until it is acknowledged, and sometimes once more."""
        chance = random.Random(SEED + lane)
        number = 1_000 + lane
        while not self.stop.wait(0.05):
            event = message(number)
            while self.counter.deliver(event) != 200 and not self.stop.wait(0.3):
                pass
            if not self.stop.is_set() or self.counter.deliver(event) == 200:
                self.delivered.add(event["external_id"])
            if chance.random() < 0.1:
                self.counter.deliver(event)
            number += 2

    def _answer(self, kind: str) -> None:
        """As a program does: the same request with the same key until it is answered."""
        chance = random.Random(f"{SEED}{kind}")
        number = 0
        ids = self.replies.setdefault(kind, [])
        while not self.stop.wait(1 / REPLIES_PER_S[kind]):
            number += 1
            conversation = chance.choice(self.conversations[kind])
            while True:
                status, answer = self._post(conversation, f"Réponse {number} ({kind})", key=f"{kind}-{number}")
                if status == 201:
                    ids.append(answer["id"])
                    break
                if status in {400, 401, 403, 404, 422}:
                    self.refused.append(f"{status} {answer}")
                    break
                if self.stop.wait(0.5):
                    break

    def _post(self, conversation: int, text: str, *, key: str) -> tuple[int, dict[str, Any]]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.counter.port, timeout=10)
        try:
            path = f"/api/v1/conversations/{conversation}/messages"
            connection.request("POST", path, json.dumps({"text": text}).encode(), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()


@dataclass
class Stage:
    """The counter, the far sides, and the accounts between them."""

    counter: RunningCounter
    keyed: KeyedNetwork
    mails: BlindMailServer
    brand: Person | None
    accounts: dict[str, int]
    token: str


@pytest.fixture
def bluesky(request: pytest.FixtureRequest) -> BlueskyNetwork | None:
    if "bluesky" not in NETWORKS:
        return None
    network = request.getfixturevalue("bluesky_network")
    assert isinstance(network, BlueskyNetwork)
    return network


@pytest.fixture
def stage(bluesky: BlueskyNetwork | None) -> Iterator[Stage]:
    folder = Path(tempfile.mkdtemp(prefix="comptoir-kills-", dir="/tmp"))
    folder.chmod(0o711)
    keyed, mails = KeyedNetwork(), BlindMailServer()
    counter = RunningCounter(folder / "var")
    counter.environment["COMPTOIR_LOG_LEVEL"] = "warning"
    try:
        counter.start()
        accounts = {"webhook": counter.connect_webhook(outgoing_url=keyed.url)}
        if "email" in NETWORKS:
            made = counter.run(_EMAIL.format(port=mails.port, conversations=CONVERSATIONS["email"]))
            accounts["email"] = int(made)
        brand = None
        if bluesky is not None:
            brand = bluesky.join("maison")
            credentials = bluesky.credentials_of(brand)
            accounts["bluesky"] = int(counter.run(_BLUESKY.format(credentials=json.dumps(credentials), did=brand.did)))
            _mentions(bluesky, brand)
        token = str(counter.run(_TOKEN))
        yield Stage(counter, keyed, mails, brand, accounts, token)
    finally:
        with contextlib.suppress(Exception):
            counter.stop()
        keyed.close()
        mails.close()
        shutil.rmtree(folder, ignore_errors=True)


def _mentions(network: BlueskyNetwork, brand: Person) -> None:
    customer = network.join("jeanne")
    for number in range(CONVERSATIONS["bluesky"]):
        customer.mention(brand, f"où est ma commande ? ({number})")


def conversations(stage: Stage) -> dict[str, list[int]]:
    """The conversations to answer in, once all have come in."""
    for number in range(CONVERSATIONS["webhook"]):
        assert stage.counter.deliver(message(number)) == 200
    deadline = time.monotonic() + 180  # a machine may have much else to do
    found: dict[str, list[int]] = {}
    while time.monotonic() < deadline:
        found = stage.counter.run(_CONVERSATIONS)
        if all(len(found.get(kind, ())) >= CONVERSATIONS[kind] for kind in stage.accounts):
            return {kind: found[kind] for kind in stage.accounts}
    raise AssertionError(f"not all conversations came in: { {kind: len(ids) for kind, ids in found.items()} }")


def test_killed_at_any_instant_it_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    print(f"seed {SEED}, {KILLS} kills, networks {', '.join(stage.accounts)}")
    load = Load(stage.counter, stage.token, conversations(stage))
    threads = load.run()
    chance = random.Random(SEED)
    killed: Counter[str] = Counter()
    try:
        for number in range(1, KILLS + 1):
            threading.Event().wait(chance.uniform(0.5, 12))
            killed[kill_something(stage.counter, chance)] += 1
            if number % 10 == 0:
                stage.counter.wait_until_healthy(120)
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(60)
    stage.counter.wait_until_healthy(120)
    outcome = _outcome_when_settled(stage)
    print(f"killed {dict(killed)}; {len(load.delivered)} deliveries acknowledged;", _summary(outcome))
    assert load.refused == []
    _check_intake(load, outcome)
    _check_replies(load, outcome)
    _check_networks(stage, outcome)


Outcome = dict[str, Any]


def _outcome_when_settled(stage: Stage) -> Outcome:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while True:
        outcome: Outcome = stage.counter.run(_OUTCOME)
        if not outcome["unread"] and not outcome["unsettled"]:
            return outcome
        assert time.monotonic() < deadline, f"not settled: {outcome['unread']} unread, {outcome['unsettled']} replies"


def _summary(outcome: Outcome) -> dict[str, int]:
    return dict(Counter(f"{one['kind']} {one['state']}" for one in outcome["replies"]))


def _check_intake(load: Load, outcome: Outcome) -> None:
    stored = Counter(outcome["received"])
    missing = load.delivered - set(stored)
    assert missing == set(), f"acknowledged and lost: {sorted(missing)[:10]}"
    assert [name for name, times in stored.items() if times != 1] == []
    assert outcome["conversations"] == outcome["exchanges"], "one conversation for each person and thread"
    assert outcome["set_aside"] == 0


def _check_replies(load: Load, outcome: Outcome) -> None:
    replies = {one["id"]: one for one in outcome["replies"]}
    for kind, ids in load.replies.items():
        assert len(ids) == len(set(ids)), "one key, one reply"
        lost = [number for number in ids if number not in replies]
        assert lost == [], f"acknowledged and lost ({kind}): {lost}"
    texts = Counter(one["text"] for one in outcome["replies"])
    assert [text for text, times in texts.items() if times != 1] == [], "queued twice"
    ended = {"sent", "delivered", "read", "uncertain"}
    assert [one for one in outcome["replies"] if one["state"] not in ended] == []
    uncertain = {one["kind"] for one in outcome["replies"] if one["state"] == "uncertain"}
    assert uncertain <= {"email"}, "only where nothing can be known is a person asked"


def _check_networks(stage: Stage, outcome: Outcome) -> None:
    of_kind: dict[str, list[dict[str, Any]]] = {kind: [] for kind in stage.accounts}
    for one in outcome["replies"]:
        of_kind[one["kind"]].append(one)
    assert stage.keyed.kept == {one["key"]: one["text"] for one in of_kind["webhook"]}
    for one in of_kind.get("email", []):
        times = stage.mails.taken.pop(one["external_id"].strip("<>"), 0)
        assert times == 1 if one["state"] == "sent" else times <= 1, f"{one} was sent {times} times"
    assert stage.mails.taken == {}
    if stage.brand is not None:
        posts = Counter(_posts(stage.brand))
        assert posts == Counter({one["text"]: 1 for one in of_kind["bluesky"]})


def _posts(person: Person) -> Iterator[str]:
    """The texts of all posts in a repository."""
    cursor: dict[str, str] = {}
    while True:
        place = {"repo": person.did, "collection": "app.bsky.feed.post", "limit": 100, **cursor}
        page = person.call("GET", "com.atproto.repo.listRecords", params=place)
        yield from (record["value"]["text"] for record in page["records"])
        if not page.get("cursor") or not page["records"]:
            return
        cursor = {"cursor": page["cursor"]}


_TOKEN = """
import json
from comptoir.api.actions import create_token
from comptoir.api.scopes import Scope
from comptoir.people.actions import create_agent
agent = create_agent(email="awa@maison.example", name="Awa Diop", role="administrator")
_token, secret = create_token(name="kills", agent=agent, scopes=[scope.value for scope in Scope])
print(json.dumps(secret))
"""
_EMAIL = """
import json
from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.connectors.base import Delivery
from comptoir.intake.storing import store_deliveries
from comptoir.people.models import Team
account = connect_account(
    brand=Brand.objects.get(slug="tests"), team=Team.objects.get(name="Tests"), kind="email", name="Mail",
    own_id="service@blind.test",
    credentials={{
        "address": "service@blind.test", "username": "service", "password": "x",
        "imap_host": "127.0.0.1", "imap_port": "1", "imap_security": "none",
        "smtp_host": "127.0.0.1", "smtp_port": "{port}", "smtp_security": "none",
    }},
)
store_deliveries(account.pk, [
    Delivery(
        f"From: Cliente {{number}} <cliente{{number}}@example.test>\\r\\nTo: service@blind.test\\r\\n"
        f"Subject: Commande {{number}}\\r\\nMessage-ID: <m{{number}}@example.test>\\r\\n"
        f"Date: Sun, 22 Nov 2026 10:00:00 +0100\\r\\n\\r\\nBonjour, où est ma commande ?\\r\\n".encode(),
        "message/rfc822", key=f"mail-{{number}}",
    )
    for number in range({conversations})
])
print(json.dumps(account.pk))
"""
_BLUESKY = """
import json
from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.people.models import Team
account = connect_account(
    brand=Brand.objects.get(slug="tests"), team=Team.objects.get(name="Tests"), kind="bluesky", name="Bluesky",
    own_id="{did}", credentials=json.loads('{credentials}'),
)
print(json.dumps(account.pk))
"""
_CONVERSATIONS = """
import json
from comptoir.conversations.models import Conversation
found = {}
for kind, pk in Conversation.objects.values_list("account__kind", "pk"):
    found.setdefault(kind, []).append(pk)
print(json.dumps(found))
"""
_OUTCOME = """
import json
from django.db.models import Count
from comptoir.conversations.models import Conversation, Message
from comptoir.intake.models import RawDelivery
replies = Message.objects.outgoing().select_related("account")
print(json.dumps({
    "unread": RawDelivery.objects.filter(state__in=["new", "later"]).count(),
    "set_aside": RawDelivery.objects.filter(state="set_aside").count(),
    "unsettled": replies.filter(state__in=["queued", "sending"]).count(),
    "received": list(
        Message.objects.incoming().filter(account__kind="webhook").values_list("external_id", flat=True)
    ),
    "conversations": Conversation.objects.count(),
    "exchanges": Conversation.objects.values("account", "thread_id", "identity").distinct().count(),
    "replies": [
        {
            "id": one.pk, "kind": one.account.kind, "state": one.state, "text": one.text, "key": str(one.key),
            "external_id": one.external_id or "", "failure": one.failure, "attempts": one.attempts.count(),
        }
        for one in replies
    ],
}))
"""
