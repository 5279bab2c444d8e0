"""`comptoir doctor`: is everything well, and if not, what helps."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict

from comptoir.config.doctor import Finding, connect, findings
from comptoir.config.language import _
from comptoir.config.logging import configure_logging


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object with every finding"))


def run(options: argparse.Namespace) -> int:
    """Print every finding; 1 if one is not well. Starts and changes nothing."""
    os.environ.setdefault("COMPTOIR_LOG_LEVEL", "ERROR")
    configure_logging("doctor")
    found = []
    for finding in findings(connect):
        found.append(finding)
        if not options.json:
            told = _("{check}: {found}").format(check=finding.title, found=finding.found)
            print(f"{_sign(finding)} {told}")
            if finding.remedy:
                print(f"    → {finding.remedy}")
    well = all(finding.ok for finding in found)
    if options.json:
        print(json.dumps({"ok": well, "checks": [asdict(finding) for finding in found]}, ensure_ascii=False, indent=2))
    return 0 if well else 1


def _sign(finding: Finding) -> str:
    if finding.ok and finding.remedy:
        return "!"
    return "✓" if finding.ok else "✗"
