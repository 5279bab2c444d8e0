"""Several people at once, each in a thread and with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from comptoir.desk.errors import DeskError


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of them at the same moment; what those were told that were refused."""
    refused: list[str] = []
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait()
            act()
        except DeskError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
