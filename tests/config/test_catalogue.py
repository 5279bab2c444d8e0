from __future__ import annotations

import argparse
import ast
import gettext
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import allauth
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.config.catalogue import (
    CatalogueError,
    Entry,
    Key,
    compile_if_older,
    compiled_mo,
    is_translated,
    merge,
    read_po,
    written_po,
)
from comptoir.config.msgids import used_texts
from comptoir.config.paths import PACKAGE

PO = """# a comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#: web/x.py
msgid "Reply"
msgstr "Répondre"

msgctxt "noun"
msgid "Reply"
msgstr "Réponse"

msgid "%(n)s file"
msgid_plural "%(n)s files"
msgstr[0] "%(n)s fichier"
msgstr[1] "%(n)s fichiers"
msgid "Two\\n"
"lines"
msgstr ""
"Deux\\n"
"lignes"

#, fuzzy
msgid "Maybe"
msgstr "Peut-être"

#~ msgid "Gone"
#~ msgstr "Parti"
"""

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\x04"), min_size=1, max_size=40)
maybe = st.one_of(st.just(""), texts)
entries = st.builds(
    lambda text, plural, context, forms: Entry(Key(text, plural, context), list(forms) if plural else [forms[0]]),
    texts, maybe, maybe, st.tuples(texts, texts),
)  # fmt: skip


@pytest.fixture
def po(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(PO, "utf-8")
    return path


def test_every_form_of_an_entry_is_read(po):
    found = {entry.key: entry.forms for entry in read_po(po)}
    assert found == {
        Key("Reply"): ["Répondre"],
        Key("Reply", context="noun"): ["Réponse"],
        Key("%(n)s file", "%(n)s files"): ["%(n)s fichier", "%(n)s fichiers"],
        Key("Two\nlines"): ["Deux\nlignes"],
        Key("Maybe"): ["Peut-être"],
    }


def test_a_fuzzy_or_empty_translation_is_none(po):
    by_text = {entry.key.text: entry for entry in read_po(po)}
    assert is_translated(by_text["Reply"])
    assert not is_translated(by_text["Maybe"])
    assert not is_translated(Entry(Key("a"), [""]))
    assert not is_translated(Entry(Key("a", "b"), ["un"]))


def test_what_is_compiled_reads_as_gettext_reads_it(po):
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled_mo(read_po(po))))
    assert catalogue.gettext("Reply") == "Répondre"
    assert catalogue.pgettext("noun", "Reply") == "Réponse"
    assert [catalogue.ngettext("%(n)s file", "%(n)s files", n) for n in (0, 1, 2)] == [
        "%(n)s fichier",
        "%(n)s fichier",
        "%(n)s fichiers",
    ]


@given(st.lists(entries, unique_by=lambda entry: (entry.key.text, entry.key.context)))
def test_what_is_written_reads_the_same_and_compiles(tmp_path_factory, some):
    path = tmp_path_factory.mktemp("po") / "x.po"
    path.write_text(written_po(some), "utf-8", newline="")
    assert {entry.key: entry.forms for entry in read_po(path)} == {entry.key: entry.forms for entry in some}
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled_mo(some)))
    for entry in some:
        if not entry.key.plural and not entry.key.context:
            assert catalogue.gettext(entry.key.text) == entry.forms[0]


def test_two_files_that_disagree_are_told(tmp_path):
    (tmp_path / "a.po").write_text('msgid "Send"\nmsgstr "Envoyer"\n')
    (tmp_path / "b.po").write_text('msgid "Send"\nmsgstr "Transmettre"\n')
    with pytest.raises(CatalogueError, match=r"a\.po:1 and b\.po:1"):
        merge([tmp_path / "a.po", tmp_path / "b.po"])


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "a.po").write_text('msgid "Send\nmsgstr ""\n')
    with pytest.raises(CatalogueError, match="line 1"):
        list(read_po(tmp_path / "a.po"))


def test_it_is_compiled_only_when_it_changed(po):
    assert compile_if_older(po) is True
    assert compile_if_older(po) is False
    later = po.with_suffix(".mo").stat().st_mtime + 5
    os.utime(po, (later, later))
    assert compile_if_older(po) is True


def test_the_source_says_what_it_wants_translated(tmp_path):
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "views.py").write_text(
        'x = _("In Python"); y = ngettext("one", "many", n); z = pgettext("c", "t"); w = _(name)'
    )
    (tmp_path / "web" / "templates" / "a.html").write_text(
        '{% load i18n %}{% translate "It\'s in a tag" %} {{ _("In a variable") }}\n'
        '{% translate "May" context "month" %}\n'
        "{% blocktranslate count n=n %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}\n"
        "{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}"
    )
    assert set(used_texts(tmp_path)) == {
        Key("In Python"),
        Key("one", "many"),
        Key("t", context="c"),
        Key("It's in a tag"),
        Key("In a variable"),
        Key("May", context="month"),
        Key("%(n)s file", "%(n)s files"),
        Key("Two lines"),
    }


def test_every_text_of_the_source_has_its_french(monkeypatch):
    from comptoir.config.commands.messages import PO as OURS
    from comptoir.config.paths import PACKAGE

    known = {entry.key for entry in read_po(OURS) if is_translated(entry)}
    assert [f"{key.text} ({where})" for key, where in used_texts(PACKAGE).items() if key not in known] == []


def _literals() -> Iterator[str]:
    """Every text that stands in the Python of the package: some are translated by whoever is handed them."""
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts and path.name != "tests.py":
            yield from (
                node.value
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def test_no_french_is_left_of_texts_that_are_gone() -> None:
    """But for what programs of others say: those of allauth.po and, in config.po, of argparse."""
    ours = [part for part in _FRENCH_PARTS if part.stem not in ("allauth", "config")]
    said, literals = set(used_texts(PACKAGE)), set(_literals())
    left = [(part.stem, entry.key) for part in ours for entry in read_po(part) if entry.key.text]
    assert [(stem, key.text) for stem, key in left if key not in said and key.text not in literals] == []


def _said_by(package: ModuleType) -> str:
    """What stands in a program of others, on one line; its own catalogues leave nothing out that it says."""
    here = Path(str(package.__file__))
    paths = here.parent.rglob("*") if here.name == "__init__.py" else [here]
    texts = (path.read_text("utf-8") for path in paths if path.suffix in (".py", ".html", ".txt", ".po"))
    whole = " ".join(texts).replace('"\n"', "").replace("\\n", " ").replace("\\", "")
    return " ".join(whole.split())


def test_no_french_is_left_of_what_programs_of_others_say_no_longer() -> None:
    said = used_texts(PACKAGE)
    theirs = {"allauth": _said_by(allauth), "config": _said_by(argparse)}
    parts = {part.stem: part for part in _FRENCH_PARTS}
    left = [(stem, entry.key) for stem in theirs for entry in read_po(parts[stem]) if entry.key not in said]
    gone = [(stem, key.text) for stem, key in left if " ".join(key.text.split()) not in theirs[stem]]
    assert gone == []


_FRENCH_PARTS = sorted((PACKAGE / "locale" / "fr" / "parts").glob("*.po"))
_TORN = re.compile(r" [:;!?»](?=[\s.,)…]|$)|« |\w'\w|\.\.\.|\w[;!?»](?=\s|$)")


@pytest.mark.parametrize("part", _FRENCH_PARTS, ids=lambda path: path.stem)
def test_french_punctuation_holds_to_its_word_and_apostrophes_are_curved(part: Path) -> None:
    texts = [text for entry in read_po(part) if entry.key.text for text in entry.forms]
    assert [text for text in texts if _TORN.search(text)] == []
