"""Making the cluster, once, and its configuration, at every start."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from comptoir.config.postgres.binaries import Binaries, default_locale
from comptoir.config.postgres.errors import PostgresError
from comptoir.config.postgres.placement import Owner, Placement, give_tree, initdb_user

#: The name of the database and of its only user.
NAME = "comptoir"

_SETTINGS = """\
# Written by Comptoir at every start. To change a setting use ALTER SYSTEM, which prevails.
listen_addresses = ''
max_connections = 80
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 512MB
random_page_cost = 1.1
jit = off
max_wal_size = 1GB
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
timezone = 'UTC'
logging_collector = {collect}
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_checkpoints = off
log_line_prefix = '%m [%p] '
"""
_SETTINGS_18 = "io_method = sync\n"
_ACCESS = """\
# TYPE  DATABASE  USER  METHOD   (there is no TCP: only the socket, in a folder closed to others)
local   all       all   scram-sha-256
"""


def major_of(placement: Placement) -> int | None:
    """The major version that made the cluster, None if there is none yet."""
    try:
        return int((placement.data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def make_cluster(placement: Placement, binaries: Binaries, password: str) -> None:
    """Make an empty cluster whose only user is NAME. A first start that was cut leaves nothing half made."""
    beside = placement.home / "data.new"
    shutil.rmtree(beside, ignore_errors=True)
    maker = initdb_user() if placement.owner else None
    with tempfile.TemporaryDirectory(prefix="comptoir-", dir="/tmp") as scratch:  # made 0700 under a new name
        secret = Path(scratch) / "password"
        secret.write_text(password)
        work = placement.home if maker is None else Path(scratch)
        if maker is not None:
            give_tree(Path(scratch), maker)
        _initdb(binaries, work / "data.new", secret, maker)
        (work / "data.new" / "pg_hba.conf").write_text(_ACCESS)
        with (work / "data.new" / "postgresql.conf").open("a") as conf:
            conf.write("include_if_exists = 'comptoir.conf'\n")
        if placement.owner is not None:
            give_tree(work / "data.new", placement.owner)
            shutil.copytree(work / "data.new", beside, copy_function=shutil.copy)
            beside.chmod(0o700)
            give_tree(beside, placement.owner)
    beside.rename(placement.data)


def write_settings(placement: Placement, binaries: Binaries, *, durable: bool) -> None:
    """Write the settings that this release of Comptoir wants."""
    text = _SETTINGS.format(durable="on" if durable else "off", collect="on" if durable else "off")
    path = placement.data / "comptoir.conf"
    path.write_text(text + (_SETTINGS_18 if binaries.version[0] >= 18 else ""))
    if placement.owner is not None:
        os.chown(path, placement.owner.uid, placement.owner.gid)


def run_as(owner: Owner | None) -> dict[str, object]:
    """Arguments of `subprocess` that run a program as ``owner``, with nothing of ours but a plain environment."""
    environment = {"PATH": os.defpath, "LC_ALL": default_locale(), "TZ": "UTC"}
    as_user = {} if owner is None else {"user": owner.uid, "group": owner.gid, "extra_groups": []}
    return {"cwd": "/", "env": environment, "umask": 0o077, **as_user}


def _initdb(binaries: Binaries, folder: Path, secret: Path, maker: Owner | None) -> None:
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.version[0] >= 17 else []
    command = [binaries.program("initdb"), "-D", str(folder), *locale, "--encoding=UTF8", "-U", NAME]
    command += ["-A", "scram-sha-256", f"--pwfile={secret}", "--no-instructions"]
    done = subprocess.run(command, capture_output=True, text=True, **run_as(maker))  # type: ignore[call-overload]  # one mapping of several types
    if done.returncode != 0:
        raise PostgresError(
            "The database could not be made in %(folder)s: %(said)s",
            folder=str(folder),
            said=done.stderr.strip() or done.stdout.strip(),
        )
