"""A full disk is told plainly, and nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.running import RunningCounter, message

pytestmark = pytest.mark.peers
MEGABYTE = 1024 * 1024


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 260 MB, which only root can make."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = Path(f"/tmp/comptoir-small-disk-{os.getpid()}")
    place.mkdir(mode=0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=260m,mode=0711", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def counter(small_disk: Path) -> Iterator[RunningCounter]:
    running = RunningCounter(small_disk / "var")
    running.start()
    running.connect_webhook()
    yield running
    running.stop()


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(b"\x00" * (MEGABYTE // 4))
    return ballast


def test_a_full_disk_refuses_plainly_and_loses_nothing_acknowledged(counter: RunningCounter, small_disk: Path) -> None:
    acknowledged = [number for number in range(200) if counter.deliver(message(number)) == 200]
    assert len(acknowledged) == 200

    ballast = fill(small_disk)
    refused = 0
    for number in range(200, 3200):
        status = counter.deliver(message(number, text="x" * 20_000))
        if status == 200:
            acknowledged.append(number)
        else:
            assert status in {0, 503}
            refused += 1
            if refused == 20:
                break
    assert refused == 20, "the disk never filled"
    status, said = counter.health()
    assert status == 503
    assert "the disk is full" in said["parts"]["disk"]["reason"]

    ballast.unlink()
    counter.wait_until_healthy(90)
    assert counter.deliver(message(9_999)) == 200
    acknowledged.append(9_999)
    assert counter.run(_STORED_WHEN_DRAINED) >= len(acknowledged)
    missing = set(acknowledged) - set(counter.run(_NUMBERS))
    assert missing == set()


_STORED_WHEN_DRAINED = """
import json, time
from comptoir.conversations.models import Message
from comptoir.intake.models import RawDelivery
deadline = time.monotonic() + 60
while RawDelivery.objects.filter(state__in=["new", "later"]).exists() and time.monotonic() < deadline:
    time.sleep(0.2)
print(json.dumps(Message.objects.count()))
"""
_NUMBERS = """
import json
from comptoir.conversations.models import Message
print(json.dumps([int(one.removeprefix("m-")) for one in Message.objects.values_list("external_id", flat=True)]))
"""
