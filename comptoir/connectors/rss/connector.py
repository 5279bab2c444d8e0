"""Feeds of posts and comments: RSS, Atom, JSON Feed. They are read, and cannot be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    ANYWHERE,
    Connector,
    CredentialField,
    Delivery,
    Family,
    Health,
    Limits,
    NetworkEvent,
    Page,
    Polls,
    ReadsHistory,
)
from comptoir.connectors.rss.polling import Source, history, poll
from comptoir.connectors.rss.reading import read_delivery
from comptoir.connectors.shared.addresses import place_of
from comptoir.core.reasons import Reason


class Rss(Connector, Polls, ReadsHistory):
    """One feed: a forum's new threads, a blog's comments, a site that writes about the brand."""

    kind, label = "rss", "RSS, Atom"
    media_hosts = ANYWHERE  # a feed's pictures lie anywhere
    family = Family.FORUMS
    tells_time = False
    limits: ClassVar[Limits] = Limits()
    poll_every = timedelta(minutes=5)
    credential_fields = (
        CredentialField(
            "url",
            ("Adresse du flux", "Address of the feed"),
            ("https://blog.exemple.fr/comments/feed/", "https://blog.example.com/comments/feed/"),
        ),
        CredentialField(
            "username",
            ("Nom d’utilisateur", "User name"),
            ("Seulement si le flux est protégé.", "Only if the feed is protected."),
            required=False,
        ),
        CredentialField("password", ("Mot de passe", "Password"), secret=True, required=False),
    )
    preparations = (
        (
            (
                "Cherchez l’adresse du flux sur le site (souvent /feed, /rss ou /atom.xml) ; pour les forums, celui "
                "des nouveaux sujets ou des derniers messages."
            ),
            (
                "Look for the feed’s address on the site (often /feed, /rss or /atom.xml); for forums, that of new "
                "topics or latest posts."
            ),
        ),
    )
    absences = (
        (
            ("Un flux se lit et ne se répond pas : ouvrez le lien pour répondre sur le site."),
            ("A feed is read and cannot be answered: open the link to answer on the site."),
        ),
        (
            ("Ce qui est effacé disparaît du flux sans que personne le dise."),
            "What is deleted leaves the feed and nobody says so.",
        ),
    )
    verified_against = "documents of feedparser’s tests; a feed of a real WordPress (tests/peers)"

    def people_scope(self) -> str:
        return place_of(self.credentials.get("url", ""))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        source = Source(self.credentials, self.http)
        fetched, asked = source.fetch({})
        remarks = []
        if fetched is not None and not fetched.marks:
            remarks.append(Reason("The feed has no entry at the moment."))
        if not asked.get("etag") and not asked.get("modified"):
            remarks.append(Reason("The feed does not say when it changed: it is fetched whole each time."))
        return Health(source.url, name=(fetched.title if fetched else None) or source.url, remarks=tuple(remarks))

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return poll(Source(self.credentials, self.http), cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return iter(()) if cursor.get("done") else history(Source(self.credentials, self.http), since)
