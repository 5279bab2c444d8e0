"""A database for one benchmark: the embedded server, durable, in a folder that is thrown away; floors measured
beside.

What takes long to fill can be filled once: where COMPTOIR_BENCH_KEEP names a folder, `filled_ground` fills a database
there, marks it READY, writes its address beside it into URL, and leaves its server running for whoever comes next.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def ground() -> Iterator[dict[str, str]]:
    """Set Django up on an empty database of its own; yields what another process needs in its environment."""
    from comptoir.config.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="comptoir-bench-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "var")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # stop the server also then
    try:
        server.start()
        with _django_on(environment := _environment(server)):
            yield environment
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def filled_ground(fill: Callable[[], None]) -> Iterator[dict[str, str]]:
    """The same, filled: anew each time, or once in the folder that is kept. A filling that was cut is begun again."""
    kept = os.environ.get("COMPTOIR_BENCH_KEEP")
    if kept is None:
        with ground() as environment:
            fill()
            yield environment
        return
    from comptoir.config.postgres import EmbeddedPostgres

    folder = Path(kept)
    if not (folder / "READY").exists() and folder.exists():
        EmbeddedPostgres(folder / "var").stop_unused()
        shutil.rmtree(folder)
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    server = EmbeddedPostgres(folder / "var")
    server.start()
    (folder / "URL").write_text(server.url + "\n")
    with _django_on(environment := _environment(server)):
        if not (folder / "READY").exists():
            fill()
            (folder / "READY").touch()
        yield environment


def read_whole() -> None:
    """Have the system read the database's files once, into whatever memory it can spare for them."""
    files = Path(os.environ["COMPTOIR_DATA_DIR"], "postgres", "data", "base").rglob("*")
    for file in sorted(one for one in files if one.is_file()):
        with file.open("rb", buffering=0) as opened:
            while opened.read(1 << 20):
                pass


def _environment(server: Any) -> dict[str, str]:
    return {
        "COMPTOIR_DATA_DIR": str(server.data_dir),
        "COMPTOIR_CACHE_DIR": f"{server.data_dir}/cache",
        "COMPTOIR_DATABASE_URL": server.url,
        "DJANGO_SETTINGS_MODULE": "comptoir.config.settings",
        "COMPTOIR_LOG_LEVEL": "ERROR",
    }


@contextlib.contextmanager
def _django_on(environment: dict[str, str]) -> Iterator[None]:
    import django
    from django.apps import apps

    os.environ.update(environment)
    if not apps.ready:
        django.setup()
    else:
        _point_elsewhere()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, skip_checks=True)
    try:
        yield
    finally:
        connections.close_all()


def _point_elsewhere() -> None:
    """Django is set up already, by another benchmark, on a database that is gone: use the new one and its keys."""
    from django.conf import settings
    from django.db import connections

    from comptoir.config import settings as own
    from comptoir.config.secrets import data_directory, load_secrets

    connections.close_all()
    connections["default"].settings_dict.update(own._database())
    secrets = load_secrets(data_directory())
    settings.CACHE_DIR = Path(os.environ["COMPTOIR_CACHE_DIR"])
    settings.ENCRYPTION_KEYS, settings.SECRET_KEY = secrets.encryption_keys, secrets.secret_key


def rate(step: Callable[[], int], *, seconds: float) -> float:
    """Items a second of ``step``, which says how many it did, repeated for some time."""
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        done += step()
    return done / (time.perf_counter() - begun)


def make_account(kind: str, **credentials: str) -> Any:
    """An account to receive with."""
    from comptoir.brands.models import Brand
    from comptoir.channels.models import AccountHealth, ChannelAccount
    from comptoir.people.models import Team

    brand, _ = Brand.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    team, _ = Team.objects.get_or_create(name="Bench")
    account = ChannelAccount(brand=brand, team=team, kind=kind, name=kind, own_id="us")
    account.credentials = credentials
    account.save()
    AccountHealth.objects.create(account=account)
    return account


def verdict(what: str, measured: float, floor: float, *, at_most: bool = False) -> bool:
    """Print one measure beside its floor; whether it holds."""
    holds = measured <= floor if at_most else measured >= floor
    print(f"{'ok  ' if holds else 'MISS'} {what}: {measured:.2f} ({'at most' if at_most else 'at least'} {floor:.2f})")
    return holds
