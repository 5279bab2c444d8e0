from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import AuthError, Delivery, EventKind, PayloadError, PermanentError, TransientError
from comptoir.connectors.rss.connector import Rss

URL = "https://blog.example/feed/?type=comments"


def entry(number: int, changed: str = "2026-03-02T08:00:00Z") -> str:
    return (
        f"<entry><id>urn:{number}</id><title>n° {number}</title><published>2026-03-0{number}T08:00:00Z</published>"
        f"<updated>{changed}</updated></entry>"
    )


def feed(*entries: str) -> bytes:
    inside = "".join(entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{inside}</feed>'.encode()


class Far:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, content=answer)


def rss(far: Far | None = None, **credentials: str) -> Rss:
    client = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Rss({"url": URL, **credentials}, client, own_id=URL)


def test_the_first_round_notes_what_stands_there_and_the_next_brings_what_is_new() -> None:
    first = httpx.Response(
        200, content=feed(entry(1)), headers={"etag": '"a"', "last-modified": "Mon, 02 Mar 2026 08:00:00 GMT"}
    )
    far = Far(first, feed(entry(2), entry(1)))
    account = rss(far)
    (page,) = account.poll({})
    assert page.deliveries == ()
    (page,) = account.poll(page.cursor)
    assert far.asked[1].headers["if-none-match"] == '"a"'
    assert far.asked[1].headers["if-modified-since"] == "Mon, 02 Mar 2026 08:00:00 GMT"
    assert [event.external_id for event in account.parse(page.deliveries[0])] == ["urn:2"]


def test_a_feed_that_did_not_change_brings_nothing() -> None:
    assert list(rss(Far(httpx.Response(304))).poll({"etag": '"a"', "seen": []})) == []


def test_a_changed_entry_comes_again_as_an_edit() -> None:
    account = rss(Far(feed(entry(1)), feed(entry(1, changed="2026-03-05T08:00:00Z"))))
    (page,) = account.poll({})
    (page,) = account.poll(page.cursor)
    kinds = [event.event for event in account.parse(page.deliveries[0])]
    assert kinds == [EventKind.POST, EventKind.EDIT]


def test_history_is_what_the_feed_still_shows_since_then() -> None:
    account = rss(Far(feed(entry(3), entry(1))))
    (page,) = account.history(datetime(2026, 3, 2, tzinfo=UTC), {})
    assert [event.external_id for event in account.parse(page.deliveries[0])] == ["urn:3"]
    assert list(account.history(datetime(2026, 3, 2, tzinfo=UTC), page.cursor)) == []


def test_a_json_feed_is_polled_too() -> None:
    items = [{"id": "2", "content_text": "b"}, {"id": "1", "content_text": "a"}]
    first, second = ({"version": "https://jsonfeed.org/version/1.1", "items": part} for part in (items[1:], items))
    account = rss(Far(json.dumps(first).encode(), json.dumps(second).encode()))
    (page,) = account.poll({})
    (page,) = account.poll(page.cursor)
    assert [event.text for event in account.parse(page.deliveries[0])] == ["b"]


def test_the_address_keeps_its_query_and_the_password_is_sent() -> None:
    far = Far(feed(entry(1)))
    health = rss(far, username="lea", password="s3cret").check()
    assert str(far.asked[0].url) == URL
    assert far.asked[0].headers["authorization"].startswith("Basic ")
    assert (health.own_id, health.name) == (URL, "Blog")


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (httpx.Response(200, content=b"<html><body>Bonjour</body></html>"), PermanentError, "no feed"),
        (httpx.Response(200, content=b"nothing"), PermanentError, "no feed"),
        (httpx.Response(301, headers={"location": "https://other.example/"}), PermanentError, "redirection"),
        (httpx.Response(401), AuthError, "no longer accepts"),
        (httpx.Response(503), TransientError, "failed"),
    ],
)
def test_what_is_no_feed_is_said(answer: httpx.Response, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        rss(Far(answer)).check()


# --- hostile feeds ----------------------------------------------------------------------------------------------------


def test_entities_of_the_document_are_not_resolved_and_files_not_read() -> None:
    body = (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "again">]>'
        b"<rss><channel><item><guid>1</guid><title>a&x;b&y;c</title></item></channel></rss>"
    )
    (event,) = rss().parse(Delivery(body, "application/xml"))
    assert event.subject is not None
    assert "again" not in event.subject


def test_an_explosion_of_entities_stays_small() -> None:
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{layers}]><rss><channel><item><title>&l9;</title></item></channel></rss>'
    events = rss().parse(Delivery(body.encode(), "application/xml"))
    assert all(len(event.subject or "") < 1000 for event in events)


def test_a_tree_without_end_is_read_or_refused() -> None:
    try:
        events = rss().parse(Delivery(b"<rss><channel>" + b"<item>" * 100_000, "application/xml"))
    except PayloadError:
        return
    assert len(events) <= 5_000


def test_letters_by_their_names_in_html_are_kept() -> None:
    title = b"L&eacute;a &amp; l&rsquo;&eacute;t&eacute;"
    body = b"<rss><channel><item><guid>1</guid><title>" + title + b"</title></item></channel></rss>"
    (event,) = rss().parse(Delivery(body, "application/xml"))
    assert event.subject == "Léa & l’été"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "iso-8859-1", "windows-1252"])
def test_feeds_are_read_in_the_encoding_they_are_written_in(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    written = declaration + "\n<rss><channel><item><title>Léa à l’été</title></item></channel></rss>"
    written = written if encoding != "iso-8859-1" else written.replace("’", " ")
    (event,) = rss().parse(Delivery(written.encode(encoding), "application/xml"))
    assert event.subject == ("Léa à l été" if encoding == "iso-8859-1" else "Léa à l’été")


def test_letters_of_windows_in_what_claims_to_be_utf_8_are_read() -> None:
    body = "\n <rss><channel><item><title>Léa à l’été</title></item></channel></rss>".encode("cp1252")
    (event,) = rss().parse(Delivery(body, "application/xml"))
    assert event.subject == "Léa à l’été"


def said_in(item: str, namespaces: str = "") -> Any:
    body = f"<rss version='2.0' {namespaces}><channel><item>{item}</item></channel></rss>".encode()
    (event,) = rss().parse(Delivery(body, "application/xml"))
    return event


@pytest.mark.parametrize(
    "written", ["lea@exemple.example (Léa)", "Léa (lea@exemple.example)", "Léa &lt;lea@exemple.example&gt;"]
)
def test_an_author_with_an_address_is_known_by_it_and_shown_by_name(written: str) -> None:
    author = said_in(f"<author>{written}</author><title>n</title>").author
    assert (author.id, author.name) == ("lea@exemple.example", "Léa")


def test_the_feeds_own_words_go_before_those_of_an_extension_of_the_same_name() -> None:
    item = "<x:description>not this</x:description><description>this</description>"
    assert said_in(item, "xmlns:x='http://x.example/'").text == "this"


def test_an_extension_whose_prefix_nobody_declared_is_read() -> None:
    assert said_in("<itunes:summary>Un épisode</itunes:summary>").text == "Un épisode"


def test_a_film_without_a_title_of_its_own_has_that_of_its_media() -> None:
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    assert said_in("<guid>1</guid><media:title>La visite</media:title>", media).subject == "La visite"


def test_quotation_marks_numbered_as_windows_does_are_read() -> None:
    assert said_in("<description>l&#146;été &#147;ici&#148;</description>").text == "l’été “ici”"


def test_content_in_base64_is_decoded() -> None:
    entry = (
        "<entry xmlns='http://www.w3.org/2005/Atom'><id>1</id>"
        "<content type='application/octet-stream'>UGFzIDxiPmRlPC9iPiByw6lwb25zZQ==</content></entry>"
    )
    (event,) = rss().parse(Delivery(entry.encode(), "application/xml"))
    assert event.text == "Pas de réponse"


def author_of(written: str) -> tuple[str | None, str | None]:
    said = f"<rss><channel><title>Forum</title><item><guid>1</guid><author>{written}</author></item></channel></rss>"
    author = rss().parse(Delivery(said.encode(), "application/xml"))[0].author
    return author.id, author.name


@pytest.mark.parametrize("much", [" ", "é ", "a@", "( ", "x" * 199 + " "])
def test_an_author_of_a_million_letters_is_taken_as_it_is(much: str) -> None:
    """Searched for a name and an address, its spaces would be tried by twos, in hours."""
    written = "x" + much * (1_000_000 // len(much)) + "y"
    assert author_of(written) == (written, written)
