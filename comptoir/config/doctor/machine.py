"""What can be known without a database: this machine's programs, folders, secrets, addresses and ports."""

from __future__ import annotations

import os
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

from django.http.request import validate_host

from comptoir.config.addresses import is_free, listening_now
from comptoir.config.doctor.finding import Finding, finding
from comptoir.config.language import _
from comptoir.config.paths import data_directory
from comptoir.config.postgres import PostgresError
from comptoir.config.postgres.binaries import find_binaries
from comptoir.config.postgres.placement import placed
from comptoir.config.secrets import SecretsError, load_secrets, secrets_file
from comptoir.core.reach import is_local
from comptoir.core.reasons import said

_LEAST_FREE_BYTES = 1024**3


def environment_findings() -> Iterator[Finding]:
    """What can be known without a database."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield finding(
        "python", sys.version_info >= (3, 11), version, _("Install Python 3.11 or newer and run `make setup` again.")
    )
    yield _data_folder()
    yield _free_space()
    yield _secrets()
    yield _binaries()
    yield _public_address()
    yield from _ports()


def _data_folder() -> Finding:
    folder = data_directory()
    if not folder.is_dir():
        return Finding(
            "data folder", False, _("{folder} does not exist").format(folder=folder), _("Start once with: comptoir up")
        )
    mode = folder.stat().st_mode & 0o777
    closed = not mode & 0o066 and os.access(folder, os.W_OK)
    return finding(
        "data folder",
        closed,
        f"{folder} {mode:o}",
        _("Run as its owner, and: chmod 700 {folder}").format(folder=folder),
    )


def _free_space() -> Finding:
    folder = data_directory()
    usage = shutil.disk_usage(folder if folder.is_dir() else folder.anchor)
    found = f"{usage.free / 1024**3:.1f} GiB"
    return finding("free space", usage.free >= _LEAST_FREE_BYTES, found, _("Make room: at least 1 GiB should be free."))


def _secrets() -> Finding:
    path = secrets_file(data_directory())
    if not path.exists():
        is_new = not placed(data_directory()).exists()
        remedy = _("Start once with: comptoir up") if is_new else _("Put secrets.json back from a backup.")
        return Finding("secrets", False, _("{path} does not exist").format(path=path), remedy)
    mode = path.stat().st_mode & 0o777
    try:
        load_secrets(data_directory())
    except SecretsError as error:
        return Finding("secrets", False, said(error.reason, _), _("Put secrets.json back from a backup."))
    return finding("secrets", mode == 0o600, f"{path} {mode:o}", f"chmod 600 {path}")


def _binaries() -> Finding:
    if os.environ.get("COMPTOIR_DATABASE_URL"):
        return Finding("postgresql programs", True, _("not needed: COMPTOIR_DATABASE_URL is set"))
    try:
        binaries = find_binaries()
    except PostgresError as error:
        return Finding("postgresql programs", False, said(error.reason, _), _("Run: make setup"))
    return Finding("postgresql programs", True, f"{binaries.version[0]}.{binaries.version[1]} {binaries.bin_dir}")


def _public_address() -> Finding:
    """Well while one tries it out alone; to be seen to before anybody else is sent a link."""
    where = listening_now()
    url = where.url
    if not validate_host(where.host_of_url, where.hosts):
        refused = _("{url}: requests that name it are refused").format(url=url)
        return Finding("public address", False, refused, _("Leave COMPTOIR_HOSTS out, or name it there too."))
    if not is_local(url):
        return Finding("public address", True, url)
    remedy = _(
        "Before links go to customers, start `comptoir up` with COMPTOIR_BASE_URL=https://… (docs/operations.md)."
    )
    found = _("{url}: opens on this machine, or its own network, alone").format(url=url)
    return Finding("public address", True, found, remedy)


def _ports() -> Iterator[Finding]:
    where = listening_now()
    for name, port, path in (("web", where.port, "/healthz"), ("live", where.live_port, "/healthz")):
        if is_free(where.host, port):
            yield Finding(name, False, _("nobody listens on port {port}").format(port=port), _("Start it: comptoir up"))
            continue
        ours = _is_ours(f"http://{where.own_host}:{port}{path}")
        found = (
            _("answers on port {port}").format(port=port)
            if ours
            else _("port {port} is used by another program").format(port=port)
        )
        yield finding(
            name, ours, found, _("End that program, or choose another port with COMPTOIR_PORT and COMPTOIR_LIVE_PORT.")
        )


def _is_ours(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  # our own address
    except urllib.error.HTTPError as error:
        return error.headers.get("Server", "") == "granian"
    except OSError:
        return False
    return True
