"""What strangers sent is served so that it can do nothing."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.conversations.files import keep_file, open_file
from comptoir.conversations.models import Attachment, Message
from comptoir.core.clock import now
from comptoir.understanding.personal_data import PersonalData
from comptoir.web.html_cost import is_too_costly
from comptoir.web.marking import marked
from comptoir.web.views.files import clean_html
from tests.web.conftest import Counter, client_of

_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def kept_as(counter: Counter, content: bytes, name: str, **fields: str) -> Attachment:
    kept = keep_file(io.BytesIO(content), declared_type="")
    return Attachment.objects.create(
        message=counter.incoming, position=5, kind="file", state="stored", name=name, mime_type=kept.mime_type,
        size_bytes=kept.size_bytes, storage_key=kept.storage_key, **fields,
    )  # fmt: skip


def test_a_page_that_somebody_sent_is_offered_for_download_and_never_run(counter: Counter) -> None:
    file = kept_as(counter, b"<html><script>alert(1)</script></html>", "facture.html")
    answer = client_of(counter.people["agent"]).get(f"/attachments/{file.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_is_shown_in_place(counter: Counter) -> None:
    file = kept_as(counter, _GIF, "photo.gif")
    answer = client_of(counter.people["agent"]).get(f"/attachments/{file.pk}/")
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content) == _GIF  # type: ignore[attr-defined]  # a streaming response


def test_a_name_cannot_write_headers_of_its_own(counter: Counter) -> None:
    file = kept_as(counter, b"x", 'a"\r\nSet-Cookie: b=1')
    answer = client_of(counter.people["agent"]).get(f"/attachments/{file.pk}/")
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_file_that_is_gone_is_not_found(counter: Counter) -> None:
    Attachment.objects.filter(pk=counter.attachment.pk).update(storage_key="ab/gone")
    assert client_of(counter.people["agent"]).get(f"/attachments/{counter.attachment.pk}/").status_code == 404


def test_the_original_is_framed_in_a_sandbox_without_pictures_from_elsewhere(counter: Counter) -> None:
    Message.objects.filter(pk=counter.incoming.pk).update(html='<b>a</b><img src="https://spy.example/1.gif">')
    client = client_of(counter.people["agent"])
    answer = client.get(f"/messages/{counter.incoming.pk}/original/")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b"spy.example" not in answer.content
    assert b"spy.example" in client.get(f"/messages/{counter.incoming.pk}/original/?pictures").content


def test_a_picture_inside_the_mail_is_put_into_the_page(counter: Counter) -> None:
    kept_as(counter, _GIF, "logo.gif", content_id="<logo@mail>")
    Message.objects.filter(pk=counter.incoming.pk).update(html='<img src="cid:logo@mail">')
    answer = client_of(counter.people["agent"]).get(f"/messages/{counter.incoming.pk}/original/")
    assert b'src="data:image/gif;base64,R0lGODlh' in answer.content


def test_a_picture_referred_to_often_is_read_once_and_makes_no_giant_page(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_as(counter, _GIF + b"x" * 1_500_000, "logo <b>.gif", content_id="<logo@mail>")
    opened = []
    monkeypatch.setattr("comptoir.web.views.files.open_file", lambda key: opened.append(key) or open_file(key))
    Message.objects.filter(pk=counter.incoming.pk).update(html='<img src="cid:logo@mail">' * 100)
    page = client_of(counter.people["agent"]).get(f"/messages/{counter.incoming.pk}/original/").content
    assert (page.count(b"data:image/gif"), len(opened)) == (2, 1)
    assert page.count(b"[logo &lt;b&gt;.gif]") == 98
    assert len(page) < 6 * 1024 * 1024


def test_files_of_a_deleted_message_are_no_longer_given(counter: Counter) -> None:
    Message.objects.filter(pk=counter.incoming.pk).update(deleted_at=now())
    assert client_of(counter.people["agent"]).get(f"/attachments/{counter.attachment.pk}/").status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 60_000,
        "<div><!--</div>-->" * 60_000,
        '<div title="</div>">' * 50_000,
        "<span><div></span></div>" * 40_000,
        "<div><table><td></div></table></td>" * 28_000,
        "<li><dd>" * 60_000,
        "<svg><title>" + "<div>" * 60_000,
        '<style><a b="</style>' + "<div>" * 60_000,
        "<!-->" + "<div>" * 60_000 + "-->",
        "<a " + " ".join(f"x{number}=1" for number in range(60_000)) + ">",
        "a &amp; " * 300_000,
    ],
)
def test_html_that_a_parser_would_choke_on_is_too_costly(hostile: str) -> None:
    assert is_too_costly(hostile)


@pytest.mark.parametrize(
    "ordinary",
    [
        "<p>Bonjour" * 5_000,
        "<ul>" + "<li>un" * 5_000 + "</ul>",
        "<table>" + "<tr><td><p>a</p><br></td></tr>" * 10_000 + "</table>",
        "<blockquote>" * 200 + "a" + "</blockquote>" * 200,
        "<style>p > a {color:red}</style><!--[if mso]><table><![endif]--><p title='a>b'>a</p>",
    ],
)
def test_html_that_people_send_is_not_too_costly(ordinary: str) -> None:
    assert not is_too_costly(ordinary)


@pytest.mark.parametrize("piece", ["<", "</", "<!", "<!--", "<?", '<a b="', "<title>", "<a ", "<![CDATA[", "</ "])
def test_the_cost_of_broken_html_is_found_in_linear_time(piece: str) -> None:
    began = time.process_time()
    is_too_costly(piece * (900_000 // len(piece)))
    assert time.process_time() - began < 3


def test_a_layout_that_costs_too_much_is_shown_as_text_with_a_word_about_it(counter: Counter) -> None:
    Message.objects.filter(pk=counter.incoming.pk).update(html="<div>" * 60_000, text="Où est <b>mon</b> colis ?")
    page = client_of(counter.people["agent"]).get(f"/messages/{counter.incoming.pk}/original/").content.decode()
    assert "trop imbriquée" in page
    assert "Où est &lt;b&gt;mon&lt;/b&gt; colis ?" in page
    assert "<div><div>" not in page


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">a</a>',
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input name=a></form>',
        '<svg onload="alert(1)"></svg>',
        '<div style="background:url(https://spy.example/a)">a</div>',
        '<div style="position:fixed;inset:0">a</div>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<link rel="stylesheet" href="https://evil.example/a.css">',
    ],
)
def test_hostile_html_loses_what_acts(hostile: str) -> None:
    cleaned = clean_html(hostile, has_pictures=False)
    for sign in (
        "script",
        "onerror",
        "onload",
        "javascript:",
        "iframe",
        "<form",
        "evil.example",
        "spy.example",
        "fixed",
    ):
        assert sign not in cleaned


def test_a_message_is_text_however_it_looks(counter: Counter) -> None:
    Message.objects.filter(pk=counter.incoming.pk).update(text="<script>alert(1)</script> https://example.org/?a=1&b=2")
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=5))
def test_a_marked_text_is_still_the_whole_text(text: str, spans: list[tuple[int, int]]) -> None:
    found = [PersonalData("phone", min(span), max(span)) for span in spans]
    whole = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    assert "".join(words for words, _is_marked in marked(text, found)) == whole
