"""Where a network keeps the files of what people say, so that nothing else is fetched for it."""

from __future__ import annotations

from collections.abc import Iterable

#: Of networks on which anybody keeps files where they like: any host that all the world can reach.
ANYWHERE = ("*",)


def is_kept_at(host: str, hosts: Iterable[str]) -> bool:
    """Whether ``host`` is one of ``hosts``, or below one of them: cdn.example.com is below example.com."""
    wanted = host.rstrip(".").lower()
    return any(known == "*" or (known and f".{wanted}".endswith(f".{known}")) for known in hosts)
