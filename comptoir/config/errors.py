"""Errors of commands are for people: one plain sentence, never a traceback, unless COMPTOIR_DEBUG asks for it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from comptoir.config.language import _
from comptoir.core.reasons import reason_of, said


class CommandError(Exception):
    """What was asked cannot be done; the text says what happened, what was kept and what to do next."""

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Outcome:
    """The exit code of a command."""

    code: int = 0


@contextlib.contextmanager
def plain_errors() -> Iterator[Outcome]:
    """Print the errors that a person can do something about, and set the exit code."""
    outcome = Outcome()
    try:
        yield outcome
    except CommandError as error:
        outcome.code = error.code
        print(f"comptoir: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        outcome.code = 130
    except Exception as error:
        if os.environ.get("COMPTOIR_DEBUG") == "1" or not _is_plain(error):
            raise
        outcome.code = 1
        print(f"comptoir: {said(reason_of(error), _)}".rstrip(), file=sys.stderr)


def _is_plain(error: Exception) -> bool:
    """Whether the error was written for people: ours, and a database that cannot be reached."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"PostgresError", "SecretsError", "OperationalError", "ConnectorError", "UnknownKindError"})
