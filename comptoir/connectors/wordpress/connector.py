"""WordPress: comments of one blog or shop, by its REST API or by its feed of comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    AuthError,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Family,
    FindsSent,
    Health,
    HidesOthers,
    Limits,
    Moderates,
    NetworkEvent,
    Outgoing,
    Page,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
    Standing,
)
from comptoir.connectors.shared.addresses import place_of
from comptoir.connectors.shared.untrusted import inside, name
from comptoir.connectors.wordpress import polling, sending, setting_up
from comptoir.connectors.wordpress.api import API_VERSION, Api
from comptoir.connectors.wordpress.reading import read_delivery
from comptoir.core.reasons import Reason


class WordPress(
    Connector, Polls, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates, HidesOthers, DeletesOthers
):
    """Comments under the posts of one WordPress, and our answers to them."""

    kind, label = "wordpress", "WordPress"
    media_hosts = ()
    offers_publishing = True
    family = Family.FORUMS
    api_version = API_VERSION
    limits: ClassVar[Limits] = Limits(max_text_chars=sending.MAX_CHARS, sends_per_minute=4)
    credential_fields = setting_up.CREDENTIAL_FIELDS
    preparations = setting_up.PREPARATIONS
    absences = setting_up.ABSENCES
    verified_against = "a real WordPress 6.1 (tests/peers)"
    poll_every = timedelta(minutes=1)
    writes_privately = False

    def people_scope(self) -> str:
        return place_of(self.credentials.get("site", ""))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        api = self._api
        if not api.has_password:
            api.feed_of_comments({})
            remark = Reason("Without an application password the blog’s published comments are read, and not answered.")
            return Health(api.site, name=api.site, remarks=(remark,))
        user = api.get("users/me", context="edit").content
        own_id = name(inside(user, "id"))
        if own_id is None:
            raise AuthError("The blog does not say who this user is.")
        remarks: list[str] = []
        if inside(user, "capabilities", "moderate_comments") is not True:
            remarks.append(Reason("This user may not moderate comments: make it an Editor of the blog."))
        return Health(
            own_id, name(inside(user, "slug")) or "", name(inside(user, "name")) or own_id, remarks=tuple(remarks)
        )

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.poll(self._api, cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.history(self._api, since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        if not self.own_id:
            raise AuthError("The blog does not say who this user is.")
        return sending.find_sent(self._api, outgoing, self.own_id)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._api, external_id, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api, external_id, for_good=False)

    def may_hide(self, message: Standing) -> bool:
        """Where the thread is known by the post's number, as the API tells it."""
        has_password = bool(self.credentials.get("application_password", "").strip())
        return message.thread_id.isascii() and message.thread_id.isdigit() and has_password

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.set_status(self._api, external_id, "hold")

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.set_status(self._api, external_id, "approved")

    def may_remove(self, message: Standing) -> bool:
        return self.may_hide(message)

    def remove(self, external_id: str, *, thread_id: str) -> None:
        sending.delete(self._api, external_id, for_good=True)

    @property
    def _api(self) -> Api:
        return Api(self.credentials, self.http)
