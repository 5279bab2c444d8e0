"""Calls on the account's server (PDS), signed in with an app password."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, PermanentError
from comptoir.connectors.bluesky.answers import Answered, error_of, failure_of, failure_of_transport, read_answer
from comptoir.connectors.bluesky.untrusted import items, mapping, name

DEFAULT_SERVICE = "https://bsky.social"
_CHAT = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
_REFUSED_TOKENS = ("ExpiredToken", "InvalidToken")

Params = Mapping[str, str | int | Sequence[str]]


class Session:
    """Signs in when the first call is made, renews the token when the server says that it expired.

    The tokens outlive us in the stored credentials: signing in each time would use up what the network allows a day.
    """

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None) -> None:
        self._credentials = credentials
        self._http = http
        self._own_id = own_id
        self.renewed: dict[str, str] = {}
        self._service = _web_address(credentials.get("service") or DEFAULT_SERVICE)
        kept = credentials if credentials.get("session_of") == self._login_mark() else {}
        self._access = kept.get("access_token", "")
        self._refresh = kept.get("refresh_token", "")
        self._server = kept.get("server") or self._service
        self._did = kept.get("did", "")

    @property
    def did(self) -> str:
        """Our own id on the network; signs in where it is not known yet."""
        if not self._did:
            self._sign_in()
        return self._did

    def get(self, method: str, params: Params | None = None, *, chat: bool = False) -> Answered:
        return self._call("GET", method, params=params, headers=_CHAT if chat else {})

    def post(self, method: str, body: Mapping[str, Any], *, chat: bool = False, repeatable: bool = True) -> Answered:
        """``repeatable``: a second call with the same body changes nothing, so an unclear one is tried again."""
        return self._call("POST", method, json=body, headers=_CHAT if chat else {}, repeatable=repeatable)

    def upload(self, content: bytes, mime_type: str) -> Mapping[str, Any]:
        """Store a file on our server and return the blob that a record can name."""
        answer = self._call("POST", "com.atproto.repo.uploadBlob", content=content, headers={"content-type": mime_type})
        return mapping(answer.content.get("blob"))

    def _call(self, verb: str, method: str, *, repeatable: bool = True, **request: Any) -> Answered:
        if not self._access:
            self._sign_in()
        response = self._request(verb, method, self._access, repeatable=repeatable, **request)
        if response.status_code in (400, 401) and error_of(response)[0] in _REFUSED_TOKENS:
            if "bad token" in error_of(response)[1].lower():
                raise PermanentError("This app password may not do that: make one that may use direct messages.")
            self._renew()
            response = self._request(verb, method, self._access, repeatable=repeatable, **request)
        return read_answer(response, repeatable=repeatable)

    def _request(
        self, verb: str, method: str, token: str, *, server: str = "", headers: Mapping[str, str] | None = None,
        repeatable: bool = True, **request: Any,
    ) -> httpx.Response:  # fmt: skip
        signed = {**(headers or {}), **({"authorization": f"Bearer {token}"} if token else {})}
        try:
            return self._http.request(verb, f"{server or self._server}/xrpc/{method}", headers=signed, **request)
        except httpx.RequestError as error:
            raise failure_of_transport(error, repeatable=repeatable) from error
        except httpx.InvalidURL as error:
            raise PermanentError("The address of the service cannot be read.") from error

    def _renew(self) -> None:
        if self._refresh:
            response = self._request("POST", "com.atproto.server.refreshSession", self._refresh)
            if response.is_success:
                self._keep(read_answer(response, repeatable=True).content)
                return
            if response.status_code not in (400, 401):
                raise failure_of(response, repeatable=True)
        self._sign_in()

    def _sign_in(self) -> None:
        login = {
            "identifier": self._credentials.get("identifier", "").strip().removeprefix("@"),
            "password": self._credentials.get("app_password", "").strip(),
        }
        if not all(login.values()):
            raise AuthError("The account has no handle or no app password: enter both.")
        response = self._request("POST", "com.atproto.server.createSession", "", server=self._service, json=login)
        code, _ = error_of(response)
        if code == "AuthFactorTokenRequired":
            raise AuthError("This password asks for a code by e-mail: use an app password, made in Bluesky's settings.")
        if response.status_code in (400, 401) and code != "InvalidRequest":
            raise AuthError("Bluesky did not accept this handle with this app password.")
        self._keep(read_answer(response, repeatable=True).content)

    def _keep(self, opened: Mapping[str, Any]) -> None:
        did, access, refresh = (name(opened.get(key)) for key in ("did", "accessJwt", "refreshJwt"))
        if not did or not access or not refresh:
            raise AuthError("Bluesky's server opened a session without the tokens that belong to one.")
        if self._own_id and did != self._own_id:
            raise AuthError(
                "These credentials open another account (%(other)s), not the one that is connected.", other=did
            )
        self._did, self._access, self._refresh = did, access, refresh
        self._server = _server_of(opened.get("didDoc")) or self._server
        self.renewed = {
            "did": did, "access_token": access, "refresh_token": refresh, "server": self._server,
            "session_of": self._login_mark(),
        }  # fmt: skip

    def _login_mark(self) -> str:
        """Whose session the stored tokens are: another service, handle or password makes them void."""
        login = "\n".join(self._credentials.get(key, "") for key in ("service", "identifier", "app_password"))
        return hashlib.blake2s(login.encode("utf-8", "surrogatepass"), digest_size=16, person=b"comptoir").hexdigest()


def _server_of(did_document: object) -> str | None:
    """The server that holds the account, as its DID document names it."""
    for service in map(mapping, items(mapping(did_document).get("service"))):
        if (name(service.get("id")) or "").endswith("#atproto_pds"):
            try:
                return _web_address(name(service.get("serviceEndpoint")) or "")
            except PermanentError:
                return None
    return None


def _web_address(address: str) -> str:
    """An https:// address without its last slash; http:// only on this very machine, as passwords go there."""
    try:
        url = httpx.URL(address.strip().rstrip("/"))
    except httpx.InvalidURL:
        raise PermanentError("The address of the service cannot be read.") from None
    if not url.host or url.scheme not in ("https", "http") or (url.scheme == "http" and not _is_this_machine(url.host)):
        raise PermanentError("The address of the service must begin with https://, as in https://bsky.social.")
    return str(url).rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
