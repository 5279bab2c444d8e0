"""What connecting an account needs, and what is known of one that is connected."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


class Family(enum.StrEnum):
    """What kind of place a network is, for those who look for it in a list."""

    SOCIAL = "social"
    PRIVATE = "private"
    REVIEWS = "reviews"
    FORUMS = "forums"
    TELEPHONE = "telephone"
    OWN = "own"


#: What is chosen where a field of an account asks whether something is to be done.
YES_OR_NO = (("yes", ("Oui", "Yes")), ("no", ("Non", "No")))


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to fill in to connect an account. ``label`` and ``help`` are (French, English).

    Fewer than ``least_chars`` are refused where it is typed; what is stored already stays in use. Where there are
    ``choices``, values with what each is called, one of them is chosen; where there is ``whole_from_to``, it is a whole
    number from the first to the second.
    """

    name: str
    label: tuple[str, str]
    help: tuple[str, str] = ("", "")
    secret: bool = False
    required: bool = True
    default: str = ""
    least_chars: int = 0
    choices: tuple[tuple[str, tuple[str, str]], ...] = ()
    whole_from_to: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` found: who we are on the network and how long that lasts."""

    own_id: str
    handle: str = ""
    name: str = ""
    token_expires_at: datetime | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The version of a network's API that a connector is written for, and the day it ends where that is known."""

    name: str
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission that is asked for at sign-in, and what for, (French, English)."""

    name: str
    why: tuple[str, str]


@dataclass(frozen=True, slots=True)
class OAuth:
    """How to sign in to a network in the browser (RFC 6749, PKCE by RFC 7636).

    The addresses may hold ``{blanks}`` that the account's credentials fill in (an instance's host). ``client_id`` and
    ``client_secret`` name the credential fields that hold them.
    """

    authorize_url: str
    scopes: tuple[Scope, ...]
    client_id: str = "client_id"
    client_secret: str = "client_secret"  # noqa: S105  # the name of a field
    scope_separator: str = " "
    uses_pkce: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferedAccount:
    """One page, handle or number that a sign-in opens; ``credentials`` are the account's, complete."""

    own_id: str
    name: str
    credentials: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A text that the network approved for messages outside the reply window. ``blanks``: how many it has."""

    name: str
    language: str
    text: str
    blanks: int
    status: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One native figure of today: of the account or, where ``external_id`` is given, of one post of ours.

    ``name`` is one of FIGURES; a rating has its ``best``.
    """

    name: str
    value: float
    external_id: str | None = None
    best: float | None = None


#: Names of figures. Counters count from the beginning; a rating is an average.
FIGURES = frozenset(
    {"followers", "following", "posts", "views", "reach", "clicks", "likes", "comments", "shares", "reviews", "rating",
     "members"}
)  # fmt: skip
