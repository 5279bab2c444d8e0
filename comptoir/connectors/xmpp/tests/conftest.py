"""What these tests have in common."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from websockets.sync.server import serve
from websockets.typing import Subprotocol

from comptoir.connectors.xmpp.tests.far_side import Far


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    with serve(far.talk, "127.0.0.1", 0, subprotocols=[Subprotocol("xmpp")]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        far.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/xmpp-websocket"
        yield far
        server.shutdown()
        thread.join()
