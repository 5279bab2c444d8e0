"""Calls on a blog's REST API with an application password, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import (
    ApiVersion,
    AuthError,
    ConnectorError,
    Delivery,
    PermanentError,
    TransientError,
)
from comptoir.connectors.shared.addresses import site_address
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, quoting
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import inside, name, text
from comptoir.core.reasons import Reason, template

API_VERSION = ApiVersion("wp/v2")
_FLOOD_PAUSE = timedelta(seconds=20)
_REFUSALS = {
    "comment_duplicate": template("WordPress refuses the same comment twice: change it a little."),
    "rest_comment_closed": template("Comments are closed under this post."),
    "rest_comment_draft_post": template("This post is not published: WordPress takes no comments there."),
    "rest_comment_invalid_id": template("This comment is no longer on the blog."),
    "rest_comment_invalid_post_id": template("This post is no longer on the blog."),
    "rest_comment_content_invalid": template("WordPress does not take a comment without words."),
    "comment_content_column_length": template("The text is too long for WordPress: shorten it."),
    "rest_cannot_edit": template("This user may not moderate comments on the blog."),
    "rest_cannot_delete": template("This user may not moderate comments on the blog."),
    "rest_forbidden_context": template("This user may not moderate comments on the blog."),
    "rest_forbidden_param": template("This user may not moderate comments on the blog."),
    "rest_no_route": template("The blog’s REST API is closed: open it, or listen to its feed of comments."),
    "rest_disabled": template("The blog’s REST API is closed: open it, or listen to its feed of comments."),
}


class Api:
    """The API as one user of the blog sees it, at the address that works whatever the blog's permalinks."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self.site = site_address(credentials.get("site", ""))
        self._network = Network("WordPress", http, judge)
        self._feed = Network("WordPress", http, speaks_json=False)

    @property
    def has_password(self) -> bool:
        return bool(self._credentials.get("application_password", "").strip())

    def get(self, route: str, **params: str | int) -> Answered:
        return self._call("GET", route, params)

    def post(self, route: str, body: Mapping[str, Any], *, repeatable: bool) -> Answered:
        """``repeatable``: doing it twice changes nothing."""
        return self._call("POST", route, {}, json=dict(body), repeatable=repeatable)

    def delete(self, route: str, **params: str | int) -> Answered:
        return self._call("DELETE", route, params)

    def feed_of_comments(self, headers: Mapping[str, str]) -> Answered:
        """The feed of all comments; status 304 where it did not change."""
        return self._feed.call("GET", f"{self.site}/", params={"feed": "comments-rss2"}, headers=headers)

    def _call(
        self,
        method: str,
        route: str,
        params: Mapping[str, str | int],
        *,
        repeatable: bool | None = None,
        **options: Any,
    ) -> Answered:
        user, password = (self._credentials.get(key, "").strip() for key in ("username", "application_password"))
        if not user or not password:
            raise AuthError("The blog’s user name or its application password is missing.")
        asked = {"rest_route": f"/{API_VERSION.name}/{route}", **params}
        auth = httpx.BasicAuth(user, password)
        return self._network.call(method, f"{self.site}/", params=asked, auth=auth, repeatable=repeatable, **options)


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What WordPress's own codes mean; None where the HTTP status says enough."""
    if response.is_success:
        is_answer = isinstance(content, dict | list)
        return None if is_answer else PermanentError("What is at this address is no WordPress with a REST API.")
    code, said = name(inside(content, "code")) or "", html_to_text(text(inside(content, "message")) or "")
    if code == "comment_flood":
        return TransientError("WordPress asks us to slow down (rate limit).", retry_after=_FLOOD_PAUSE)
    if response.status_code == 401 and code not in ("rest_cannot_edit", "rest_cannot_delete", "rest_forbidden_context"):
        return AuthError(quoting(Reason("The blog does not accept this application password for this user."), said))
    if code in _REFUSALS:
        return RefusedError(Reason(_REFUSALS[code]), status=response.status_code, code=code)
    if response.status_code in (400, 403, 404, 409, 410):
        return RefusedError(quoting(Reason("WordPress refused it."), said), status=response.status_code, code=code)
    return None


def page_of(content: Any) -> Delivery:
    """An answer as a delivery to be stored."""
    return Delivery(json.dumps(content, default=float, ensure_ascii=False).encode("utf-8", "surrogatepass"))
