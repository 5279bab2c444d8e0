"""Viber's Bot API: it answers 200 to everything and says in ``status`` what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import (
    AuthError,
    ConnectorError,
    Figure,
    Health,
    Outgoing,
    PermanentError,
    Sent,
    TransientError,
    UncertainError,
)
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, quoting
from comptoir.connectors.shared.cut_short import cut_short
from comptoir.connectors.shared.untrusted import mapping, name, number, whole
from comptoir.connectors.viber.saying import said
from comptoir.core.reasons import Reason

API = "https://chatapi.viber.com/pa"
LABEL = "Viber"
EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
_MAX_NAME_CHARS = 28

_TOKEN_IS_WRONG, _NOT_AUTHORISED, _TOO_MANY = 2, 15, 12
_BLOCKED = (7, 8, 9)  # the account is blocked, unknown or suspended
_GONE = {5: Reason("This person is not on Viber any more."), 6: Reason("This person no longer follows us on Viber.")}
_UNSUITABLE = {11: Reason("None of this person’s devices can show our message.")}
_NO_BALANCE = (23, 24)
_SLOW_DOWN = timedelta(seconds=10)


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What Viber's own ``status`` means; None where all went well, or where it says nothing."""
    told = mapping(content)
    status = whole(told.get("status"))
    if status is None or status == 0:
        return None
    words = name(told.get("status_message")) or str(status)
    if status in (_TOKEN_IS_WRONG, _NOT_AUTHORISED):
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), words))
    if status in _BLOCKED:
        return AuthError(quoting(Reason("Viber has closed this account."), words))
    if status == _TOO_MANY:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(slow, retry_after=_SLOW_DOWN)
    if status in _NO_BALANCE:
        return PermanentError(quoting(Reason("The credit of this Viber account is used up."), words))
    known = _GONE.get(status) or _UNSUITABLE.get(status) or Reason("Viber refused it.")
    return RefusedError(quoting(known, words), status=response.status_code, code=str(status))


class Bot:
    """One bot."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._headers = {"X-Viber-Auth-Token": credentials.get("auth_token", "").strip()}
        self._sender = credentials.get("sender_name", "").strip()
        self._network = Network(LABEL, http, judge)

    def call(self, method: str, body: Mapping[str, Any], *, repeatable: bool) -> Answered:
        return self._network.call("POST", f"{API}/{method}", json=body, headers=self._headers, repeatable=repeatable)

    def send(self, outgoing: Outgoing) -> Sent:
        """A text and each file as a message of its own; a short text goes with the picture it is about."""
        if not outgoing.recipient.id:
            raise PermanentError("Viber did not tell who wrote this: there is nobody to answer.")
        who = {
            "receiver": outgoing.recipient.id,
            "min_api_version": 1,
            "sender": {"name": (self._sender or outgoing.sender_name or LABEL)[:_MAX_NAME_CHARS]},
        }
        messages, sent = said(outgoing), list[Answered]()
        for message in messages:
            try:
                sent.append(self.call("send_message", {**who, **message}, repeatable=False))
            except ConnectorError as error:
                if not sent or isinstance(error, UncertainError):
                    raise
                raise cut_short(len(sent), len(messages), error) from error
        first, *others = [name(mapping(one.content).get("message_token")) for one in sent]
        parts = tuple(one for one in others if one)
        return Sent(first or outgoing.key, sent[0].at, thread_id=outgoing.thread_id, part_ids=parts)

    def account(self) -> Mapping[str, Any]:
        return mapping(self.call("get_account_info", {}, repeatable=True).content)

    def health(self) -> Health:
        told = self.account()
        own_id = name(told.get("id"))
        if own_id is None:
            raise PermanentError("Viber did not say which account this token opens.")
        remarks = (
            [] if name(told.get("webhook")) else [Reason("Viber delivers nothing yet: it has no address of ours.")]
        )
        return Health(own_id, name(told.get("uri")) or "", name(told.get("name")) or "", remarks=tuple(remarks))

    def deliver_to(self, url: str) -> None:
        body = {"url": url, "event_types": list(EVENTS), "send_name": True, "send_photo": True}
        self.call("set_webhook", body, repeatable=True)

    def figures(self) -> list[Figure]:
        followers = number(self.account().get("subscribers_count"))
        return [] if followers is None else [Figure("followers", followers)]
