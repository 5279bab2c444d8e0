"""One attempt: calling the network, and telling what is known afterwards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import structlog

from comptoir.channels.connecting import opened
from comptoir.connectors.base import (
    AuthError,
    Connector,
    FindsSent,
    Outgoing,
    PermanentError,
    SendsMessages,
    Sent,
    TransientError,
    UncertainError,
)
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.conversations.files import FilesAwayError
from comptoir.conversations.wishes import refusal_of
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.reasons import Reason, reason_of
from comptoir.delivery.models import Attempt
from comptoir.delivery.outgoing import build_outgoing
from comptoir.delivery.running import START_WITHIN

log = structlog.get_logger("comptoir.delivery")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The network has it; ``was_found``: from an earlier attempt that had been cut."""

    sent: Sent
    was_found: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """This attempt certainly left nothing on the network. ``cut_before``: an earlier one may have."""

    reason: str
    retry_after: timedelta | None = None
    cut_before: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be accepted as it is. ``cut_before``: an earlier attempt may have been."""

    reason: str
    cut_before: bool = False


@dataclass(frozen=True, slots=True)
class Unauthorised:
    """The account must be reconnected; ``credentials`` are those that no longer open it, encrypted."""

    reason: str
    credentials: bytes


@dataclass(frozen=True, slots=True)
class Unknown:
    """The network may have it. ``may_be_retried``: trying again cannot double it, or it will be looked for first."""

    reason: str
    may_be_retried: bool


Result = Accepted | Later | Refused | Unauthorised | Unknown


def make_attempt(attempt: Attempt) -> Result:
    """Call the network once; never raises, since every failure says something about the reply."""
    message = attempt.message
    credentials = bytes(message.account.encrypted_credentials)
    cut = list(message.attempts.filter(outcome=Attempt.Outcome.UNCERTAIN).values_list("is_superseded", flat=True))
    result: Result | None = None
    try:
        with opened(message.account) as connector:
            outgoing = build_outgoing(message)
            wish = refusal_of(type(connector), message.conversation)
            call = _Call(connector, outgoing, credentials, was_cut=bool(cut), must_find=not all(cut), wish=wish)
            with _bounded(connector.http):
                result = call.result()
    except UnreadableSecretError as error:
        return result or Unauthorised(reason_of(error), credentials)
    except FilesAwayError as error:
        return result or Later(error.reason, cut_before=bool(cut))
    except Exception as error:
        log.exception("attempt failed beside the network", message_id=message.pk, called=result is not None)
        return result or Later(_broken(error), cut_before=bool(cut))
    return result


@contextlib.contextmanager
def _bounded(http: httpx.Client) -> Iterator[None]:
    """Let no request begin after START_WITHIN, so that an attempt older than LONGEST_SEND is certainly over."""
    deadline = time.monotonic() + START_WITHIN.total_seconds()

    def refuse_when_late(request: httpx.Request) -> None:
        if time.monotonic() > deadline:
            raise httpx.PoolTimeout("The attempt took too long.", request=request)

    http.event_hooks["request"].append(refuse_when_late)
    try:
        yield
    finally:
        http.event_hooks["request"].remove(refuse_when_late)


@dataclass(slots=True)
class _Call:
    """One conversation with the network. ``must_find``: no person has decided about the attempts that were cut.
    ``wish``: why the customer may not be written to, where they said so since the reply was queued.
    """

    connector: Connector
    outgoing: Outgoing
    credentials: bytes
    was_cut: bool
    must_find: bool
    wish: Reason | None = None

    def result(self) -> Result:
        if self.was_cut and isinstance(self.connector, FindsSent):
            return self._found(self.connector) or self._sent()
        return self._sent()

    def _found(self, connector: FindsSent) -> Result | None:
        """What became of the attempts that were cut; None when they certainly left nothing, or a person said so."""
        try:
            sent = connector.find_sent(self.outgoing)
        except TransientError as error:
            return Later(error.reason, error.retry_after, cut_before=True)
        except AuthError as error:
            return Unauthorised(error.reason, self.credentials)
        except Exception as error:  # noqa: BLE001  # whatever went wrong, we do not know
            _log_unless_expected(error)
            return Unknown(_reason(error), may_be_retried=False) if self.must_find else None
        self.was_cut = False
        return Accepted(sent, was_found=True) if sent is not None else None

    def _sent(self) -> Result:
        if not isinstance(self.connector, SendsMessages):
            return Refused(Reason("“%(network)s” cannot send.", network=self.connector.label))
        if self.wish is not None:
            return Refused(self.wish, self.was_cut)
        try:
            return Accepted(self.connector.send(self.outgoing))
        except TransientError as error:
            return Later(error.reason, error.retry_after, self.was_cut)
        except PermanentError as error:
            return Refused(error.reason, self.was_cut)
        except AuthError as error:
            return Unauthorised(error.reason, self.credentials)
        except Exception as error:  # noqa: BLE001  # once the network was called it may have the reply
            _log_unless_expected(error)
            return Unknown(_reason(error), may_be_retried=_may_retry(type(self.connector)))


def cut_off(kind: str, reason: str) -> Unknown:
    """What is known of an attempt whose process is gone, on an account of this kind."""
    try:
        return Unknown(reason, may_be_retried=_may_retry(connector_class(kind)))
    except UnknownKindError:
        return Unknown(reason, may_be_retried=False)


def _may_retry(kind: type[Connector]) -> bool:
    return issubclass(kind, FindsSent) or (issubclass(kind, SendsMessages) and kind.resends_safely)


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, UncertainError) else _broken(error)


def _broken(error: Exception) -> Reason:
    """A mistake of our own, with what a maintainer needs to find it."""
    return Reason(
        "Comptoir made a mistake while it was sending (“%(error)s”); its log says more.",
        error=f"{type(error).__name__}: {error}",
    )


def _log_unless_expected(error: Exception) -> None:
    if not isinstance(error, UncertainError):
        log.error("the connector broke while sending", exc_info=error)
