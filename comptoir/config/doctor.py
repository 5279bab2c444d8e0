"""What a healthy installation has. Each check finds one thing and knows its remedy."""

from __future__ import annotations

import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http.request import validate_host

from comptoir.config.addresses import is_free, listening_now
from comptoir.config.errors import CommandError
from comptoir.config.language import _, gettext_noop, language
from comptoir.config.paths import data_directory
from comptoir.config.postgres import PostgresError, database_url
from comptoir.config.postgres.binaries import OLDEST_MAJOR, find_binaries
from comptoir.config.postgres.placement import placed
from comptoir.config.schema import fingerprint, recorded_fingerprint
from comptoir.config.secrets import SecretsError, load_secrets, secrets_file
from comptoir.connectors.base import CredentialField
from comptoir.core.reach import is_local
from comptoir.core.reasons import reason_of, said

_LEAST_FREE_BYTES = 1024**3
_CLOCKS_MAY_DIFFER_S = 2.0
_EXTENSIONS = ("unaccent", "pg_trgm")
_ACCOUNT = "account "
#: The checks, for whoever translates their names.
_CHECKS = (
    gettext_noop("python"),
    gettext_noop("data folder"),
    gettext_noop("free space"),
    gettext_noop("secrets"),
    gettext_noop("postgresql programs"),
    gettext_noop("public address"),
    gettext_noop("web"),
    gettext_noop("live"),
    gettext_noop("database"),
    gettext_noop("extensions"),
    gettext_noop("migrations"),
    gettext_noop("clock"),
    gettext_noop("worker"),
    gettext_noop("backlog"),
    gettext_noop("administrators"),
    gettext_noop("set aside"),
    gettext_noop("files"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` is empty when all is well. What is ``ok`` and has one is well for a trial."""

    check: str
    ok: bool
    found: str
    remedy: str = ""

    @property
    def title(self) -> str:
        """The check's name for people; ``check`` is what programs know it by."""
        if self.check.startswith(_ACCOUNT):
            return _("account {who}").format(who=self.check.removeprefix(_ACCOUNT))
        return _(self.check)


def environment_findings() -> Iterator[Finding]:
    """What can be known without a database."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield _finding(
        "python", sys.version_info >= (3, 11), version, _("Install Python 3.11 or newer and run `make setup` again.")
    )
    yield _data_folder()
    yield _free_space()
    yield _secrets()
    yield _binaries()
    yield _public_address()
    yield from _ports()


def database_findings(connection: Any) -> Iterator[Finding]:
    """What the database tells. ``connection`` is psycopg's."""
    major = connection.info.server_version // 10000
    shown = f"PostgreSQL {connection.info.parameter_status('server_version')}"
    yield _finding(
        "database",
        major >= OLDEST_MAJOR,
        shown,
        _("Comptoir needs PostgreSQL {oldest} or newer.").format(oldest=OLDEST_MAJOR),
    )
    rows = connection.execute(
        "SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(_EXTENSIONS)]
    ).fetchall()
    lacking = sorted(set(_EXTENSIONS) - {name for (name,) in rows})
    yield _finding(
        "extensions",
        not lacking,
        ", ".join(lacking or _EXTENSIONS),
        _("Install PostgreSQL's contrib package on the database server."),
    )
    current = recorded_fingerprint(connection) == fingerprint()
    yield _finding(
        "migrations", current, _("up to date") if current else _("not up to date"), _("Run: comptoir migrate")
    )
    begun = time.time()
    (theirs,) = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    skew_s = abs((begun + time.time()) / 2 - theirs)
    yield _finding(
        "clock",
        skew_s < _CLOCKS_MAY_DIFFER_S,
        f"{skew_s:.2f} s",
        _("Synchronise the clocks of this machine and of the database server (NTP)."),
    )


def application_findings() -> Iterator[Finding]:
    """What the application's own rows tell; Django is loaded and the database is up to date."""
    from comptoir.channels.connecting import short_credentials
    from comptoir.channels.models import ChannelAccount
    from comptoir.config.health import backlog_age
    from comptoir.core.crypto import UnreadableSecretError
    from comptoir.core.heartbeat import age_of_last_beat
    from comptoir.intake.models import RawDelivery
    from comptoir.people.models import Agent

    age = age_of_last_beat("worker")
    alive = age is not None and age < timedelta(seconds=30)
    yield _finding(
        "worker",
        alive,
        _("never seen") if age is None else f"{age.total_seconds():.0f} s",
        _("Start it: comptoir up (or comptoir worker)."),
    )
    waiting = backlog_age()
    yield _finding(
        "backlog",
        waiting < timedelta(minutes=1),
        f"{waiting.total_seconds():.0f} s",
        _("The worker does not keep up: see its log, or run another `comptoir worker`."),
    )
    administrators = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, is_active=True).count()
    yield _finding(
        "administrators",
        administrators > 0,
        str(administrators),
        _("Run: comptoir agent create EMAIL --name NAME --role administrator"),
    )
    aside = RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE).count()
    yield _finding(
        "set aside",
        aside == 0,
        str(aside),
        _("See why with `comptoir deliveries list`, then `comptoir deliveries replay --all`."),
    )
    yield _files()
    for account in ChannelAccount.objects.select_related("health"):
        name = f"{_ACCOUNT}{account.pk} ({account.name})"
        try:
            short = short_credentials(account)
        except UnreadableSecretError as error:
            yield Finding(
                name,
                False,
                said(error.reason, _),
                _("Connect the account again, or put back the secrets.json that encrypted it."),
            )
            continue
        if short:
            yield _short(name, account.pk, short[0])
            continue
        error_text = getattr(getattr(account, "health", None), "last_error", "")
        ok = account.status != ChannelAccount.Status.DISCONNECTED and not error_text
        yield _finding(
            name,
            ok,
            said(error_text, _) or _status_words(account),
            _("Run: comptoir account check {number}").format(number=account.pk),
        )


def _short(check: str, account_id: int, field: CredentialField) -> Finding:
    """It works, and whoever tries long enough finds the secret."""
    label = field.label[0] if language() == "fr" else field.label[1]
    found = _("“{field}” has fewer than {least} characters: it can be guessed.")
    remedy = _("Agree on a longer one with the other side, then “Edit the connection” on the page of account {number}.")
    return Finding(check, False, found.format(field=label, least=field.least_chars), remedy.format(number=account_id))


def _status_words(account: Any) -> str:
    """As the screens have it, in the terminal's language."""
    from django.utils import translation

    with translation.override(language()):
        return str(account.get_status_display())


def _files() -> Finding:
    """A file is kept, read and forgotten where attachments go."""
    from comptoir.conversations.files import storage_trouble

    bucket = os.environ.get("COMPTOIR_S3_BUCKET")
    remedy = _("Let its owner write there: {folder}").format(folder=data_directory() / "files")
    if bucket:
        remedy = _("See that the bucket exists and that COMPTOIR_S3_ENDPOINT and what stands beside it open it.")
    trouble = storage_trouble()
    return _finding("files", not trouble, trouble or bucket or str(data_directory() / "files"), remedy)


def unreachable_database(error: Exception) -> Finding:
    """The finding that stands for all that could not be asked."""
    return Finding(
        "database",
        False,
        " ".join(said(reason_of(error), _).split()),
        _("Start it with `comptoir up`, or correct COMPTOIR_DATABASE_URL."),
    )


def _finding(check: str, ok: bool, found: str, remedy: str) -> Finding:
    return Finding(check, ok, found, "" if ok else remedy)


def _data_folder() -> Finding:
    folder = data_directory()
    if not folder.is_dir():
        return Finding(
            "data folder", False, _("{folder} does not exist").format(folder=folder), _("Start once with: comptoir up")
        )
    mode = folder.stat().st_mode & 0o777
    closed = not mode & 0o066 and os.access(folder, os.W_OK)
    return _finding(
        "data folder",
        closed,
        f"{folder} {mode:o}",
        _("Run as its owner, and: chmod 700 {folder}").format(folder=folder),
    )


def _free_space() -> Finding:
    folder = data_directory()
    usage = shutil.disk_usage(folder if folder.is_dir() else folder.anchor)
    found = f"{usage.free / 1024**3:.1f} GiB"
    return _finding(
        "free space", usage.free >= _LEAST_FREE_BYTES, found, _("Make room: at least 1 GiB should be free.")
    )


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
    return _finding("secrets", mode == 0o600, f"{path} {mode:o}", f"chmod 600 {path}")


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
        yield _finding(
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


def findings(collect: Callable[[], Any]) -> Iterator[Finding]:
    """All of them; ``collect`` opens a psycopg connection. What depends on something broken is not asked."""
    yield from environment_findings()
    try:
        connection = collect()
    except (PostgresError, SecretsError, CommandError, OSError) as error:
        yield unreachable_database(error)
        return
    with connection:
        found = list(database_findings(connection))
    yield from found
    if all(finding.ok for finding in found if finding.check in ("database", "migrations")):
        from comptoir.config.starting import load_django

        load_django()
        yield from application_findings()


def connect() -> Any:
    """A psycopg connection to whichever database is used. Raises OSError or PostgresError."""
    import psycopg

    try:
        return psycopg.connect(database_url(), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise OSError(str(error)) from error
