"""A real Kamailio on this machine that tells of its calls over HTTP, and sipp as customers and desks."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers import debian
from tests.ports import own_port

PACKAGES = ("kamailio", "kamailio-utils-modules", "sip-tester")
#: The number that is called.
OURS = "+33123456789"
#: The one at which two desks ring at once.
OURS_AT_BOTH = "+33123456780"
_SCENARIOS = Path(__file__).parent / "sip"
_README = Path(__file__).parents[2] / "comptoir" / "connectors" / "phone" / "README.md"
_START_WITHIN_S = 30.0
_CALL_WITHIN_S = 30
_CONFIGURATION = """#!KAMAILIO
debug=2
log_stderror=yes
children=2
disable_tcp=yes
auto_aliases=no
listen=udp:127.0.0.1:{sip_port}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "corex.so"
modparam("tm", "fr_timer", 1500)
modparam("tm", "fr_inv_timer", 20000)
{telling}
request_route {{
    if (is_method("CANCEL")) {{
        route(AT_CANCEL);
        if (t_check_trans()) {{ t_relay(); }}
        exit;
    }}
    if (!is_method("ACK")) {{ t_check_trans(); }}
    route(COMPTOIR);
    if (!has_totag()) {{ record_route(); }}
    if (!has_totag() || !loose_route()) {{ $du = "sip:127.0.0.1:{desk_port}"; }}
    if ($rU == "{both}" && is_method("INVITE") && !has_totag()) {{
        $ru = $du;
        $du = $null;
        append_branch("sip:127.0.0.1:{other_port}");
    }}
    t_relay();
}}
"""


def documented_telling(url: str, secret: str) -> str:
    """What our README has companies copy into their configuration, told where to tell and with which secret."""
    block = _README.read_text(encoding="utf-8").split("```kamailio\n")[1].split("```")[0]
    lines = [line for line in block.splitlines() if not line.startswith("#!define COMPTOIR")]
    defined = [f'#!define COMPTOIR_URL "{url}"', f'#!define COMPTOIR_SECRET "Authorization: Bearer {secret}"']
    return "\n".join([*defined, *lines, "route[AT_CANCEL] { return; }"])


def plain_telling(url: str, secret: str) -> str:
    """What somebody writes who only knows SIP: each request and answer as it comes by, as the query of a GET."""
    return f"""
loadmodule "http_client.so"
route[TELL] {{
    $var(told) = "{url}?token={secret}&method=" + $rm + "&callid=" + $(ci{{s.urlencode.param}})
        + "&from=" + $(fu{{s.urlencode.param}}) + "&to=" + $(tu{{s.urlencode.param}}) + $var(code);
    http_client_query("$var(told)", "$var(said)");
}}
route[COMPTOIR] {{
    $var(code) = "";
    if (is_method("BYE") || (is_method("INVITE") && !has_totag())) {{ route(TELL); }}
    if (is_method("INVITE")) {{ t_on_reply("ANSWERED"); }}
}}
route[AT_CANCEL] {{ $var(code) = ""; route(TELL); }}
onreply_route[ANSWERED] {{
    if ($rs >= 200) {{ $var(code) = "&code=" + $rs; route(TELL); }}
}}
"""


@dataclass
class Switchboard:
    """A Kamailio that hands every call to the desk on ``desk_port``, and some also to ``other_port``."""

    folder: Path
    sip_port: int
    desk_port: int
    other_port: int

    @contextlib.contextmanager
    def desk(self, scenario: str, *, talks_ms: int = 0, other: bool = False) -> Iterator[None]:
        """Somebody at the desk, or the other one: by one of our scenarios or, as "uas", by sipp's own."""
        played = ["-sn", "uas"] if scenario == "uas" else ["-sf", str(_SCENARIOS / f"{scenario}.xml")]
        port = self.other_port if other else self.desk_port
        with _playing([*played, "-p", str(port), "-d", str(talks_ms)], self.folder / f"desk-{port}.log") as process:
            _until_taken(port, process, self.folder / f"desk-{port}.log")
            yield

    @contextlib.contextmanager
    def customer(
        self, scenario: str, caller: str = "", *, shown: str = "", to: str = OURS, calls: int = 1, talks_ms: int = 0
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Somebody calls, by one of our scenarios or, as "uac", sipp's own."""
        played = ["-sn", "uac"] if scenario == "uac" else ["-sf", str(_SCENARIOS / f"{scenario}.xml")]
        said = ["-key", "caller", caller, "-key", "shown", shown] if caller else []
        command = [f"127.0.0.1:{self.sip_port}", *played, "-p", str(own_port()), "-s", to]
        command += ["-m", str(calls), "-d", str(talks_ms), *said]
        with _playing(command, self.folder / "customer.log") as process:
            yield process

    def call(self, scenario: str, caller: str = "", *, fails: bool = False, **more: Any) -> None:
        """A whole call, from its first ring to its end; ``fails`` where it does not go as the scenario says."""
        with self.customer(scenario, caller, **more) as process:
            code = process.wait(_CALL_WITHIN_S)
        assert (code != 0) is fails, (code, (self.folder / "customer.log").read_text(errors="replace")[-3000:])


@contextlib.contextmanager
def _playing(arguments: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sipp", *arguments, "-i", "127.0.0.1", "-nostdin", "-trace_err", "-error_file", f"{log}.errors"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=log.parent,
        )  # fmt: skip
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_taken(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the process listens on the port: another process gives nothing to wait on."""
    deadline, pause = time.monotonic() + _START_WITHIN_S, threading.Event()
    while _is_free(port):
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        assert time.monotonic() < deadline, f"nobody listens on port {port}"
        pause.wait(0.05)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def install_switchboard() -> None:
    """Install the packages without letting them start anything."""
    if not (shutil.which("kamailio") and shutil.which("sipp") and _has_http_client()):
        debian.install(*PACKAGES)


def _has_http_client() -> bool:
    return any(Path("/usr/lib").glob("*/kamailio/modules/http_client.so"))


@contextlib.contextmanager
def running_switchboard(folder: Path, telling: str) -> Iterator[Switchboard]:
    """Start it on free ports of this machine only, and stop it by its own process id."""
    install_switchboard()
    board = Switchboard(folder, own_port(), own_port(), own_port())
    configuration, log = folder / "kamailio.cfg", folder / "kamailio.log"
    ports = {"sip_port": board.sip_port, "desk_port": board.desk_port, "other_port": board.other_port}
    configuration.write_text(_CONFIGURATION.format(telling=telling, both=OURS_AT_BOTH, **ports))
    command = ["kamailio", "-DD", "-E", "-f", str(configuration), "-Y", str(folder), "-m", "32"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
    try:
        _until_taken(board.sip_port, process, log)
        yield board
    finally:
        _end(process)
