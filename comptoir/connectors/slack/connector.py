"""Slack: one workspace, through an application that is in its channels, shared ones included."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    Addressee,
    Answer,
    CompletesEvents,
    Connector,
    Delivery,
    EditsMessages,
    Family,
    FindsSent,
    Health,
    HookRequest,
    Lack,
    Likes,
    Limits,
    LocatesMedia,
    MediaSource,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PayloadError,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignatureError,
    SignsIn,
)
from comptoir.connectors.shared.signing import same
from comptoir.connectors.shared.untrusted import load_object, mapping, mappings, name
from comptoir.connectors.slack import files, sending, signing_in
from comptoir.connectors.slack.api import LABEL, Workspace
from comptoir.connectors.slack.history import history
from comptoir.connectors.slack.mrkdwn import called_by_id
from comptoir.connectors.slack.reading import read_delivery
from comptoir.connectors.slack.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.core.reasons import Reason


class Slack(
    Connector, ReceivesWebhooks, ReadsHistory, CompletesEvents, SendsMessages, FindsSent, EditsMessages, Moderates,
    Likes, LocatesMedia, SignsIn, RenewsCredentials,
):  # fmt: skip
    """What is said in the channels the application is in, and to itself, and our answers."""

    kind, label = "slack", LABEL
    media_hosts = ("slack.com", "slack-files.com", "slack-edge.com")
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=4000, max_files=files.MAX_FILES, max_file_bytes=files.MAX_FILE_BYTES, takes_alt_text=True,
        sends_per_minute=60,
    )  # fmt: skip
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    oauth = signing_in.OAUTH
    unverified = (
        "Écrit d’après la documentation de Slack ; n’a pas été vérifié auprès du service.",
        "Written from Slack’s documentation; not verified against the service.",
    )
    verified_against = "the vendor’s sample payloads and documentation, not verified against the service"

    @classmethod
    def others_read(cls, thread_id: str) -> bool:
        """Exchanges of two are named D…; channels and groups C… and G…."""
        return thread_id.startswith(("C", "G"))

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._workspace = Workspace(credentials, http)
        self.names = {}

    # --- listening ---

    def verify(self, request: HookRequest) -> None:
        """The stamp is signed but its age is not judged: a delivery that comes again changes nothing."""
        secret = self.credentials.get("signing_secret", "").strip()
        if not secret:
            raise SignatureError("This account has no signing secret: nothing can be verified.")
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signed = b"v0:" + stamp.encode("utf-8", "replace") + b":" + request.body
        expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if not same(expected, request.headers.get("x-slack-signature", "")):
            raise SignatureError("The signature does not fit the body and this account's secret.")

    def challenge(self, request: HookRequest) -> Answer | None:
        try:
            asked = load_object(request.body) if request.method == "POST" else {}
        except PayloadError:
            return None
        word = name(asked.get("challenge")) if asked.get("type") == "url_verification" else None
        return Answer(body=word.encode()) if word else None

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        try:
            told = mappings(load_object(request.body).get("authorizations"))
        except PayloadError:
            return ()
        bots = dict.fromkeys(name(one.get("user_id")) for one in told if one.get("is_bot"))
        return tuple(Addressee(self.kind, bot) for bot in bots if bot)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return history(self._workspace, since, cursor)

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        """Applications are named where they speak; people (U…, of other workspaces W…) and channels by their id."""
        lacking: list[Lack] = []
        if (event.author.id or "").startswith(("U", "W")) and not event.author.name:
            lacking.append("person")
        if (event.thread_id or "").startswith(("C", "G")) and event.custom.get("channel_type") != "im":
            lacking.append("place")
        if called_by_id(event.text or ""):
            lacking.append("names")
        return lacking

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        author = self._workspace.person(event.author.id or "") if "person" in lacking else event.author
        channel = self._workspace.channel(event.thread_id or "") if "place" in lacking else None
        if "person" in lacking and author.id and author.name:
            self.names[author.id] = author.name
        said = self._workspace.called_by_name(event.text or "", self.names) if "names" in lacking else event.text
        return replace(event, author=author, text=said, subject=f"#{channel}" if channel else event.subject)

    def locate(self, url: str) -> MediaSource:
        return self._workspace.media(url)

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "public":
            raise PermanentError("Slack has no public messages: answer in private.")
        return sending.send(self._workspace, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.find(self._workspace, outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._workspace, external_id, outgoing, custom)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._workspace, external_id, custom)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.like(self._workspace, external_id, custom)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.like(self._workspace, external_id, custom, taken_back=True)

    # --- the account ---

    def check(self) -> Health:
        answered = self._workspace.ask("auth.test")
        told = mapping(answered.content)
        own_id = name(told.get("user_id"))
        if own_id is None:
            raise PermanentError("Slack did not say which application this token opens.")
        granted = {one.strip() for one in answered.headers.get("x-oauth-scopes", "").split(",")} - {""}
        lacking = [scope.name for scope in self.oauth.scopes if granted and scope.name not in granted]
        remarks = [Reason("Permissions are missing: %(scopes)s.", scopes=", ".join(lacking))] if lacking else []
        handle, team = name(told.get("user")) or "", name(told.get("team")) or ""
        return Health(own_id, handle, team, signing_in.TOKENS.renew_at(self.credentials), tuple(remarks))

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return [signing_in.exchange(self.credentials, self.http, code, redirect_url)]

    def revoke(self) -> None:
        self._workspace.tell_once("auth.revoke", {}, done=frozenset())

    def renew_at(self) -> datetime | None:
        return signing_in.TOKENS.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        return signing_in.renew(self.credentials, self.http)
