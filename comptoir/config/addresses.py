"""Where this installation listens, from the environment, and whether it can."""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.only_one import is_up
from comptoir.config.paths import data_directory

_NOTE = "listening.json"
_OWN_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Listening:
    """The address and ports of the web server and of the live updates; ``public_url`` where people do, if told."""

    host: str
    port: int
    live_port: int
    public_url: str = ""

    @property
    def own_host(self) -> str:
        """The host by which we reach ourselves, as it stands in an address."""
        every = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # compared, not bound
        return every.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return (self.public_url or f"http://{self.own_host}:{self.port}").rstrip("/")

    @property
    def host_of_url(self) -> str:
        """The name in it, as requests give it."""
        name = urlsplit(self.url).hostname or ""
        return f"[{name}]" if ":" in name else name

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may name: COMPTOIR_HOSTS, else this machine's own and that of ``url``."""
        told = [name for one in os.environ.get("COMPTOIR_HOSTS", "").split(",") if (name := one.strip())]
        return told or list(dict.fromkeys((*_OWN_HOSTS, self.host_of_url)))

    @property
    def live_url(self) -> str:
        """Where browsers reach live updates: COMPTOIR_LIVE_URL; else, where people come through a proxy (none of ours
        speaks https), the same address; empty for the live port on the page's host.
        """
        told = os.environ.get("COMPTOIR_LIVE_URL", "")
        return (told or (self.public_url if self.public_url.startswith("https://") else "")).rstrip("/")


def listening(noted: Listening | None = None) -> Listening:
    """COMPTOIR_ADDRESS, COMPTOIR_PORT, COMPTOIR_LIVE_PORT and COMPTOIR_BASE_URL; what they leave open is as ``noted``.

    Raises CommandError.
    """
    noted = noted or Listening("127.0.0.1", 8000, 8001)
    port = _number("COMPTOIR_PORT", noted.port)
    live_port = _number("COMPTOIR_LIVE_PORT", noted.live_port if port == noted.port else port + 1)
    host = os.environ.get("COMPTOIR_ADDRESS", noted.host)
    return Listening(host, port, live_port, os.environ.get("COMPTOIR_BASE_URL", noted.public_url))


def note_listening(folder: Path, where: Listening) -> None:
    """Leave word of it in the data folder, for commands whose environment says less than that of `comptoir up`."""
    (folder / _NOTE).write_text(json.dumps(asdict(where)))


def listening_now() -> Listening:
    """The same, as the `comptoir up` that runs on the data folder has noted it. Raises CommandError."""
    folder = data_directory()
    if not is_up(folder):
        return listening()
    try:
        return listening(Listening(**json.loads((folder / _NOTE).read_text())))
    except (OSError, ValueError, TypeError):
        return listening()  # begun this very moment, or by an older version


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(
            _("{name} is “{text}”: it must be a port number from 1 to 65535.").format(name=name, text=text), code=2
        )
    return int(text)


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(host: str, port: int, variable: str, *, patience_s: float = 0) -> None:
    """Raise CommandError when the port is taken. ``patience_s``: how long what ends there may take."""
    deadline = time.monotonic() + patience_s
    while not is_free(host, port):
        if time.monotonic() >= deadline:
            raise CommandError(
                _(
                    "Port {port} on {host} is in use by another program (or may not be used). Nothing was started. "
                    "End that program, or choose another port: {example}"
                ).format(port=port, host=host, example=f"{variable}={port % 60000 + 1000} comptoir up")
            )
        time.sleep(0.1)
