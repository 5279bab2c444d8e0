"""The catalogue as a file: what each program gives, what comes back unchanged, what is told of a bad line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.catalogue.approving import approve_version
from comptoir.catalogue.content import Content, Variant, clean_content
from comptoir.catalogue.editing import write_entry
from comptoir.catalogue.files.given import LineRefusedError
from comptoir.catalogue.files.reading import read_file
from comptoir.catalogue.files.writing import FORMATS, written
from comptoir.catalogue.importing import Done, carry_out, exported, plan
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from tests.catalogue.entries import content_of, make_draft, make_entry
from tests.factories import make_agent, make_brand

pytestmark = pytest.mark.django_db


def bring_in(text: str | bytes, name: str = "catalogue.jsonl", **options: Any) -> Done:
    content = text.encode() if isinstance(text, str) else text
    planned = plan(read_file(content, name=name), language="fr", by=options.get("by"))
    return carry_out(planned, by=options.get("by"), approves=options.get("approves", True), reason="import")


def problems(text: str | bytes, name: str = "catalogue.jsonl") -> dict[int, str]:
    content = text.encode() if isinstance(text, str) else text
    return {line.number: line.problem for line in read_file(content, name=name).lines if line.problem}


def line(**fields: Any) -> str:
    defaults = {"key": "colis", "question": "Où est mon colis ?", "answer": "Il arrive.", "language": "fr"}
    return json.dumps(defaults | fields)


def one() -> Content:
    return Content.of_json(EntryVersion.objects.get().content)


def test_the_file_of_the_bot_command_comes_in():
    done = bring_in(line(phrasings=["il est où", "il est où"], bot_may_answer=False))
    assert (done.new, done.approved) == (1, 1)
    entry = CatalogueEntry.objects.get(key="colis")
    assert [phrasing.text for phrasing in entry.phrasings.all()] == ["il est où"]
    assert (entry.for_service, entry.for_bot, entry.variants.get().text) == (True, False, "Il arrive.")


def test_the_same_file_again_changes_nothing():
    bring_in(line(phrasings=["il est où"]))
    done = bring_in(line(phrasings=["il est où"]))
    assert (done.new, done.changed, done.same) == (0, 0, 1)
    assert EntryVersion.objects.count() == 1


def test_a_bad_line_is_told_of_and_the_others_come_in():
    text = "\n".join([line(), "nothing", line(key="x", question=""), line(key="y", answer="{prenom}"), line(), ""])
    done = bring_in(text + line(key="z"))
    assert (done.new, [one.number for one in done.refused]) == (2, [2, 3, 4, 5])
    assert "{prenom}" in done.refused[2].problem
    assert "colis" in done.refused[3].problem


def test_without_approval_what_comes_in_waits():
    bring_in(line(), approves=False)
    assert EntryVersion.objects.get().status == "draft"


def test_who_may_not_approve_brings_in_drafts():
    done = bring_in(line(), by=make_agent())
    assert (done.new, done.approved) == (1, 0)


def test_a_changed_line_names_what_it_changes_and_keeps_what_it_does_not_say():
    entry = make_entry(
        key="colis", phrasings=("suivi",), topics=("livraison",), variants=(Variant("A", "fr"), Variant("B", "en"))
    )
    (planned,) = plan(read_file(line(question=entry.question).encode(), name="x.jsonl"), language="fr", by=None)
    assert (planned.change, planned.fields) == ("changed", ("variants",))
    carry_out([planned], by=None, approves=True, reason="")
    content = Content.of_json(CatalogueEntry.objects.get().approved_version.content)  # type: ignore[union-attr]  # just approved
    assert [variant.text for variant in content.variants] == ["Il arrive.", "B"]
    assert (content.phrasings, content.topics) == (("suivi",), ("livraison",))


def test_an_entry_of_a_brand_that_one_does_not_work_for_is_refused():
    make_entry(key="colis", brand_id=make_brand().pk)
    agent = make_agent()
    agent.brands.add(make_brand())
    assert bring_in(line(), by=agent).refused


def test_a_field_that_is_not_ours_is_left_out_and_told():
    (planned,) = plan(read_file(line(colour="red").encode(), name="x.jsonl"), language="fr", by=None)
    assert (planned.change, "colour" in planned.notice) == ("new", True)


@pytest.mark.parametrize(
    "fields", [{"brand": "nowhere"}, {"owner": "nobody@example.org"}, {"valid_from": "demain"}, {"uses": ["cat"]}]
)
def test_what_names_nothing_here_is_refused(fields: dict[str, Any]):
    assert len(bring_in(line(**fields)).refused) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_given_out_comes_back_unchanged(form: str):
    brand = make_brand(slug="lueur")
    variants = (
        Variant("Bonjour {first_name},\n\n# pas un titre\n\n```\n- une ligne\n```\n=1+1", "fr"),
        Variant("Hello", "en", channel="email", register="formal", visibility="private"),
    )
    make_entry(
        key="mon colis}", question="=Où est « mon » colis ; hein ? #1", variants=variants,
        phrasings=("- où, ça ?", "'=x"), topics=("livraison", "suivi"), brand_id=brand.pk,
        uses=("marketing", "bot"), valid_from_on=date(2026, 1, 2),
    )  # fmt: skip
    make_draft(key="autre", answer="=A1")
    text = "".join(written(exported(), form, {brand.pk: "lueur"}))
    done = bring_in(text, f"x.{form}")
    assert (done.same, done.changed, done.new, done.refused) == (2, 0, 0, [])


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=40).filter(str.strip)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=words, answer=words, phrasings=st.lists(words, max_size=3), form=st.sampled_from(sorted(FORMATS)))
def test_any_words_come_back_unchanged(question: str, answer: str, phrasings: list[str], form: str):
    content = clean_content(content_of(answer.replace("{", "("), question=question, phrasings=tuple(phrasings)))
    if not content.variants[0].text or not content.question:
        return
    version = EntryVersion(content=content.to_json(), status="draft")
    text = "".join(written([(CatalogueEntry(key="k"), version)], form, {}))
    (planned,) = plan(read_file(text.encode(), name=f"x.{form}"), language="fr", by=None)
    assert (planned.problem, planned.content) == ("", content)


def test_a_refused_version_is_not_given_out():
    from comptoir.catalogue.approving import refuse_version

    refuse_version(make_draft().pk, by=make_agent(role="supervisor"), reason="")
    assert list(exported()) == []


def test_only_what_serves_is_given_out_where_that_is_asked():
    entry = make_entry(key="colis")
    make_draft()
    assert [one.key for one, _version in exported(only_approved=True)] == [entry.key]


def test_a_table_of_excel_with_semicolons_and_windows_letters_comes_in():
    table = "Key;Question;Answer;Language\ndelai;Quel délai ?;Deux jours, œuvrés;fr\n"
    assert bring_in(table.encode("cp1252"), "x.csv").new == 1
    assert one().variants[0].text == "Deux jours, œuvrés"


def test_a_table_with_titles_and_texts_comes_in_whatever_wrote_it():
    assert bring_in("title,content\nQuel délai ?,Deux jours\n", "faq.csv").new == 1


@pytest.mark.parametrize(("header", "named"), [("question,answer", "question"), ("title,content", "title")])
def test_an_empty_cell_is_told_by_the_name_of_its_column(header: str, named: str):
    assert f"«\N{NO-BREAK SPACE}{named}\N{NO-BREAK SPACE}»" in problems(f"{header}\n,Deux jours\n", "faq.csv")[2]


def test_a_table_without_questions_says_what_it_needs():
    with pytest.raises(LineRefusedError, match="question"):
        read_file(b"a,b\n1,2\n", name="x.csv")


def test_any_markdown_comes_in_by_its_headings():
    answer = "Deux jours.\n\n- rapide\n\n### Et à l’étranger\n\nCinq."
    text = f"# FAQ\n\nIntro.\n\n## Quel délai ?\n\n{answer}\n\n## Et le prix ?\n\nGratuit.\n"
    done = bring_in(text, "faq.md")
    assert done.new == 2
    kept = CatalogueEntry.objects.get(key="quel-delai").variants.get().text
    assert kept == answer
    assert [(refused.number, refused.question) for refused in done.refused] == [(1, "Intro.")]


def test_an_article_of_zendesk_with_its_translation_is_one_entry():
    articles = [
        {"id": 7, "title": "Delivery", "locale": "en-us", "source_locale": "fr", "body": "<p>Two days</p>"},
        {"id": 7, "title": "Livraison", "locale": "fr", "source_locale": "fr", "label_names": ["colis"],
         "body": '<p>Deux jours, voyez <a href="https://x.example/d">ici</a></p>'},
        {"id": 8, "title": "Brouillon", "locale": "fr", "draft": True, "body": "x"},
    ]  # fmt: skip
    done = bring_in(json.dumps({"count": 3, "articles": articles}), "articles.json")
    assert (done.new, len(done.refused)) == (1, 1)
    content = one()
    assert [(v.language, v.text) for v in content.variants] == [
        ("fr", "Deux jours, voyez ici (https://x.example/d)"), ("en", "Two days"),
    ]  # fmt: skip
    assert (content.question, content.phrasings, content.topics) == ("Livraison", ("Delivery",), ("colis",))


def test_a_macro_of_zendesk_comes_in_with_our_placeholders():
    macros = [
        {"id": 1, "title": "Livraison::Retard", "active": True,
         "actions": [{"field": "status", "value": "solved"},
                     {"field": "comment_value", "value": ["channel:all", "Salut {{ticket.requester.first_name}} !"]}]},
        {"id": 2, "title": "Étiqueter", "active": True, "actions": [{"field": "status", "value": "solved"}]},
        {"id": 3, "title": "Éteint", "active": False, "actions": []},
        {"id": 4, "title": "Numéro", "active": True,
         "actions": [{"field": "comment_value_html", "value": "<p>Dossier {{ticket.id}}</p>"}]},
    ]  # fmt: skip
    done = bring_in(json.dumps({"macros": macros}), "macros.json")
    assert (done.new, len(done.refused)) == (1, 3)
    assert (one().question, one().topics, one().variants[0].text) == (
        "Retard",
        ("Livraison",),
        "Salut {first_name} !",
    )
    assert "ticket.id" in done.refused[2].problem


def test_canned_responses_of_chatwoot_come_in_as_json_and_as_csv():
    canned = [{"id": 1, "short_code": "retard_colis", "content": "Bonjour {{contact.first_name}}, pardon."}]
    assert bring_in(json.dumps(canned), "canned.json").new == 1
    assert bring_in('short_code,content\nretard_colis,"Bonjour {{contact.first_name}}, pardon."\n', "c.csv").same == 1


def test_articles_of_chatwoot_come_in_if_they_are_published():
    articles = {"payload": [
        {"id": 1, "slug": "delai", "title": "Quel délai ?", "content": "**Deux** jours", "status": "published",
         "category": {"name": "Livraison", "locale": "fr"}},
        {"id": 2, "slug": "x", "title": "X", "content": "x", "status": "draft"},
    ]}  # fmt: skip
    done = bring_in(json.dumps(articles), "articles.json")
    assert (done.new, len(done.refused), one().topics) == (1, 1, ("Livraison",))


def test_text_modules_of_zammad_come_in_as_json_and_as_csv():
    modules = [{"id": 3, "name": "Retard", "keywords": "colis, délai", "active": True,
                "content": "<div>Bonjour #{ticket.customer.firstname},<br>pardon.</div>"}]  # fmt: skip
    assert bring_in(json.dumps(modules), "text_modules.json").new == 1
    assert (one().variants[0].text, one().topics) == ("Bonjour {first_name},\npardon.", ("colis", "délai"))
    row = '3,Retard,"colis, délai","Bonjour #{ticket.customer.firstname},\npardon.",true'
    table = f"id,name,keywords,content,active\n{row}\n"
    assert bring_in(table, "text_modules.csv").same == 1


def test_the_knowledge_base_of_zammad_comes_in_as_far_as_its_texts_are_there():
    assets = {
        "Locale": {"1": {"locale": "fr-fr"}, "2": {"locale": "en-us"}},
        "KnowledgeBaseLocale": {"1": {"system_locale_id": 1}, "2": {"system_locale_id": 2}},
        "KnowledgeBaseAnswer": {"5": {"published_at": "2026-01-01", "category_id": 9}, "6": {"published_at": None}},
        "KnowledgeBaseAnswerTranslation": {
            "1": {"answer_id": 5, "kb_locale_id": 1, "title": "Délai", "content_id": 1},
            "2": {"answer_id": 5, "kb_locale_id": 2, "title": "Delay", "content_id": 2},
            "3": {"answer_id": 6, "kb_locale_id": 1, "title": "X", "content_id": 3},
        },
        "KnowledgeBaseAnswerTranslationContent": {"1": {"body": "<p>Deux jours</p>"}, "2": {"body": "Two days"}},
        "KnowledgeBaseCategoryTranslation": {"1": {"category_id": 9, "title": "Livraison"}},
    }
    done = bring_in(json.dumps({"assets": assets}), "kb.json")
    assert (done.new, len(done.refused)) == (1, 1)
    assert [v.language for v in one().variants] == ["fr", "en"]
    assert (one().phrasings, one().topics) == (("Delay",), ("Livraison",))


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.jsonl", "a.csv", "a.md", "a"]))
def test_any_file_is_read_or_refused_in_words(content: bytes, name: str):
    try:
        lines = read_file(content, name=name).lines
    except LineRefusedError:
        return
    assert all(one.given or one.problem for one in lines)


def test_a_version_approved_since_is_not_written_again():
    text = line()
    planned = plan(read_file(text.encode(), name="x.jsonl"), language="fr", by=None)
    approve_version(write_entry(content_of(), key="colis", by=None).pk, by=None)
    done = carry_out(planned, by=None, approves=True, reason="")
    assert (done.new, len(done.refused)) == (0, 1)
