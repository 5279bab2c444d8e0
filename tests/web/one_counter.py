"""`counter`, made once for all tests of a module that imports this; what a test changes in it is undone.

All tests of the module that read the database ask for it, and none of them commits: see tests/sharing.py. Nor does one
change what a process remembers for a while by its id, as it does accounts and names: the next test has the same ids.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fake_network import FakeNetwork
from tests.web.conftest import Counter

__all__ = ["counter"]


@pytest.fixture
def counter(counter_of_the_module: Callable[[], Counter], db: None, fake_network: FakeNetwork) -> Counter:
    return counter_of_the_module()
