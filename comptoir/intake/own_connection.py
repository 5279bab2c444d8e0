"""Connections to the database beside Django's: for a prepared insert, or for locks that last as long as they do."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

_CONNECT_TIMEOUT_S = 3


def new_connection() -> psycopg.Connection[Any]:
    """A connection in autocommit to the database that Django uses. Raises psycopg.OperationalError."""
    known = connection.settings_dict
    wanted = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    parameters = dict(known["OPTIONS"]) | {name: text for name, text in wanted.items() if text}
    parameters |= {"connect_timeout": _CONNECT_TIMEOUT_S, "autocommit": True, "dbname": known["NAME"]}
    return psycopg.connect(**parameters)
