"""Comments of a real WordPress: who we are, what is said, our answers, moderation, the feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import AuthError, EventKind, NetworkEvent, Outgoing, PermanentError
from comptoir.connectors.rss.connector import Rss
from comptoir.connectors.wordpress.connector import WordPress
from tests.peers.wordpress_blog import Blog, blog

__all__ = ["blog"]
pytestmark = pytest.mark.peers


@pytest.fixture
def account(blog: Blog) -> Iterator[WordPress]:
    with httpx.Client(timeout=60) as http:
        yield WordPress(blog.credentials(), http, own_id=blog.editor)


def polled(account: WordPress | Rss, cursor: Mapping[str, Any]) -> tuple[list[NetworkEvent], Mapping[str, Any]]:
    """Everything a round brings, and the cursor after it."""
    events: list[NetworkEvent] = []
    for page in account.poll(cursor):
        events += [event for delivery in page.deliveries for event in account.parse(delivery)]
        cursor = page.cursor
    return events, cursor


def said(blog: Blog, account: WordPress, text: str, **who: str) -> NetworkEvent:
    """What a visitor's comment looks like to us."""
    _events, cursor = polled(account, {})
    blog.comment(text, **who)
    (event,), _cursor = polled(account, cursor)
    return event


def answer(event: NetworkEvent, text: str) -> Outgoing:
    return Outgoing(
        key=text,
        queued_at=datetime.now(UTC),
        text=text,
        visibility="public",
        recipient=event.author,
        thread_id=event.thread_id,
        parent_id=event.external_id,
        parent_custom=event.custom,
    )


def test_the_editor_is_known_and_lacks_nothing(blog: Blog, account: WordPress) -> None:
    health = account.check()
    assert (health.own_id, health.handle, health.name, health.remarks) == (blog.editor, "marque", "Maison Verte", ())


def test_a_wrong_password_opens_nothing(blog: Blog) -> None:
    with httpx.Client(timeout=60) as http, pytest.raises(AuthError):
        WordPress(blog.credentials(application_password="wrong wrong"), http).check()


def test_a_visitors_comment_arrives_while_it_awaits_a_moderator(blog: Blog, account: WordPress) -> None:
    event = said(blog, account, "Bonjour,\nla taille 40 & 42 ?")
    assert event.text == "Bonjour,\nla taille 40 & 42 ?"
    assert (event.direction, event.thread_id, event.parent_id) == ("incoming", "1", None)
    assert (event.author.id, event.author.name) == ("lea@example.com", "Léa Martin")
    assert event.subject == "Hello world!"
    assert event.is_held
    assert event.sent_at is not None
    assert abs(event.sent_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_an_answer_stands_under_the_comment_and_is_found_and_never_twice(blog: Blog, account: WordPress) -> None:
    event = said(blog, account, "Et en 44 ?")
    outgoing = answer(event, "Oui, <en boutique> & en ligne.\nÀ bientôt")
    assert account.find_sent(outgoing) is None
    _events, cursor = polled(account, {})
    sent = account.send(outgoing)
    (ours,), _cursor = polled(account, cursor)
    assert (ours.external_id, ours.direction, ours.parent_id) == (sent.external_id, "outgoing", event.external_id)
    assert ours.text == outgoing.text
    found = account.find_sent(outgoing)
    assert found is not None
    assert found.external_id == sent.external_id
    with pytest.raises(PermanentError, match="twice"):
        account.send(outgoing)


def test_comments_are_held_shown_changed_and_removed(blog: Blog, account: WordPress) -> None:
    event = said(blog, account, "À modérer")
    assert event.external_id
    account.show(event.external_id, thread_id="1")
    assert blog.php(_STATUS.format(event.external_id)) == "approved"
    account.show(event.external_id, thread_id="1")
    account.hide(event.external_id, thread_id="1")
    assert blog.php(_STATUS.format(event.external_id)) == "unapproved"
    ours = account.send(answer(event, "Une réponse à changer"))
    account.edit(ours.external_id, answer(event, "Une réponse changée"), {})
    assert account.find_sent(answer(event, "Une réponse changée")) is not None
    account.delete(ours.external_id, {})
    account.delete(ours.external_id, {})
    assert blog.php(_STATUS.format(ours.external_id)) == "trash"
    account.remove(event.external_id, thread_id="1")
    account.remove(event.external_id, thread_id="1")
    assert blog.php(_STATUS.format(event.external_id)) == ""


def test_what_is_done_to_a_held_comment_in_the_blog_is_told(blog: Blog, account: WordPress) -> None:
    approved, trashed, erased = (said(blog, account, f"Retenu {number}").external_id for number in range(3))
    _events, cursor = polled(account, polled(account, {})[1])
    for act in (
        f"wp_set_comment_status({approved}, 'approve')",
        f"wp_trash_comment({trashed})",
        f"wp_delete_comment({erased}, true)",
    ):
        blog.php(f"require 'wp-load.php'; {act};")
    events, cursor = polled(account, cursor)
    told = {(one.event, one.external_id or one.target_id, one.is_held) for one in events}
    assert told == {
        (EventKind.COMMENT, approved, False),
        (EventKind.DELETE, trashed, None),
        (EventKind.DELETE, erased, None),
    }
    blog.php(f"require 'wp-load.php'; wp_set_comment_status({approved}, 'hold');")
    (again,), _cursor = polled(account, cursor)
    assert (again.external_id, again.is_held) == (approved, True)


_STATUS = "require 'wp-load.php'; echo wp_get_comment_status({});"


def test_history_has_what_was_there_before(account: WordPress) -> None:
    pages = list(account.history(datetime.now(UTC) - timedelta(days=30), {}))
    events = [event for page in pages for delivery in page.deliveries for event in account.parse(delivery)]
    assert "1" in [event.external_id for event in events]


def test_without_a_password_what_is_published_comes_by_the_feed(blog: Blog, account: WordPress) -> None:
    with httpx.Client(timeout=60) as http:
        reader = WordPress(blog.credentials(application_password=""), http)
        reader.check()
        feed = Rss({"url": f"{blog.url}/?feed=comments-rss2"}, http, own_id="feed")
        (_none, by_blog), (_nothing, by_feed) = polled(reader, {}), polled(feed, {})
        event = said(blog, account, "Visible par tous", author="Hugo", mail="hugo@example.com")
        assert event.external_id
        account.show(event.external_id, thread_id="1")
        ((published,), _), ((entry,), _) = polled(reader, by_blog), polled(feed, by_feed)
    assert (published.external_id, published.thread_id, published.text) == (event.external_id, "1", "Visible par tous")
    assert (entry.text, entry.author.name) == ("Visible par tous", "Hugo")
