"""What Zendesk, Chatwoot and Zammad give: articles, macros, canned responses, text modules.

Formats: Zendesk's Help Center and Macros API (the JSON of a list), Chatwoot's canned responses and articles (the JSON
of a list, or CSV), Zammad's text modules (JSON, CSV) and knowledge base (the JSON of its initial load).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from comptoir.catalogue.content import Variant
from comptoir.catalogue.editing import key_from
from comptoir.catalogue.files.foreign_text import our_text
from comptoir.catalogue.files.given import Given, Line, LineRefusedError, text_of

Item = Mapping[str, Any]
_WORDS = re.compile(r"[,;\s]+")
_OFF = (False, "false", "0", 0, "no")
_UNPUBLISHED = ("draft", "archived", 0, 2, "0", "2")


def lines_from(items: Iterable[tuple[int, Item]], given: Callable[[Item], Given], name: str) -> Iterator[Line]:
    """One line for each item; ``name`` is the field that names it to people."""
    for number, item in items:
        shown = str(item.get(name) or item.get("id") or "")[:120]
        try:
            yield Line(number, given(item), shown=shown)
        except LineRefusedError as error:
            yield Line(number, None, str(error), shown)


def zendesk_articles(items: Sequence[Item]) -> Iterator[Line]:
    """Translations of one article are the answers of one entry, their titles further phrasings."""
    together: dict[Any, list[tuple[int, Item]]] = defaultdict(list)
    for number, item in enumerate(items, start=1):
        together[item.get("id", f"#{number}")].append((number, item))
    for own in together.values():
        own.sort(key=lambda one: one[1].get("locale") != one[1].get("source_locale"))
        yield from lines_from([own[0]], partial(_zendesk_article, [item for _number, item in own]), "title")


def _zendesk_article(items: Sequence[Item], _first: Item) -> Given:
    if all(item.get("draft") is True for item in items):
        raise LineRefusedError(_("It is a draft there: it was left out."))
    there = [item for item in items if item.get("draft") is not True]
    first = there[0]
    variants = {
        _code(item.get("locale")): our_text(text_of(item.get("body"), "body")) for item in reversed(there)
    }  # the source's own wins
    return Given(
        f"zendesk-article-{_id(first)}",
        {
            "question": text_of(first.get("title") or first.get("name"), "title"),
            "language": _code(first.get("locale")),
            "variants": tuple(Variant(text, code) for code, text in reversed(variants.items())),
            "phrasings": tuple(str(item["title"]) for item in there[1:] if item.get("title")),
            "topics": _texts(first.get("label_names")),
        },
    )


def zendesk_macro(item: Item) -> Given:
    """A macro that answers; its title's parts (“Livraison::Retard”) are topics."""
    if item.get("active") in _OFF:
        raise LineRefusedError(_("It is switched off there: it was left out."))
    said = {one.get("field"): one.get("value") for one in item.get("actions") or [] if isinstance(one, Mapping)}
    if said.get("comment_mode_is_public") in _OFF:
        raise LineRefusedError(_("It writes an internal note: it was left out."))
    text = said.get("comment_value_html") or said.get("comment_value")
    text = text[-1] if isinstance(text, list) and text else text
    if not isinstance(text, str) or not text.strip():
        raise LineRefusedError(_("It writes nothing to the customer: it was left out."))
    *topics, title = text_of(item.get("title"), "title").split("::")
    fields: dict[str, Any] = {"question": title.strip(), "answer": our_text(text), "topics": tuple(topics)}
    return Given(f"zendesk-macro-{_id(item)}", fields)


def chatwoot_canned(item: Item) -> Given:
    """A canned response: its short code is its key and its question."""
    code = text_of(item.get("short_code"), "short_code")
    fields = {"question": code.replace("_", " ").replace("-", " "), "answer": _answer(item, "content")}
    return Given(f"chatwoot-{code}"[:120], fields)


def chatwoot_article(item: Item) -> Given:
    """An article of its help centre, in Markdown."""
    if item.get("status") in _UNPUBLISHED:
        raise LineRefusedError(_("It is not published there: it was left out."))
    category = item.get("category") if isinstance(item.get("category"), Mapping) else {}
    assert isinstance(category, Mapping)
    fields: dict[str, Any] = {
        "question": text_of(item.get("title"), "title"),
        "answer": _answer(item, "content"),
        "topics": _texts([category.get("name")] if category.get("name") else []),
    }
    if locale := item.get("locale") or category.get("locale"):
        fields["language"] = _code(locale)
    return Given(f"chatwoot-article-{item.get('slug') or _id(item)}"[:120], fields)


def zammad_module(item: Item) -> Given:
    """A text module; its keywords are topics."""
    if item.get("active") in _OFF:
        raise LineRefusedError(_("It is switched off there: it was left out."))
    name = text_of(item.get("name"), "name")
    fields = {
        "question": name,
        "answer": _answer(item, "content"),
        "topics": tuple(one for one in _WORDS.split(str(item.get("keywords") or "")) if one),
    }
    return Given(f"zammad-text-{item.get('id') or key_from(name)}", fields)


def _first_of(item: Item, columns: tuple[str, ...], otherwise: str) -> str:
    """The first that is filled in. Raises LineRefusedError, naming the column as the file does where it has one."""
    named = next((name for name in columns if name in item), otherwise)
    return text_of(next((item[name] for name in columns if item.get(name)), ""), named)


def titled(item: Item) -> Given:
    """A row of any table with a title and a text."""
    title = _first_of(item, TITLES, _("title"))
    text = _first_of(item, TEXTS, _("text"))
    fields: dict[str, Any] = {"question": title, "answer": our_text(text)}
    if locale := item.get("locale") or item.get("language"):
        fields["language"] = _code(locale)
    return Given(str(item.get("key") or item.get("slug") or item.get("id") or key_from(title))[:120], fields)


TITLES, TEXTS = ("question", "title", "name"), ("answer", "content", "body", "text")


def zammad_knowledge(assets: Mapping[str, Mapping[str, Item]]) -> Iterator[Line]:
    """The answers of its knowledge base: translations of one answer are the answers of one entry."""
    together: dict[Any, list[Item]] = defaultdict(list)
    for translation in assets.get("KnowledgeBaseAnswerTranslation", {}).values():
        together[translation.get("answer_id")].append(translation)
    named = ({"id": key, "title": own[0].get("title")} for key, own in together.items())
    return lines_from(
        enumerate(named, start=1), lambda item: _zammad_answer(item["id"], together[item["id"]], assets), "title"
    )


def _zammad_answer(answer_id: Any, own: Sequence[Item], assets: Mapping[str, Mapping[str, Item]]) -> Given:
    answer = assets.get("KnowledgeBaseAnswer", {}).get(str(answer_id), {})
    if answer.get("archived_at") or not (answer.get("published_at") or answer.get("internal_at")):
        raise LineRefusedError(_("It is not published there: it was left out."))
    contents = assets.get("KnowledgeBaseAnswerTranslationContent", {})
    variants = []
    for translation in own:
        body = contents.get(str(translation.get("content_id")), {}).get("body")
        if body:
            variants.append(Variant(our_text(str(body)), _zammad_language(translation, assets)))
    if not variants:
        raise LineRefusedError(_("Its text is not in this file."))
    titles = [text_of(one.get("title"), "title") for one in own]
    topics = assets.get("KnowledgeBaseCategoryTranslation", {}).values()
    named = [str(one["title"]) for one in topics if one.get("category_id") == answer.get("category_id")]
    fields = {
        "question": titles[0], "language": variants[0].language, "variants": tuple(variants),
        "phrasings": tuple(titles[1:]), "topics": tuple(named[:1]),
    }  # fmt: skip
    return Given(f"zammad-answer-{answer_id}", fields)


def _zammad_language(translation: Item, assets: Mapping[str, Mapping[str, Item]]) -> str:
    own = assets.get("KnowledgeBaseLocale", {}).get(str(translation.get("kb_locale_id")), {})
    locale = assets.get("Locale", {}).get(str(own.get("system_locale_id")), {}).get("locale")
    return _code(locale or "fr")


def _answer(item: Item, name: str) -> str:
    return our_text(text_of(item.get(name), name))


def _id(item: Item) -> str:
    return text_of(str(item.get("id") or ""), "id")


def _code(locale: object) -> str:
    return str(locale or "").replace("_", "-").partition("-")[0].lower()


def _texts(named: object) -> tuple[str, ...]:
    return tuple(str(one) for one in named) if isinstance(named, list) else ()
