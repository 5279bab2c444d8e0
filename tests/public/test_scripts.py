from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from comptoir.public.scripts import FOLDER, version
from tests.factories import make_account, make_brand

MAX_COMPRESSED_BYTES = 25_000
MODULES = sorted(FOLDER.glob("*.js"))


def test_whole_widget_is_under_25_kb_compressed() -> None:
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in MODULES) < MAX_COMPRESSED_BYTES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_is_ever_set_as_markup(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)


def test_loader_names_the_version_and_may_be_loaded_by_any_site(client: Client) -> None:
    response = client.get("/chat.js")
    assert f"/chat/widget/{version()}/main.js" in response.content.decode()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Content-Type"].startswith("text/javascript")
    assert "immutable" not in response["Cache-Control"]


def test_module_of_the_present_version_is_kept_for_good(client: Client) -> None:
    response = client.get(f"/chat/widget/{version()}/main.js", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Encoding"] == "gzip"


def test_module_of_another_version_is_not_kept(client: Client) -> None:
    assert "max-age=0" in client.get("/chat/widget/old/main.js")["Cache-Control"]


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fviews.py", "__init__.py"])
def test_other_files_are_not_served(client: Client, name: str) -> None:
    assert client.get(f"/chat/widget/{version()}/{name}").status_code == 404


def test_every_import_is_a_module_that_is_there() -> None:
    names = {path.name for path in MODULES}
    for path in MODULES:
        assert set(re.findall(r'from "\./([^"]+)"', path.read_text())) <= names


def test_both_languages_have_the_same_words() -> None:
    text = (FOLDER / "words.js").read_text()
    french, english = text.split("\n  en: {")
    keys = re.compile(r"^ {4,6}(\w+): ", re.MULTILINE)
    assert keys.findall(french.split("fr: {")[1]) == keys.findall(english.split("\nexport")[0])


@pytest.mark.django_db
def test_demonstration_is_shown_for_the_demonstration_brand_only(client: Client) -> None:
    make_account(kind="chat", own_id="")
    assert client.get("/chat/demo").status_code == 404
    account = make_account(kind="chat", own_id="chat", brand=make_brand(slug="maison-lueur"))
    response = client.get("/chat/demo")
    assert account.hook_key in response.content.decode()
    assert "unsafe" not in response["Content-Security-Policy"]
