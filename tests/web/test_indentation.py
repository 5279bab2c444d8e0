"""Pages are sent without the indentation of their templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Engine, Origin
from django.test import Client

from comptoir.web.indentation import UnindentedLoader, without_indentation
from tests.factories import make_agent
from tests.web.conftest import client_of


def test_a_line_begins_with_its_first_sign_and_stays_the_line_it_was() -> None:
    assert without_indentation("<ul>\n    <li>\n\n\t{{ one }}</li>\n</ul>") == "<ul>\n<li>\n\n{{ one }}</li>\n</ul>"


@pytest.mark.parametrize(
    "kept",
    [
        "<pre>one\n    two</pre>",
        '<textarea name="text">\n  one\n  two</textarea>',
        "{% blocktranslate %}One\n    and two{% endblocktranslate %}",
        "{% blocktrans trimmed %}\n    One\n{% endblocktrans %}",
    ],
)
def test_what_is_shown_or_looked_up_as_it_is_written_is_left(kept: str) -> None:
    assert without_indentation(f"<div>\n    {kept}\n    </div>") == f"<div>\n{kept}\n</div>"


def test_a_letter_is_sent_as_it_is_written(tmp_path: Path) -> None:
    def loaded(name: str) -> str:
        (tmp_path / name).write_text("a\n  b")
        return UnindentedLoader(Engine()).get_contents(Origin(name=str(tmp_path / name)))

    assert loaded("letter.txt") == "a\n  b"
    assert loaded("page.html") == "a\nb"


@pytest.mark.django_db
def test_a_page_has_no_indented_line() -> None:
    page = client_of(make_agent()).get("/inbox/all/").content.decode()
    assert "\n  " not in page


@pytest.mark.django_db
def test_an_answer_to_the_script_carries_no_policy_of_pages() -> None:
    client: Client = client_of(make_agent())
    assert client.get("/notifications/unseen/")["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'"
    )
    assert "default-src 'self'" in client.get("/inbox/all/")["Content-Security-Policy"]
