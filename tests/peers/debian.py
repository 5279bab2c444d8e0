"""Packages of Debian that a real server of the tests comes from."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_TIMEOUT_S = 600


def install(*packages: str) -> None:
    """Install them without letting them start anything; where that cannot be, the test is skipped, except in CI."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(f"Not installed, and there is no right to install it: apt install {' '.join(packages)}")
    policy = Path("/usr/sbin/policy-rc.d")
    was_there = policy.exists()
    if not was_there:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
            command = ["apt-get", *arguments]
            subprocess.run(command, check=True, env=environment, capture_output=True, timeout=_TIMEOUT_S)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"apt-get could not install {' '.join(packages)}: {error.stderr.decode(errors='replace')[-500:]}")
    finally:
        if not was_there:
            policy.unlink()
