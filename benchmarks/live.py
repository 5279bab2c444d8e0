"""Live updates: an event committed, to a thousand screens; what it costs the process that tells them."""

from __future__ import annotations

import bisect
import json
import os
import select
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks._ground import ground, make_account, verdict

_SCREENS = 1000
_AGENTS = 50
_CONVERSATIONS = 200
_PER_SECOND = 50
_SECONDS = 20
#: A machine that cannot connect a thousand browsers in this time is too busy to measure anything.
_PATIENCE_S = 90
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> bool:
    """Print the delay and the cost; whether the floors are reached."""
    with ground() as environment:
        keys, conversations = _people()
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "comptoir.config.cli", "live"],
            env=os.environ | environment | {"COMPTOIR_LIVE_PORT": str(port)},
        )
        clients = None
        try:
            _wait(port)
            clients = subprocess.Popen(
                [sys.executable, "-m", "benchmarks._live_clients", str(port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert clients.stdin
            assert clients.stdout
            clients.stdin.write(json.dumps(keys) + "\n")
            clients.stdin.flush()
            ready, _, _ = select.select([clients.stdout], [], [], _PATIENCE_S)
            if not ready or clients.stdout.readline().strip() != "ready":
                print(f"MISS {len(keys)} browsers could not be connected within {_PATIENCE_S} s")
                return False
            time.sleep(1)  # noqa: TID251  # the cost of connecting is not measured
            before, begun = _cpu_seconds(server.pid), time.monotonic()
            committed = _write(conversations)
            cores = (_cpu_seconds(server.pid) - before) / (time.monotonic() - begun)
            time.sleep(1.5)  # noqa: TID251  # the last events are on their way
            clients.stdin.close()
            heard = [json.loads(line) for line in clients.stdout]
        finally:
            for process in (clients, server):
                if process is not None:
                    _end(process)
    return _judged(committed, heard, cores)


def _people() -> tuple[list[str], list[int]]:
    """See `_made`; in one transaction, since each commit waits for the disk."""
    from django.db import transaction

    with transaction.atomic():
        return _made()


def _made() -> tuple[list[str], list[int]]:
    """Sessions of half supervisors, half agents of one team, and that team's conversations."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from comptoir.people.actions import create_agent

    account = make_account("webhook", secret="s3cret", signing_secret="s3cret")
    keys = []
    for number in range(_AGENTS):
        role = "supervisor" if number % 2 else "agent"
        agent = create_agent(email=f"a{number}@bench.example", name=f"A {number}", role=role, teams=[account.team])
        for _screen in range(_SCREENS // _AGENTS):
            session = SessionStore()
            session[SESSION_KEY] = str(agent.user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = agent.user.get_session_auth_hash()
            session.create()
            keys.append(str(session.session_key))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO contacts_contact (name, language, created_at) VALUES ('B', '', now()) RETURNING id")
        contact = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO contacts_contactidentity (contact_id, channel, scope, external_id, handle, name, avatar_url, "
            "created_at) VALUES (%s, 'webhook', '', 'b', '', 'B', '', now()) RETURNING id",
            [contact],
        )
        identity = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO conversations_conversation (account_id, identity_id, contact_id, team_id, thread_id, "
            "thread_token, is_public, subject, status, language, started_at, last_message_at, last_message_text) "
            "SELECT %s, %s, %s, %s, 't' || n, 'k' || n, false, '', 'open', '', now(), now(), '' "
            "FROM generate_series(1, %s) AS n RETURNING id",
            [account.pk, identity, contact, account.team_id, _CONVERSATIONS],
        )
        return keys, [row[0] for row in cursor.fetchall()]


def _write(conversations: list[int]) -> list[tuple[int, float]]:
    """Record events at a steady pace; the id and the instant of commit of each."""
    from comptoir.events.record import Happening, record_all

    committed = []
    begun = time.monotonic()
    for number in range(_PER_SECOND * _SECONDS):
        time.sleep(max(0.0, begun + number / _PER_SECOND - time.monotonic()))  # noqa: TID251  # a steady pace
        conversation = conversations[number % len(conversations)]
        [event] = record_all([Happening("message.received", "message", number, conversation_id=conversation)])
        committed.append((event.pk, time.monotonic()))
    return committed


def _judged(committed: list[tuple[int, float]], heard: list[list[tuple[int, float]]], cores: float) -> bool:
    delays = []
    missed = 0
    for one in heard:
        ids = [event_id for event_id, _at in one]
        for event_id, at in committed:
            place = bisect.bisect_left(ids, event_id)
            if place == len(ids):
                missed += 1
            else:
                delays.append((one[place][1] - at) * 1000)
    p50, p99 = statistics.median(delays), statistics.quantiles(delays, n=100)[98]
    print(f"{len(heard)} screens, {_PER_SECOND} events/s: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {cores:.2f} cores")
    return all(
        [
            verdict("events that did not reach a screen", missed, 0, at_most=True),
            verdict("p99 ms from commit to screen", p99, 300, at_most=True),
            verdict("cores at 50 events/s", cores, 0.5, at_most=True),
        ]
    )


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _cpu_seconds(pid: int) -> float:
    """What a process and its children have used so far."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / _TICKS
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)  # noqa: TID251  # nothing tells that a port has opened
    raise SystemExit("the server of live updates does not start")
