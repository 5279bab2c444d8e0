"""One filtered stream of X for each account in the whole deployment, taken over when its worker is killed.

The workers are told that api.x.com is reached through a proxy, which is X's side, on this machine, with a certificate
that only they trust: all the rest is as in service.
"""

from __future__ import annotations

import datetime as dt
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comptoir.connectors.x.tests.far_side import CREDENTIALS
from comptoir.connectors.x.tests.stream_server import StreamServer
from comptoir.conversations.models import Conversation
from comptoir.intake.models import RawDelivery
from tests.factories import make_account
from tests.intake.test_takeover import TAKEN_OVER_WITHIN_S, Worker, beats, eventually, stored, workers

__all__ = ["workers"]  # a fixture

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


def _certificate(folder: Path) -> Path:
    """Key and certificate for api.x.com, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "api.x.com")])
    today = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("api.x.com"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "api.x.com.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StreamServer]:
    certificate = _certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server = StreamServer(tls=tls)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    for variable in ("https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    yield server
    server.shutdown()
    server.server_close()
    assert server.wrong == []


def test_the_stream_of_a_killed_worker_is_taken_over_and_nothing_is_lost_or_doubled(
    network: StreamServer, workers: Callable[[], Worker]
) -> None:
    make_account(kind="x", own_id="1001", credentials={**CREDENTIALS, "api_secret": "", "expires_at": ""})
    first = workers()
    eventually(lambda: len(network.open) == 1, 60.0, first)
    second = workers()
    eventually(lambda: beats() == 2, 60.0, second)
    said = [network.say() for _post in range(20)]
    eventually(lambda: set(said) <= set(stored()), 30.0, first)
    assert network.most_open == 1, "one stream in the whole deployment"
    first.kill()
    said += [network.say() for _post in range(20)]
    took = eventually(lambda: set(said) <= set(stored()), TAKEN_OVER_WITHIN_S, second)
    took += eventually(lambda: len(network.open) == 1, TAKEN_OVER_WITHIN_S, second)
    said.append(network.say())
    eventually(lambda: said[-1] in stored(), 10.0, second)
    print(f"taken over after {took:.1f} s; {len(said)} posts")
    assert network.most_open == 1
    assert stored() == Counter(dict.fromkeys(said, 1))
    assert Conversation.objects.count() == len(said)
    assert not RawDelivery.objects.filter(state="set_aside").exists()


def test_a_stream_that_x_cuts_again_and_again_is_opened_again_and_loses_nothing(
    network: StreamServer, workers: Callable[[], Worker]
) -> None:
    make_account(kind="x", own_id="1001", credentials={**CREDENTIALS, "api_secret": "", "expires_at": ""})
    worker = workers()
    eventually(lambda: len(network.open) == 1, 60.0, worker)
    said: list[str] = []
    for _time in range(3):
        opened_before = len(network.streams)
        network.cut()
        said += [network.say() for _post in range(3)]
        eventually(lambda before=opened_before: len(network.streams) > before, 10.0, worker)
        threading.Event().wait(0.2)
        said.append(network.say())
    begun = time.monotonic()
    eventually(lambda: set(said) <= set(stored()), 15.0, worker)
    print(f"all there {time.monotonic() - begun:.1f} s after the last was said")
    assert stored() == Counter(dict.fromkeys(said, 1))
    assert network.most_open == 1
