"""A certified OpenID Connect provider of our own, and a person who signs in through its pages in a browser."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.peers.node_packages import packages

_SCRIPT = Path(__file__).parent / "oidc" / "provider.js"
CLIENT_ID, CLIENT_SECRET = "comptoir", "a secret of the client"


@dataclass(frozen=True)
class OidcProvider:
    """Where it is. What an account does is said by what stands before the “+” of its address: see provider.js."""

    issuer: str

    def enter(self, page: Page, login: str) -> None:
        """Sign in on the provider's page, and let it tell Comptoir who one is."""
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill("any")
        page.locator("button[type=submit]").click()
        page.get_by_text("Authorize", exact=True).wait_for()

    def consent(self, page: Page) -> None:
        page.locator("button[type=submit]").click()


@contextlib.contextmanager
def running_provider(port: int, callback: str) -> Iterator[OidcProvider]:
    """Start the provider on a free port of this machine only, and stop it by its own process id."""
    node, installed = packages("oidc")
    command = [str(node), str(_SCRIPT), str(installed), str(port), CLIENT_SECRET, callback]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said, "the provider did not start"
        yield OidcProvider(str(json.loads(said)["issuer"]))
    finally:
        process.terminate()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()
