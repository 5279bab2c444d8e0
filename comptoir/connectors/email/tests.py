"""The e-mail connector over its fixtures and over mail made to break it. No network; tests/peers has the real servers."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import (
    Author,
    Delivery,
    EventKind,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PayloadError,
    PermanentError,
)
from comptoir.connectors.email import smtp
from comptoir.connectors.email.charsets import decode
from comptoir.connectors.email.compose import recipient_address
from comptoir.connectors.email.connector import Email
from comptoir.connectors.email.dates import read_date
from comptoir.connectors.email.headers import addresses, unencoded
from comptoir.connectors.email.quotes import split_reply

FIXTURES = Path(__file__).parent / "fixtures"
PAYLOADS = sorted(path for path in FIXTURES.iterdir() if path.suffix not in (".json", ".md"))
OWN = "service@boutique.example"
HEAD = b"From: Jeanne <jeanne@client.example>\r\nTo: service@boutique.example\r\nSubject: s\r\n"
SAID = "Merci, c'est noté.\n\nBonne journée,\nJeanne"


def parsed(raw: bytes, *, own: str | None = OWN, content_type: str = "message/rfc822") -> list[NetworkEvent]:
    return Email({}, httpx.Client(), own_id=own).parse(Delivery(raw, content_type))


def message(raw: bytes, **options: Any) -> NetworkEvent:
    return parsed(raw, **options)[0]


# --- fixtures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.name)
def test_fixture_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    events = parsed(path.read_bytes(), own=None)
    assert len(events) == len(expected)
    for event, wanted in zip(events, expected, strict=True):
        for key, value in wanted.items():
            assert _plain(event, key, value) == value, key


def _plain(event: NetworkEvent, key: str, like: Any) -> Any:
    value = getattr(event, key)
    if key == "author":
        return {name: getattr(value, name) for name in like}
    if key == "attachments":
        return [{name: getattr(file, name) for name in wanted} for file, wanted in zip(value, like, strict=True)]
    return value.isoformat() if isinstance(value, datetime) else value


def test_every_fixture_copied_from_elsewhere_names_its_source() -> None:
    listed = (FIXTURES / "SOURCES.md").read_text()
    ours = {
        "bounce_of_ours",
        "broken_boundary",
        "gmail_html",
        "interleaved",
        "invitation",
        "mbox_line",
        "out_of_office",
        "uuencoded",
        "winmail",
    }
    assert [path.name for path in PAYLOADS if path.name not in listed and path.stem not in ours] == []


# --- quotations ---------------------------------------------------------------------------------------------------

ATTRIBUTIONS = [
    "Le 3 mai 2024 à 10:12, Service <s@x.fr> a écrit :",
    "Le ven. 3 mai 2024 à 10:12, Service clients de la boutique <service-clients@la-boutique.example>\na écrit :",
    "Le 03/05/2024 à 10:12, Service a écrit :",
    "Service a écrit le 03/05/2024 à 10:12 :",
    "On Fri, May 3, 2024 at 10:12 AM Service <s@x.fr> wrote:",
    "On Fri, 3 May 2024 at 10:12,\nService\n<s@x.fr> wrote:",
    "Am 03.05.2024 um 10:12 schrieb Service:",
    "Service <s@x.fr> schrieb am Fr., 3. Mai 2024, 10:12:",
    "El vie, 3 may 2024 a las 10:12, Service (<s@x.fr>) escribió:",
    "Il giorno ven 3 mag 2024 alle ore 10:12 Service <s@x.fr> ha\nscritto:",
    "Op vr 3 mei 2024 om 10:12 schreef Service <s@x.fr>:",
    "Em sex., 3 de mai. de 2024 às 10:12, Service <s@x.fr>\nescreveu:",
    "pt., 3 maj 2024 o 10:12 Service <s@x.fr> napisał(a):",
    "Den fre 3 maj 2024 kl 10:12 skrev Service <s@x.fr>:",
    "пт, 3 мая 2024 г. в 10:12, Service <s@x.fr>:",
    "2024年5月3日(金) 10:12 Service <s@x.fr>:",
    "在 2024年5月3日，10:12，Service <s@x.fr> 写道：",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("history", ["\n\n> Bonjour,\n> Voici.\n", "\n> Bonjour\n", "\n\nBonjour,\n\nVoici.\n"])
def test_history_below_an_attribution_is_folded(attribution: str, history: str) -> None:
    split = split_reply(f"{SAID}\n\n{attribution}{history}")
    assert split.text == SAID
    assert split.quoted is not None
    assert split.quoted.startswith(attribution.split("\n")[0][:10])


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_answer_below_the_quotation_is_what_was_said(attribution: str) -> None:
    assert split_reply(f"{attribution}\n\n> Bonjour\n> Voici\n\n{SAID}\n").text == SAID


@pytest.mark.parametrize(
    "block",
    [
        "De : Service <s@x.fr>\nEnvoyé : vendredi 3 mai 2024 10:12\nÀ : Jeanne <j@x.fr>\nObjet : RE: Commande",
        "From: Service <s@x.fr>\nSent: Friday, May 3, 2024 10:12 AM\nTo: J\nSubject: Re: x",
        "Von: Service <s@x.fr>\nGesendet: Freitag, 3. Mai 2024 10:12\nAn: J\nBetreff: AW: x",
        "De: Service <s@x.fr>\nEnviado el: viernes, 3 de mayo de 2024 10:12\nPara: J\nAsunto: RE: x",
        "Da: Service <s@x.fr>\nInviato: venerdì 3 maggio 2024 10:12\nA: J\nOggetto: R: x",
        "Van: Service <s@x.fr>\nVerzonden: vrijdag 3 mei 2024 10:12\nAan: J\nOnderwerp: RE: x",
        "De: Service <s@x.fr>\nEnviada em: sexta-feira, 3 de maio de 2024\nPara: J\nAssunto: RES: x",
        "*De :* Service [mailto:s@x.fr]\n*Envoyé :* vendredi 3 mai 2024\n*À :* Jeanne\n*Objet :* Commande",
        "-----Message d'origine-----\nblabla",
        "________ Message original ________\nblabla",
        "Début du message réexpédié :\n\nblabla",
    ],
)
def test_history_below_its_headers_is_folded(block: str) -> None:
    assert split_reply(f"{SAID}\n\n________________________________\n{block}\n\nBonjour,\n\nVoici.\n").text == SAID


@pytest.mark.parametrize(
    "signature",
    [
        "Envoyé de mon iPhone",
        "Envoyé à partir d'Outlook pour Android",
        "Télécharger Outlook pour iOS",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Enviado do meu iPhone",
        "-- \nJeanne Dupont\n01 02 03 04 05",
    ],
)
@pytest.mark.parametrize("tail", ["", "\n\nLe 3 mai 2024 à 10:12, Service <s@x.fr> a écrit :\n\n> Bonjour\n"])
def test_signature_stands_apart(signature: str, tail: str) -> None:
    split = split_reply(f"{SAID}\n\n{signature}\n{tail}")
    assert split.text == SAID
    assert split.signature is not None
    assert signature.split("\n")[0].strip() in split.signature


@pytest.mark.parametrize(
    "said",
    [
        "Bonjour,\n\nLe technicien m'a écrit :\n\nil viendra mardi.\n\nMerci",
        "Mes dates :\nDe : Paris\nÀ : Lyon\nDate : 3 mai\n\nMerci",
        "Horaires :\n- 10:00 à 12:00\n- 14:00 à 16:00\n\nJe préfère le matin",
        "Commande : 123\nNom : Dupont\nDate : 3 mai\nObjet : réclamation\n\nMon texte",
        "Envoyé par la poste le 3 mai.\nJe l'attends toujours.",
        "> Rien que la citation.",
    ],
)
def test_what_only_resembles_history_stays(said: str) -> None:
    assert split_reply(said).text == said


def test_forwarded_mail_without_a_word_is_kept_whole() -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: S <s@x.fr>\nDate: x\nSubject: y\nTo: z\n\nVoyez ceci."
    assert split_reply(forwarded).text == forwarded


def html(body: str) -> NetworkEvent:
    return message(body.encode(), content_type="text/html")


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote"><div class="gmail_attr">xx yy:<br></div><blockquote class="gmail_quote">H</blockquote></div>',
        '<hr><div id="divRplyFwdMsg"><b>Zzz :</b> S<br></div><div>Hello</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p><b>Xyzzy:</b> S</p></div><p>Hello</p>',
        '<div class="ydp1yahoo_quoted"><div>Le vendredi 3 mai 2024, 10:12:00 UTC+2, S &lt;s@x.fr&gt; a écrit :</div><div>H</div></div>',
        '<div class="protonmail_quote">On Friday, May 3rd, 2024 at 10:12, S &lt;s@x.fr&gt; wrote:<br><blockquote type="cite">H</blockquote></div>',
        '<div class="moz-cite-prefix">Quelqu’un :<br></div><blockquote type="cite" cite="mid:x@y"><p>Hello</p></blockquote>',
        '<hr id="zwchr"><blockquote style="border-left:2px solid #1010FF"><b>De: </b>"S" &lt;s@x.fr&gt;<br><b>À: </b>J<br>'
        "<b>Envoyé: </b>Vendredi<br><b>Objet: </b>T<br></blockquote><blockquote style='border-left:2px solid'>Hello</blockquote>",
    ],
)
def test_history_in_html_is_folded_by_its_marks(history: str) -> None:
    assert html(f"<div><p>Je confirme.</p></div>{history}").text == "Je confirme."


def test_what_nobody_sees_in_html_is_left_out() -> None:
    hidden = (
        '<style>p{}</style><script>x()</script><p style="display:none">a</p><p hidden>b</p><img src=x width=1 height=1>'
    )
    assert html(f"<head><title>t</title></head>{hidden}<p>Visible</p>").text == "Visible"


def test_quotation_a_person_made_themselves_stays() -> None:
    assert html("<p>Il a dit<blockquote>jamais</blockquote>et voilà</p>").text == "Il a dit\n\njamais\n\net voilà"


# --- headers ------------------------------------------------------------------------------------------------------


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
    assert message(HEAD + header + b"\r\n\r\n" + body).thread_token == "c-0123456789abcdef"


# --- sides --------------------------------------------------------------------------------------------------------


def test_mail_from_our_own_address_is_outgoing_and_names_the_other_side() -> None:
    event = message(b"From: Service <SERVICE@boutique.example>\r\nTo: Jeanne <jeanne@client.example>\r\n\r\nx")
    assert event.direction == "outgoing"
    assert event.counterpart == Author(id="jeanne@client.example", handle="jeanne@client.example", name="Jeanne")


def test_mail_from_an_alias_is_outgoing() -> None:
    raw = b"From: contact@boutique.example\r\nTo: j@client.example\r\n\r\nx"
    assert message(raw, own="service@boutique.example, Contact@boutique.example").direction == "outgoing"


def test_contact_form_in_our_own_name_is_the_customer_writing() -> None:
    event = message(
        b"From: service@boutique.example\r\nTo: service@boutique.example\r\nReply-To: J <j@client.example>\r\n\r\nx"
    )
    assert (event.direction, event.author.id) == ("incoming", "j@client.example")


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Precedence: bulk",
        b"X-Autoreply: yes",
        b"List-Unsubscribe: <mailto:x@y.z>",
        b"Return-Path: <>",
        b"X-Comptoir-Account: service@boutique.example",
        b"X-Loop: x@y.z",
    ],
)
def test_mail_no_person_wrote_is_automatic(header: bytes) -> None:
    assert message(header + b"\r\n" + HEAD + b"\r\nx").automatic


@pytest.mark.parametrize("header", [b"Auto-Submitted: no", b"List-Id: <service.boutique.example>", b"X-Mailer: x"])
def test_mail_a_person_wrote_is_not_automatic(header: bytes) -> None:
    assert not message(header + b"\r\n" + HEAD + b"\r\nx").automatic


BOUNCE = FIXTURES / "bounce_of_ours.eml"


def test_bounce_of_our_message_is_its_failure_too() -> None:
    bounce, failure = parsed(BOUNCE.read_bytes())
    assert bounce.automatic
    assert bounce.related_ids[0] == failure.target_id == "<c-0123456789abcdef.r1@boutique.example>"
    assert failure.event is EventKind.FAILED


def test_bounce_of_a_message_that_is_not_ours_fails_nothing() -> None:
    raw = (
        BOUNCE.read_bytes()
        .replace(b"<c-0123456789abcdef.r1@", b"<other@")
        .replace(b"From: service@", b"From: someone@")
    )
    assert [event.event for event in parsed(raw)] == [EventKind.MESSAGE]


def test_delay_is_not_a_failure() -> None:
    raw = BOUNCE.read_bytes().replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1", b"4.1.1")
    assert [event.event for event in parsed(raw)] == [EventKind.MESSAGE]


def test_bounce_that_follows_no_standard_is_still_a_failure() -> None:
    raw = (
        b"From: MAILER-DAEMON@x.example\r\nTo: service@boutique.example\r\nSubject: failure notice\r\n\r\nSorry.\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <c-0123456789abcdef.k@boutique.example>\r\n"
    )
    assert [event.target_id for event in parsed(raw)] == [None, "<c-0123456789abcdef.k@boutique.example>"]


# --- charsets and hostile mail ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw, label, expected",
    [
        (b"L\x92\xe9t\xe9 5 \x80", "iso-8859-1", "L’été 5 €"),
        ("été".encode(), "iso-8859-1", "été"),
        ("Ça été".encode().decode("latin-1").encode(), "utf-8", "Ça été"),
        ("你好，镕基".encode("gb18030"), "gb2312", "你好，镕基"),
        (b"Hi +Jjo-", "unicode-1-1-utf-7", "Hi ☺"),
        ("こんにちは".encode("iso2022_jp"), None, "こんにちは"),
        ("été ".encode() * 10 + b"\xe9", "utf-8", "été " * 10 + "é"),
        (b"a\x00b\x07", "us-ascii", "ab"),
        (b"abc", "base64", "abc"),
    ],
)
def test_bytes_are_read_whatever_their_label_says(raw: bytes, label: str | None, expected: str) -> None:
    assert decode(raw, label) == expected


def test_empty_delivery_is_refused_with_a_reason() -> None:
    with pytest.raises(PayloadError, match="empty"):
        parsed(b"\r\n")


@pytest.mark.parametrize(
    "raw",
    [
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000))
        + b"\r\nx",
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"x",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nhi\r\n" * 20_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"x",
        HEAD + b"\r\n" + b"on 3 may 2020 a b c:\r\n" * 20_000,
        HEAD + b"\r\n" + b"From: x\r\nSent: y\r\n" * 20_000,
        b"From: " + b"(" * 20_000 + b"\r\nSubject: " + b"=?utf-8?q?" * 5_000 + b"\r\n\r\nx",
        HEAD + b"\r\n" + b"x" * 8_000_000,
    ],
    ids=["nested parts", "nested mails", "many parts", "deep html", "colons", "headers", "brackets", "one line"],
)
def test_mail_made_to_break_us_is_read_in_bounded_time(raw: bytes) -> None:
    start = time.process_time()
    parsed(raw)
    assert time.process_time() - start < 5


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [b"text/plain", b"text/html", b"multipart/mixed; boundary=b", b"text/calendar", b"application/ms-tnef"]
    ),
)
def test_no_bytes_make_the_reader_fail(noise: bytes, kind: bytes) -> None:
    for raw in (HEAD + b"Content-Type: " + kind + b"\r\n\r\n--b\r\n" + noise, b"From: " + noise + b"\r\n\r\nx"):
        (event, *_) = parsed(raw)
        for text in (event.text, event.subject, event.author.name, event.author.handle):
            assert text is None or (text.isascii() or text.encode("utf-8")) is not None
            assert "\x00" not in (text or "")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_splitting_a_reply_loses_no_word_of_a_person(text: str) -> None:
    body = decode(text.encode("utf-8", "replace"))
    split = split_reply(body)
    assert split.text or not body.strip("\n \t\u00a0") or not split.quoted


# --- what we send -------------------------------------------------------------------------------------------------


def outgoing(**changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "key": "k1",
        "queued_at": datetime(2026, 5, 4, 9, tzinfo=UTC),
        "text": "Bonjour",
        "visibility": "private",
        "recipient": Author(id="j@client.example", handle="j@client.example", name="Jeanne"),
        "thread_token": "c-0123456789abcdef",
        "parent_id": "<c@x>",
        "related_ids": ("<b@x>", "<a@x>"),
        "subject": "Commande",
    }
    return Outgoing(**{**fields, **changes})


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What would have been handed to the mail server."""
    sent: list[bytes] = []
    monkeypatch.setattr(smtp, "_connected", lambda credentials, host: _NoServer())
    monkeypatch.setattr(smtp, "hand_over", lambda server, sender, recipients, raw: sent.append(raw) or {})
    return sent


class _NoServer:
    sock = None

    def has_extn(self, name: str) -> bool:
        return False

    def quit(self) -> None: ...

    def close(self) -> None: ...


CREDENTIALS = {"address": OWN, "smtp_host": "mail.example", "smtp_security": "none", "sender_name": "Service"}


def sent(wire: list[bytes], reply: Outgoing, **credentials: str) -> Any:
    Email({**CREDENTIALS, **credentials}, httpx.Client(), own_id=OWN).send(reply)
    return message_from_bytes(wire[-1])


def test_reply_continues_the_thread(wire: list[bytes]) -> None:
    mail = sent(wire, outgoing())
    assert mail["References"].split() == ["<a@x>", "<b@x>", "<c@x>"]
    assert (mail["In-Reply-To"], mail["Subject"]) == ("<c@x>", "Re: Commande")
    assert mail["Message-ID"] == "<c-0123456789abcdef.k1@boutique.example>"


def test_reply_is_the_same_bytes_at_every_attempt(wire: list[bytes]) -> None:
    reply = outgoing(text="é" * 200, files=(OutgoingFile("a.txt", "text/plain", b"x"),))
    sent(wire, reply)
    sent(wire, reply)
    assert wire[0] == wire[1]


@pytest.mark.parametrize("subject", ["Re: Commande", "RE: Commande", "Réf: x", "AW: x", "Re[2]: x"])
def test_subject_says_re_only_once(wire: list[bytes], subject: str) -> None:
    assert unencoded(sent(wire, outgoing(subject=subject))["Subject"]).count(":") <= 2
    assert not unencoded(sent(wire, outgoing(subject="Re: x"))["Subject"]).startswith("Re: Re:")


def test_no_text_can_add_a_header(wire: list[bytes]) -> None:
    evil = "x\r\nBcc: victim@example.org\r\n\r\nbody"
    reply = outgoing(
        subject=evil,
        sender_name=evil,
        recipient=Author(id="j@client.example", handle="j@client.example", name=evil),
        parent_id="<a@b>\r\nBcc: v@example.org",
        related_ids=("<a@b>\nBcc: v@example.org",),
        files=(OutgoingFile("a\r\nBcc: v@example.org", "text/plain\r\nBcc: v@example.org", b"x"),),
    )
    mail = sent(wire, reply)
    assert mail["Bcc"] is None
    assert b"\nBcc:" not in wire[-1]


def test_reply_address_carries_the_token_where_the_server_allows(wire: list[bytes]) -> None:
    assert sent(wire, outgoing(), plus_addressing="yes")["Reply-To"].endswith(
        "<service+c-0123456789abcdef@boutique.example>"
    )
    assert sent(wire, outgoing())["Reply-To"] is None


def test_answer_goes_where_the_customer_asked() -> None:
    own = frozenset({OWN})
    assert (
        recipient_address(outgoing(parent_custom={"reply_to": "other@client.example"}), own) == "other@client.example"
    )
    assert (
        recipient_address(outgoing(parent_custom={"reply_to": "service+c-1@boutique.example"}), own)
        == "j@client.example"
    )


def test_contact_without_an_address_cannot_be_written_to() -> None:
    with pytest.raises(PermanentError):
        recipient_address(outgoing(recipient=Author(id="mailer-daemon", handle="MAILER-DAEMON")), frozenset())


def test_line_that_is_only_a_full_stop_does_not_end_the_mail() -> None:
    assert smtp._dotted(b"a\n.\n.b\r\n") == b"a\r\n..\r\n..b\r\n"
