"""HTML mail as a person reads it, its history folded by the marks of the programs."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import (
    NetworkEvent,
)
from comptoir.connectors.email.tests.reading_mail import message


def html(body: str) -> NetworkEvent:
    return message(body.encode(), content_type="text/html")


HISTORIES = {
    "gmail": """<div class="gmail_quote"><div class="gmail_attr">xx yy:<br></div>
        <blockquote class="gmail_quote">Hello</blockquote></div>""",
    "outlook on the web": """<hr><div id="divRplyFwdMsg"><b>Zzz :</b> S<br></div><div>Hello</div>""",
    "outlook": """<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p><b>Xyzzy:</b> S</p></div>
        <p>Hello</p>""",
    "yahoo": """<div class="ydp1yahoo_quoted"><div>Le vendredi 3 mai 2024, 10:12:00 UTC+2, S &lt;s@x.fr&gt;
        a écrit :</div><div>Hello</div></div>""",
    "proton": """<div class="protonmail_quote">On Friday, May 3rd, 2024 at 10:12, S &lt;s@x.fr&gt; wrote:<br>
        <blockquote type="cite">Hello</blockquote></div>""",
    "thunderbird": """<div class="moz-cite-prefix">Quelqu’un :<br></div>
        <blockquote type="cite" cite="mid:x@y"><p>Hello</p></blockquote>""",
    "zimbra": """<hr id="zwchr"><blockquote style="border-left:2px solid #1010FF"><b>De: </b>"S" &lt;s@x.fr&gt;<br>
        <b>À: </b>J<br><b>Envoyé: </b>Vendredi<br><b>Objet: </b>T<br></blockquote>
        <blockquote style='border-left:2px solid'>Hello</blockquote>""",
    "apple": """<div><div>On May 3, 2024, at 10:12 AM, S &lt;<a href="mailto:s@x.fr">s@x.fr</a>&gt; wrote:</div>
        <br class="Apple-interchange-newline"><blockquote type="cite"><div>Hello</div></blockquote></div>""",
    "orange": """<blockquote><hr>&gt; Message du 03/05/24 10:12<br>&gt; De : "S" &lt;s@x.fr&gt;<br>&gt; A : j@x.fr<br>
        &gt; Objet : x<br>&gt; <br>Hello</blockquote>""",
    "gmx": """<div name="quote" style="border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Freitag<br>
        <b>Von:</b> "S" &lt;s@x.fr&gt;<br><b>An:</b> j<br><b>Betreff:</b> x</div><div>Hello</div></div>""",
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_history_in_html_is_folded_by_its_marks(history: str) -> None:
    assert html(f"<div><p>Je confirme.</p></div>{history}").text == "Je confirme."


def test_what_nobody_sees_in_html_is_left_out() -> None:
    hidden = (
        '<style>p{}</style><script>x()</script><p style="display:none">a</p><p hidden>b</p><img src=x width=1 height=1>'
    )
    assert html(f"<head><title>t</title></head>{hidden}<p>Visible</p>").text == "Visible"


def test_quotation_a_person_made_themselves_stays() -> None:
    assert html("<p>Il a dit<blockquote>jamais</blockquote>et voilà</p>").text == "Il a dit\n\njamais\n\net voilà"
