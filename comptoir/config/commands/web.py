"""`comptoir web`: pages, the API, webhooks."""

from __future__ import annotations

import argparse

from comptoir.config.addresses import listening, require_free
from comptoir.config.logging import configure_logging
from comptoir.config.parents import end_with_supervisor, one_thread_for_arithmetic
from comptoir.config.paths import data_directory
from comptoir.config.postgres import joined
from comptoir.config.static_files import lay_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything is in the environment."""


def run(options: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    end_with_supervisor()
    one_thread_for_arithmetic()
    configure_logging("web")
    where = listening()
    require_free(where.host, where.port, "COMPTOIR_PORT", patience_s=5)
    from comptoir.config.granian_server import serve_pages

    lay_out(data_directory())
    with joined(data_directory()):
        serve_pages(where)
    return 0
