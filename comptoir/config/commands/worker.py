"""`comptoir worker`: read what comes in, listen, send, and do everything else that was queued."""

from __future__ import annotations

import argparse
import os

from comptoir.config.language import _
from comptoir.config.parents import end_with_supervisor, one_thread_for_arithmetic
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--concurrency", type=int, default=int(os.environ.get("COMPTOIR_WORKER_TASKS", "4")), help=_("tasks at a time")
    )


def run(options: argparse.Namespace) -> int:
    """Work until a signal ends it."""
    end_with_supervisor()
    one_thread_for_arithmetic()
    with django_ready("worker"):
        from comptoir.config.interpreter import collect_seldom, switch_soon
        from comptoir.config.worker import work
        from comptoir.intake.consumer import consume_forever
        from comptoir.intake.listeners import listen_forever
        from comptoir.reactions import follow_forever

        parts = {"consumer": consume_forever, "listeners": listen_forever, "reactions": follow_forever}
        collect_seldom()
        switch_soon()
        work(parts, concurrency=options.concurrency)
    return 0
