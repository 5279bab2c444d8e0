from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.shared.html_text import html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("rien à lire", "rien à lire"),
        ("<p>Bonjour<br>Léa</p>\n<p>À &lt;demain&gt; &amp; merci</p>", "Bonjour\nLéa\n\nÀ <demain> & merci"),
        ("<ul>\n<li>un</li>\n<li>deux</li>\n</ul>", "- un\n- deux"),
        ("<pre><code>a\n  b\n</code></pre>fin", "a\n  b\n\nfin"),
        ('bien <img class="emoji" alt=":smile:" src="x"> vu <img alt="La boîte" src="y">', "bien :smile: vu"),
        ('merci <img alt="👍" src="y">', "merci 👍"),
        ("avant <script>alert(1)</script>après<!-- rien --> fin", "avant après fin"),
        ('<a class="mention" href="/u/lea">@lea</a>, merci', "@lea, merci"),
    ],
)
def test_html_is_read_as_a_person_reads_it(source: str, text: str) -> None:
    assert html_to_text(source) == text


@given(st.text(alphabet="<>&/ab;#x0p\x00\ud800\n\"'= !-", max_size=200))
def test_anything_at_all_gives_a_text(source: str) -> None:
    assert isinstance(html_to_text(source), str)


def test_deep_nesting_is_no_trouble() -> None:
    assert isinstance(html_to_text("<div>" * 50_000 + "fin"), str)
