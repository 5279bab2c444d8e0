"""Names, dates, ids and tokens, however they are written."""

from __future__ import annotations

import pytest

from comptoir.connectors.email.dates import read_date
from comptoir.connectors.email.headers import addresses, unencoded
from comptoir.connectors.email.tests.reading_mail import HEAD, message

TOKEN = "c-" + "0123456789abcdef"


@pytest.mark.parametrize(
    "written, name, address",
    [
        (b'"Doe, John" <j@d.e>', "Doe, John", "j@d.e"),
        (b"j@d.e (John Doe)", "John Doe", "j@d.e"),
        (b"=?utf-8?Q?J=C3=B6rg,_M?= <j@x.de>", "Jörg, M", "j@x.de"),
        (b"=?utf-8?b?SsO2aG4gPGpAZC5lPg==?=", "Jöhn", "j@d.e"),
        (b"J\xf6rg <j@x.de>", "Jörg", "j@x.de"),
        (b"John <j@d.e", "John", "j@d.e"),
        (b"Jo@home <j@d.e>", "Jo@home", "j@d.e"),
        (b"<@route.x:j@d.e>", "", "j@d.e"),
    ],
)
def test_sender_is_read_however_it_is_written(written: bytes, name: str, address: str) -> None:
    assert addresses({"from": [written]}, "from")[0] == (name, address)


@pytest.mark.parametrize(
    "written, expected",
    [
        ("Fri, 5 Apr 2019 12:10:49 +0200 (CET)", "2019-04-05T12:10:49+02:00"),
        ("fr., 25 nov. 2022 06:27:14 +0100/fr., 25 nov. 2022 06:27:14 +0100", "2022-11-25T06:27:14+01:00"),
        ("Wed Jun  5 10:00:00 EDT 2019", "2019-06-05T10:00:00-04:00"),
        ("Mon, 12 Mar 2012 02:41:12 PM PDT", "2012-03-12T14:41:12-07:00"),
        ("3 Jan 18 10:12 UT", "2018-01-03T10:12:00+00:00"),
        ("2019-05-03T10:00:00Z", "2019-05-03T10:00:00+00:00"),
    ],
)
def test_date_is_read_however_it_is_written(written: str, expected: str) -> None:
    moment = read_date(written)
    assert moment is not None
    assert moment.isoformat() == expected


def test_date_that_is_none_stays_unknown() -> None:
    assert message(HEAD + b"Date: yesterday\r\n\r\nx").sent_at is None


def test_character_cut_between_two_encoded_words_is_joined() -> None:
    assert unencoded("=?utf-8?B?w4nDqcOo?= =?utf-8?B?w6nD?= =?utf-8?B?qQ==?=") == "Ééèéé"


def test_references_give_the_nearest_first() -> None:
    event = message(HEAD + b"Message-ID: <m@x>\r\nIn-Reply-To: <c@x>\r\nReferences: <a@x>\r\n <b@x> <c@x>\r\n\r\nx")
    assert (event.parent_id, event.thread_id, event.related_ids) == ("<c@x>", "<a@x>", ("<c@x>", "<b@x>", "<a@x>"))


def test_mail_without_a_message_id_gets_a_stable_one_aside() -> None:
    first, second = message(HEAD + b"\r\nx"), message(HEAD + b"\r\nx")
    assert first.external_id is None
    assert first.custom["surrogate_id"] == second.custom["surrogate_id"]


@pytest.mark.parametrize(
    "header, body",
    [
        (b"Delivered-To: service+c-0123456789abcdef@boutique.example", b"x"),
        (b"References: <c-0123456789abcdef.key@boutique.example>", b"x"),
        (b"X-Other: y", b"Bonjour [#c-0123456789abcdef]"),
    ],
)
def test_conversation_token_comes_back(header: bytes, body: bytes) -> None:
    assert message(HEAD + header + b"\r\n\r\n" + body).thread_token == TOKEN
