"""What a healthy installation has. Each check finds one thing and knows its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from comptoir.config.doctor.application import application_findings
from comptoir.config.doctor.database import connect, database_findings, unreachable_database
from comptoir.config.doctor.finding import Finding
from comptoir.config.doctor.machine import environment_findings
from comptoir.config.errors import CommandError
from comptoir.config.postgres import PostgresError
from comptoir.config.secrets import SecretsError

__all__ = ["Finding", "connect", "findings"]


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
