"""Slack's Web API: it answers 200 to nearly everything and says in ``ok`` and ``error`` what came of it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import (
    AuthError,
    Author,
    ConnectorError,
    MediaSource,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal, unclear
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.connectors.slack.messages import PREFIX
from comptoir.connectors.slack.mrkdwn import by_names, called_by_id
from comptoir.core.reasons import Reason

API = "https://slack.com/api"
LABEL = "Slack"
_LOST = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "invalid_refresh_token",
     "bad_client_secret", "invalid_client_id", "invalid_code", "code_already_used", "org_login_required"}
)  # fmt: skip
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited", "team_added_to_org"})
#: Slack failed while it did what was asked, and part of it may be done.
_BROKEN = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
_KNOWN = {
    "channel_not_found": Reason("Slack shows us no such channel: invite the application there again."),
    "not_in_channel": Reason("The application is not in this channel: invite it there."),
    "is_archived": Reason("This channel is archived: nothing can be said there any more."),
    "missing_scope": Reason("The application lacks a permission: sign in to Slack again."),
    "no_permission": Reason("The application lacks a permission: sign in to Slack again."),
    "msg_too_long": Reason("The message is too long for Slack."),
    "restricted_action": Reason("This workspace does not let the application write here."),
}
#: Nobody calls more people in one message than are worth asking for.
_MOST_CALLED = 10
_SLACK_HOSTS = ("https://files.slack.com/", "https://slack-files.com/")


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What Slack's own ``error`` means; None where all went well, or where it says nothing."""
    code = name(mapping(content).get("error"))
    if mapping(content).get("ok") is not False or code is None:
        return None
    if code in _LOST:
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), code))
    if code in _LATER:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(slow, retry_after=pause_of(response) or timedelta(seconds=30))
    if code in _BROKEN:
        failed = Reason("%(network)s failed (HTTP %(status)s).", network=LABEL, status=response.status_code)
        return unclear(quoting(failed, code), repeatable=False)
    refused = refusal(LABEL, response.status_code)
    reason = _KNOWN.get(code) or quoting(refused, code)
    return RefusedError(reason, status=response.status_code, code=code)


class Workspace:
    """One workspace, as the application is installed there."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._headers = {"Authorization": f"Bearer {credentials.get('bot_token', '').strip()}"}
        self._network = Network(LABEL, http, judge)
        self._store = Network(LABEL, http, judge, speaks_json=False)

    def ask(self, method: str, **asked: str | int) -> Answered:
        """Read something: a call that harms nothing when it is made twice."""
        try:
            return self._network.call("GET", f"{API}/{method}", params=asked, headers=self._headers)
        except UncertainError as error:
            raise TransientError(error.reason) from error

    def tell(self, method: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Answered:
        """Change something."""
        try:
            return self._network.call(
                "POST", f"{API}/{method}", json=body, headers=self._headers, repeatable=repeatable
            )
        except UncertainError as error:
            if repeatable:
                raise TransientError(error.reason) from error
            raise

    def tell_once(self, method: str, body: Mapping[str, Any], *, done: frozenset[str]) -> None:
        """Change something that may be so already: those ``done`` errors say it, and are a success."""
        try:
            self.tell(method, body, repeatable=True)
        except RefusedError as error:
            if error.code not in done:
                raise

    def put(self, url: str, content: bytes) -> None:
        """Leave a file's bytes at the address that Slack named for it; our token does not go there."""
        headers = {"Content-Type": "application/octet-stream"}
        self._store.call("POST", url, content=content, headers=headers, repeatable=True)

    def person(self, user: str) -> Author:
        """What a member of this workspace, or of one that shares a channel with it, is called."""
        told = mapping(mapping(self.ask("users.info", user=user).content).get("user"))
        profile = mapping(told.get("profile"))
        shown = name(profile.get("display_name")) or name(profile.get("real_name")) or name(told.get("real_name"))
        return Author(user, name(told.get("name")), shown, name(profile.get("image_72")))

    def called_by_name(self, said: str, known: MutableMapping[str, str]) -> str:
        """A text with the names of those whom it calls by their ids; whom Slack does not know stays as they are. Only
        those who are not ``known`` are asked for, and are known then.
        """
        names = dict[str, str]()
        for user in called_by_id(said)[:_MOST_CALLED]:
            found = known.get(user)
            names[user] = self._name_of(user) if found is None else found
            if found is None:
                known[user] = names[user]
        return by_names(said, names)

    def _name_of(self, user: str) -> str:
        try:
            return self.person(user).name or ""
        except RefusedError:
            return ""

    def channel(self, identifier: str) -> str | None:
        """What a channel is called; exchanges of two, and of a few people, are called nothing."""
        told = mapping(mapping(self.ask("conversations.info", channel=identifier).content).get("channel"))
        return None if told.get("is_im") or told.get("is_mpim") else name(told.get("name"))

    def media(self, url: str) -> MediaSource:
        """Slack's own files want our token, which goes nowhere else; a file known by its id is asked for."""
        if url.startswith(PREFIX):
            told = self.ask("files.info", file=url.removeprefix(PREFIX)).content
            found = name(inside(told, "file", "url_private_download")) or name(inside(told, "file", "url_private"))
            if found is None:
                raise PermanentError("Slack does not hand this file over.")
            url = found
        return MediaSource(url, self._headers if url.startswith(_SLACK_HOSTS) else {})
