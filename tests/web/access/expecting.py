"""What each may expect at an address."""

from __future__ import annotations

from dataclasses import dataclass

from tests.web.conftest import ROLES

WHO = ("anonymous", "stranger", *ROLES)
OK, DONE, GONE, MADE, BAD, REFUSED = 200, 302, 404, 204, 422, 403
SIGN_IN = 302


def expect(
    *, stranger: int, agent: int, community_manager: int, expert: int, supervisor: int, director: int,
    administrator: int, reader: int, anonymous: int = SIGN_IN,
) -> dict[str, int]:  # fmt: skip
    return dict(locals())


def everyone_here(status: int, *, stranger: int) -> dict[str, int]:
    """Whoever may read the conversation; for another team it does not exist."""
    return expect(stranger=stranger, **dict.fromkeys(ROLES, status))


def those_who_serve(status: int, *, stranger: int = GONE) -> dict[str, int]:
    """Experts and directors read; they do not act."""
    roles = dict.fromkeys(ROLES, status) | dict.fromkeys(("expert", "director", "reader"), REFUSED)
    return expect(stranger=stranger, **roles)


def only(*names: str, status: int) -> dict[str, int]:
    return expect(stranger=REFUSED, **{role: status if role in names else REFUSED for role in ROLES})


@dataclass(frozen=True)
class Line:
    """One address: its arguments, what is posted (None: it is read), and what each is answered."""

    expected: dict[str, int]
    arguments: str = ""
    posted: dict[str, str] | None = None
    headers: bool = False


READ_LIST = everyone_here(OK, stranger=OK)
READ_ONE = everyone_here(OK, stranger=GONE)
ACT = those_who_serve(MADE)
WATCH = ("supervisor", "administrator")
