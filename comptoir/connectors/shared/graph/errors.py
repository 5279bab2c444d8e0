"""What Meta's error codes mean for what may be done next.

Sources: developers.facebook.com, "Handling Errors", "Rate Limits" and "Messenger Platform, Common Error Codes".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, PayloadError, PermanentError, TransientError
from comptoir.connectors.shared.calling import RefusedError, pause_of, quoting, unclear
from comptoir.connectors.shared.untrusted import flag, inside, load, mapping, mappings, name, whole
from comptoir.core.reasons import Reason

#: 190 and 102: the token ended, was taken back or never was one. The others are what 190 says as a subcode.
_TOKEN = frozenset({102, 190, 458, 459, 460, 463, 464, 467})
_TOO_MANY = frozenset({4, 17, 32, 341, 613})
_BUSINESS_LIMITS = range(80000, 80015)
#: "Unknown error" and "service": Meta answers them also for what it took after all.
_UNCLEAR = frozenset({1, 2})
_TRY_AGAIN = frozenset({1200})
_OUTSIDE_WINDOW = frozenset({2018278, 2018065, 2534022})
#: Another app of the Page holds the exchange.
_HELD_ELSEWHERE = frozenset({2018300, 2018344})
_UNREACHABLE = frozenset({2018001, 2018027, 2018108, 1545041, 2534014, 2534037})
#: A comment is answered in private once.
_ANSWERED_BEFORE = 10900
_GONE = frozenset({"100/33", "803", "21", "2500/33", "24"})
_USAGE_HEADER = "x-business-use-case-usage"
_LONGEST_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class GraphError:
    """One error as the Graph API tells it. ``said`` is its best sentence; ``subcode`` is 0 where none is told."""

    code: int
    subcode: int
    said: str
    status: int

    @property
    def name(self) -> str:
        return f"{self.code}/{self.subcode}" if self.subcode else str(self.code)


#: Knows codes of one network alone: the error they mean, or None to go by what all of Meta's networks share.
Dialect = Callable[[GraphError, httpx.Response, bool], ConnectorError | None]


def error_of(content: Any, status: int) -> GraphError | None:
    """The error in an answer; None where there is none."""
    told = mapping(inside(content, "error")) or _flat_error(content)
    if not told:
        return None
    said = name(inside(told, "error_data", "details")) or name(told.get("error_user_msg")) or name(told.get("message"))
    return GraphError(whole(told.get("code")) or 0, whole(told.get("error_subcode")) or 0, said or "", status)


def judged(
    label: str, response: httpx.Response, content: Any, *, repeatable: bool, dialect: Dialect | None = None
) -> ConnectorError | None:
    """The error that an answer means; None where it tells none."""
    told = error_of(content, response.status_code)
    if told is None:
        return None
    own = dialect(told, response, repeatable) if dialect is not None else None
    return own or _meaning(label, told, response, repeatable=repeatable)


def is_gone(error: RefusedError) -> bool:
    """Whether Meta refused because what was named is not, or no longer, there."""
    return error.code in _GONE


def refused(label: str, told: GraphError) -> RefusedError:
    """Meta refuses this one request for good."""
    reason = Reason("%(network)s refused the request (error %(code)s).", network=label, code=told.name)
    return RefusedError(quoting(reason, told.said), status=told.status, code=told.name)


def slow_down(label: str, told: GraphError, response: httpx.Response) -> TransientError:
    """Too many requests: with the pause that Meta's headers name."""
    asked = Reason("%(network)s asks us to slow down (rate limit).", network=label)
    return TransientError(quoting(asked, told.said), retry_after=pause_of(response) or usage_pause(response))


def usage_pause(response: httpx.Response) -> timedelta | None:
    """How long Meta says that a business must wait: the longest of what its usage header names, in minutes."""
    try:
        usage = load(response.headers.get(_USAGE_HEADER, "").encode())
    except PayloadError:
        return None
    uses = [use for listed in mapping(usage).values() for use in mappings(listed)]
    minutes = [whole(use.get("estimated_time_to_regain_access")) or 0 for use in uses]
    longest = max(minutes, default=0)
    return min(timedelta(minutes=min(longest, 10_000)), _LONGEST_PAUSE) if longest > 0 else None


def _meaning(label: str, told: GraphError, response: httpx.Response, *, repeatable: bool) -> ConnectorError:
    if told.code in _TOKEN or (told.subcode in _TOKEN and told.code in (10, 200, 2500)):
        ended = Reason("%(network)s no longer accepts this access: sign in again.", network=label)
        return AuthError(quoting(ended, told.said))
    if told.code in _TOO_MANY or told.code in _BUSINESS_LIMITS or told.status == 429:
        return slow_down(label, told, response)
    if told.code in _TRY_AGAIN:
        return TransientError(quoting(_not_taken(label), told.said), retry_after=pause_of(response))
    if told.code in _UNCLEAR:
        return unclear(quoting(_failed(label, told), told.said), repeatable=repeatable)
    known = _known_refusal(label, told)
    if known is not None:
        return RefusedError(known, status=told.status, code=told.name)
    if told.code == 368:
        blocked = Reason("%(network)s has blocked this action for a time, for a breach of its rules.", network=label)
        return PermanentError(quoting(blocked, told.said))
    if told.status >= 500 and not told.code:
        return unclear(quoting(_failed(label, told), told.said), repeatable=repeatable)
    return refused(label, told)


def _known_refusal(label: str, told: GraphError) -> Reason | None:
    """A refusal for good that people can do something about."""
    if told.subcode in _OUTSIDE_WINDOW:
        return _closed(label)
    if told.subcode in _HELD_ELSEWHERE:
        return quoting(_held_elsewhere(label), told.said)
    if told.code == 551 or told.subcode in _UNREACHABLE:
        return _unreachable(label)
    return _answered_before(label) if told.code == _ANSWERED_BEFORE else None


def _flat_error(content: Any) -> dict[str, Any]:
    """The error of a sign-in at Instagram or Threads, which stands at the top: error_message, code."""
    if not isinstance(content, dict) or "error_message" not in content or flag(content.get("success")):
        return {}
    return {"message": content["error_message"], "code": content.get("code")}


def _closed(label: str) -> Reason:
    return Reason(
        "%(network)s says that the time to answer this person is over: they have to write first.", network=label
    )


def _held_elsewhere(label: str) -> Reason:
    return Reason(
        "Another app of the Page holds this exchange on %(network)s: take it back before you answer.", network=label
    )


def _unreachable(label: str) -> Reason:
    return Reason(
        "%(network)s cannot reach this person: they blocked us, left, or never wrote to this account.", network=label
    )


def _answered_before(label: str) -> Reason:
    return Reason(
        "%(network)s lets a comment be answered in private once, and it was. Go on in public, or in private where the "
        "customer answers.",
        network=label,
    )


def _not_taken(label: str) -> Reason:
    return Reason("%(network)s did not take the message and asks to try again.", network=label)


def _failed(label: str, told: GraphError) -> Reason:
    return Reason("%(network)s failed (error %(code)s).", network=label, code=told.name)
