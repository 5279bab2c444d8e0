"""What a network's people are called by their ids, kept between one message that calls them and the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from datetime import timedelta

from django.core.cache import cache


class KeptNames(MutableMapping[str, str]):
    """The names of one account's network, each for a day: whoever changes theirs is called by it the day after."""

    def __init__(self, account_id: int, *, kept_for: timedelta) -> None:
        self._account_id = account_id
        self._kept_s = kept_for.total_seconds()

    def __getitem__(self, person: str) -> str:
        name = cache.get(self._key(person))
        if not isinstance(name, str):
            raise KeyError(person)
        return name

    def __setitem__(self, person: str, name: str) -> None:
        cache.set(self._key(person), name, self._kept_s)

    def __delitem__(self, person: str) -> None:
        cache.delete(self._key(person))

    def __iter__(self) -> Iterator[str]:
        return iter(())  # they are asked for one by one

    def __len__(self) -> int:
        return 0

    def _key(self, person: str) -> str:
        return f"intake-called-{self._account_id}-{hashlib.sha256(person.encode('utf-8', 'replace')).hexdigest()}"
