"""Rows that many tests read and none keeps changed: made once for all tests of a module."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.fake_network import running_network

Made = TypeVar("Made")


@contextmanager
def made_once(make: Callable[[], Made], blocker: DjangoDbBlocker) -> Iterator[Callable[[], Made]]:
    """What ``make`` made, in a transaction around those of the tests, each of which takes back what it changed.

    Gives what hands out a copy, since a test may also change the objects (pickled: copied in a fifth of the time that
    deepcopy takes); asks for the fixture `django_db_setup`, and
    for no test in the module that commits.
    """
    with blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # as Django's own, which it takes for none when it asks for the outermost
        with around:
            with running_network():
                made = pickle.dumps(make())
            with blocker.block():
                yield lambda: pickle.loads(made)
            transaction.set_rollback(True)
