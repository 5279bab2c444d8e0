"""Calls on RCS Business Messaging: messages under ids of our choosing, that we type, whether the key opens the agent.

Sources: RCS Business Messaging API v1, phones.agentMessages, phones.agentEvents, phones.getCapabilities.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from comptoir.connectors.base import Health, Outgoing, OutgoingFile, PermanentError, Sent
from comptoir.connectors.shared.calling import Answered, RefusedError
from comptoir.connectors.shared.cut_short import cut_short
from comptoir.connectors.shared.google_service import Session
from comptoir.connectors.shared.untrusted import instant, mapping
from comptoir.core.reasons import Reason

LABEL = "RCS"
SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging"
REGIONS = ("europe", "us", "asia")
#: A number that is nobody's, set apart for fiction: asking for it shows whether the key opens the agent.
_NOBODY = "+15555550100"
_FROM_UUID = uuid.UUID("3f0e9a86-1a4b-5c0e-9f52-6a2b7c1d8e90")
_UNREACHABLE = Reason("This telephone cannot be reached by RCS: answer by SMS, or call.")
_CLOSED = Reason("Google does not let this agent write to this telephone: its operator must have launched it.")


class Agent:
    """One agent: what the brand is called on RCS."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self.session = Session(LABEL, SCOPE, credentials, http)
        self.id = credentials.get("agent_id", "").strip()
        region = credentials.get("region", "").strip().lower()
        host = f"{region if region in REGIONS else REGIONS[0]}-rcsbusinessmessaging.googleapis.com"
        self._base = f"https://{host}/v1/phones"

    def send(self, outgoing: Outgoing) -> Sent:
        """The text and each file as a message of its own. Google ignores an id that it knows: twice makes one."""
        number = outgoing.thread_id or outgoing.recipient.id
        if not number:
            raise PermanentError("There is no number to send to.")
        messages, ids, sent = contents(outgoing), list[str](), list[Answered]()
        for position, content in enumerate(messages):
            ids.append(message_id(outgoing.key, position))
            try:
                sent.append(self._say(number, ids[-1], content))
            except PermanentError as error:
                if not sent:
                    raise
                raise cut_short(len(sent), len(messages), error) from error
        told = mapping(sent[0].content)
        return Sent(ids[0], instant(told.get("sendTime")) or sent[0].at, thread_id=number, part_ids=tuple(ids[1:]))

    def _say(self, number: str, identifier: str, content: Mapping[str, Any]) -> Answered:
        asked = {"messageId": identifier, "agentId": self.id}
        try:
            return self._post(number, "agentMessages", asked, {"contentMessage": content})
        except RefusedError as error:
            if error.status == 409:  # Google has this one already
                return Answered(error.status, {}, {})
            raise _explained(error) from error

    def typing(self, number: str) -> None:
        asked = {"eventId": str(uuid.uuid4()), "agentId": self.id}
        self._post(number, "agentEvents", asked, {"eventType": "IS_TYPING"})

    def health(self) -> Health:
        """Who we are: Google only tells whether the key opens the agent. Raises what `Session.call` raises."""
        if not self.id:
            raise PermanentError("Enter the agent’s id.")
        asked = {"requestId": str(uuid.uuid4()), "agentId": self.id}
        try:
            self.session.call("GET", f"{self._base}/{quote(_NOBODY, safe='')}/capabilities", params=asked)
        except RefusedError as error:
            if error.status != 404:  # nobody is there, which we knew
                raise
        return Health(self.id, self.id, self.id.partition("@")[0] or self.id)

    def _post(self, number: str, what: str, asked: Mapping[str, str], body: Mapping[str, Any]) -> Answered:
        url = f"{self._base}/{quote(number, safe='')}/{what}"
        return self.session.call("POST", url, params=asked, json=body, repeatable=True)


def _explained(error: RefusedError) -> RefusedError:
    """In the words of those who answer, where it is about this telephone."""
    known = {404: _UNREACHABLE, 410: _UNREACHABLE, 403: _CLOSED}.get(error.status)
    if known is None:
        return error
    reason = Reason("%(reason)s %(said)s", reason=known, said=error.reason)
    return RefusedError(reason, status=error.status, code=error.code)


def contents(outgoing: Outgoing) -> Sequence[dict[str, Any]]:
    """What is said, in order; answers to press go with the last. Raises PermanentError."""
    said: list[dict[str, Any]] = [{"text": outgoing.text}] if outgoing.text else []
    said += [{"contentInfo": {"fileUrl": _address(one)}} for one in outgoing.files]
    if not said:
        raise PermanentError("There is nothing to send: neither a text nor a file.")
    if outgoing.choices:
        said[-1]["suggestions"] = [{"reply": {"text": one, "postbackData": one}} for one in outgoing.choices]
    return said


def _address(file: OutgoingFile) -> str:
    if not file.public_url:
        raise PermanentError(
            "%(network)s fetches files from a public https address, and this counter has none: set COMPTOIR_BASE_URL.",
            network=LABEL,
        )
    return file.public_url


def message_id(key: str, position: int) -> str:
    """The id, a UUID as Google wants, of one of a reply's messages: always the same for the same reply."""
    try:
        first = uuid.UUID(key)
    except ValueError:
        first = uuid.uuid5(_FROM_UUID, key)
    return str(first if position == 0 else uuid.uuid5(first, str(position)))
