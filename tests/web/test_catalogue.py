"""The catalogue on the screens: writing, approving, bringing in, and the answers beside the composer."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.catalogue.content import File, Variant
from comptoir.catalogue.editing import mind_entry, retire_entry, rewrite_entry
from comptoir.catalogue.models import CatalogueEntry, CatalogueFile, EntryUse, EntryVersion, KnowledgeGap
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.conversations.files import keep_file
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import UnfilledError
from comptoir.understanding.deciding.offering import Rule
from tests.catalogue.entries import content_of, make_draft, make_entry
from tests.factories import make_brand, make_conversation, make_incoming
from tests.web import one_counter
from tests.web.conftest import Counter, htmx

counter = one_counter.counter


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AT_HAND, "_shelf", None)


@pytest.fixture
def agent(counter: Counter) -> Client:
    return counter.client("agent")


@pytest.fixture
def supervisor(counter: Counter) -> Client:
    return counter.client("supervisor")


def said(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


FORM = {
    "question": "Où est mon colis ?", "phrasings": "il est où\nsuivi ?", "language": "fr", "uses": ["service"],
    "topics": "livraison, suivi", "answers": "1", "answer-0-text": "Bonjour {first_name}, il arrive.",
    "answer-0-language": "fr",
}  # fmt: skip


def test_an_agent_writes_an_entry_which_waits(agent: Client) -> None:
    response = agent.post(reverse("new_entry"), FORM, follow=True)
    assert EntryVersion.objects.get().status == "draft"
    assert "attend d’être approuvée" in said(response)


def test_a_supervisor_saves_and_approves_at_once(supervisor: Client) -> None:
    supervisor.post(reverse("new_entry"), FORM | {"approve": "yes"})
    entry = CatalogueEntry.objects.get()
    assert entry.approved_version is not None
    assert [one.text for one in entry.phrasings.all()] == ["il est où", "suivi ?"]
    assert entry.topics == ["livraison", "suivi"]


def test_an_agent_does_not_approve_by_asking_for_it(agent: Client) -> None:
    agent.post(reverse("new_entry"), FORM | {"approve": "yes"})
    assert EntryVersion.objects.get().status == "draft"


def test_an_unknown_placeholder_is_told_beside_the_answer_and_nothing_is_lost(agent: Client) -> None:
    response = agent.post(reverse("new_entry"), FORM | {"answer-0-text": "Bonjour {prenom}"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "{prenom}" in page
    assert "il est où" in page
    assert not CatalogueEntry.objects.exists()


def test_another_version_written_meanwhile_is_told_of(agent: Client) -> None:
    version = make_draft()
    rewrite_entry(version.entry_id, content_of("Celle d’une autre."), by=None)
    response = agent.post(reverse("edit_entry", args=[version.entry_id]), FORM | {"base": "1"})
    assert response.status_code == 422
    assert EntryVersion.objects.count() == 2
    again = agent.post(reverse("edit_entry", args=[version.entry_id]), FORM | {"base": "2"})
    assert (again.status_code, EntryVersion.objects.count()) == (302, 3)


def test_the_form_shows_what_is_there_and_saving_it_unchanged_makes_no_version(agent: Client) -> None:
    entry = make_entry(variants=(Variant("A", "fr"), Variant("B", "en", channel="email", register="formal")))
    page = agent.get(reverse("edit_entry", args=[entry.pk]))
    form, answers = page.context["form"], page.context["answers"]
    posted = {name: value for name, value in form.initial.items() if value is not None}
    posted |= {"answers": str(len(answers)), "uses": list(form.initial["uses"])}
    for one in answers:
        posted |= {f"{one.prefix}-{name}": value for name, value in one.initial.items()}
    agent.post(reverse("edit_entry", args=[entry.pk]), posted)
    assert EntryVersion.objects.count() == 1


def test_files_of_an_answer_are_kept_over_versions_and_can_be_taken_off(supervisor: Client) -> None:
    file = SimpleUploadedFile("notice.txt", b"bonjour")
    supervisor.post(reverse("new_entry"), FORM | {"approve": "yes", "answer-0-files": file})
    entry = CatalogueEntry.objects.get()
    stored = entry.variants.get().files.get()
    assert stored.name == "notice.txt"
    address = reverse("edit_entry", args=[entry.pk])
    supervisor.post(address, FORM | {"approve": "yes", "base": "1", "answer-0-text": "Autre"})
    assert entry.variants.get().files.get().storage_key == stored.storage_key
    supervisor.post(address, FORM | {"approve": "yes", "base": "2", "answer-0-remove_file": stored.storage_key})
    assert not entry.variants.get().files.exists()


def test_an_entry_shows_its_draft_word_by_word(supervisor: Client) -> None:
    entry = make_entry(answer="Réponse sous trois jours.")
    rewrite_entry(entry.pk, content_of("Réponse sous cinq jours.", question=entry.question), by=None)
    page = said(supervisor.get(reverse("entry", args=[entry.pk])))
    assert "<del>trois</del><ins>cinq</ins>" in page
    assert "<ins>Où" not in page.split("draft-panel")[1].split("</section>")[0]


def test_a_refusal_is_shown_with_its_reason(supervisor: Client, agent: Client) -> None:
    version = make_draft()
    supervisor.post(reverse("refuse_entry", args=[version.entry_id]), {"version": "1", "reason": "Délai faux"})
    assert "Délai faux" in said(agent.get(reverse("entry", args=[version.entry_id])))


def test_a_community_manager_approves_what_is_marketings_alone(counter: Counter) -> None:
    mine, theirs = make_draft(uses=("marketing",)), make_draft(uses=("service",))
    client = counter.client("community_manager")
    answers = [client.post(reverse("approve_entry", args=[one.entry_id]), {"version": "1"}) for one in (mine, theirs)]
    assert [answer.status_code for answer in answers] == [302, 403]


def test_entries_of_a_brand_that_one_does_not_work_for_are_not_there(counter: Counter, agent: Client) -> None:
    counter.people["agent"].brands.add(counter.brand)
    hidden = make_entry(question="Secrète ?", brand_id=make_brand().pk)
    assert "Secrète" not in said(agent.get(reverse("catalogue")))
    assert agent.get(reverse("entry", args=[hidden.pk])).status_code == 404


def test_the_list_is_narrowed_to_what_waits_for_somebody(agent: Client, counter: Counter) -> None:
    day = now().date()
    drafted = make_draft(question="Brouillon ?").entry
    late, minded, retired = (
        make_entry(question="Tard ?"),
        make_entry(question="Suivie ?"),
        make_entry(question="Partie ?"),
    )
    ended = make_entry(question="Finie ?", valid_until_on=day - timedelta(days=1))
    owner = counter.people["agent"]
    mind_entry(late.pk, owner=owner, review_on=day, by=owner)
    mind_entry(minded.pk, owner=owner, review_on=day + timedelta(days=9), by=owner)
    retire_entry(retired.pk, by=None)
    shown = {show: _questions(agent, show) for show in ("drafts", "review", "orphans", "expired", "unused", "retired")}
    assert shown == {
        "drafts": {drafted.question}, "review": {"Tard ?"}, "orphans": {"Brouillon ?", "Finie ?"},
        "expired": {ended.question},
        "unused": {"Tard ?", "Suivie ?"}, "retired": {"Partie ?"},
    }  # fmt: skip


def _questions(client: Client, show: str) -> set[str]:
    return {row["entry"].question for row in client.get(reverse("catalogue"), {"show": show}).context["rows"]}


def test_the_list_is_searched_by_meaning(agent: Client) -> None:
    make_entry(question="Quels sont vos horaires ?")
    make_entry(question="Comment être remboursé ?")
    read_catalogue()
    page = agent.get(reverse("catalogue"), {"q": "récupérer mon argent"})
    assert page.context["rows"][0]["entry"].question == "Comment être remboursé ?"


def test_a_file_is_looked_at_before_anything_is_done(agent: Client) -> None:
    make_entry(key="colis", question="Où est mon colis ?", answer="Là.")
    table = "key;question;answer;language\ncolis;Où est mon colis ?;Ici.;fr\nneuf;Neuf ?;Oui.;fr\n;;;\nx;;Rien;fr\n"
    page = agent.post(reverse("import_catalogue"), {"file": io.BytesIO(table.encode()), "language": "fr"}, follow=True)
    assert page.context["counts"] == {"refused": 1, "new": 1, "changed": 1, "same": 0}
    assert CatalogueEntry.objects.count() == 1
    agent.post(page.request["PATH_INFO"])
    assert CatalogueEntry.objects.count() == 2
    assert EntryVersion.objects.filter(status="draft").count() == 2
    assert CatalogueFile.objects.count() == 1, "what was refused can be looked at again"


def test_a_file_that_cannot_be_read_says_why(agent: Client) -> None:
    response = agent.post(reverse("import_catalogue"), {"file": io.BytesIO(b"a,b\n1,2\n"), "language": "fr"})
    assert response.status_code == 422
    assert "question" in response.content.decode()


def test_nobody_looks_at_a_colleagues_file(counter: Counter, agent: Client) -> None:
    file = CatalogueFile.objects.create(
        name="x", content=b"{}", language="fr", by=counter.people["supervisor"], at=now()
    )
    assert agent.get(reverse("preview_import", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("form", ["jsonl", "csv", "md"])
def test_the_catalogue_is_given_out(agent: Client, form: str) -> None:
    make_entry(key="colis", answer="Il arrive.")
    response = agent.get(reverse("export_catalogue"), {"form": form})
    assert "Il arrive." in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert response.headers["Content-Disposition"].endswith(f'.{form}"')


def test_gaps_are_shown_with_messages_that_one_may_read(counter: Counter, agent: Client) -> None:
    mine = make_incoming(counter.conversation, text="Livrez-vous en Belgique ?")
    hidden = make_incoming(make_conversation(), text="Secret ?")
    for message in (mine, hidden):
        KnowledgeGap.objects.create(
            found_at=now(), brand=counter.brand, language="fr", weight=3, message_ids=[message.pk]
        )
    page = said(agent.get(reverse("knowledge_gaps")))
    assert "Belgique" in page
    assert "Secret" not in page


def test_an_entry_is_begun_from_messages_without_what_is_personal(counter: Counter, agent: Client) -> None:
    first = make_incoming(counter.conversation, text="Livrez-vous en Belgique ?")
    second = make_incoming(counter.conversation, text="Et à Namur ? Mon numéro : 06 12 34 56 78")
    hidden = make_incoming(make_conversation(), text="Secret ?")
    page = agent.get(reverse("new_entry"), {"message": [first.pk, second.pk, hidden.pk]})
    initial = page.context["form"].initial
    assert initial["question"] == "Livrez-vous en Belgique ?"
    assert "Namur" in initial["phrasings"]
    assert "34" not in initial["phrasings"]
    assert "Secret" not in said(page)


# Beside the composer.


@pytest.fixture
def asked(counter: Counter) -> Counter:
    """A customer who asks where the parcel is, and a catalogue that knows."""
    counter.conversation.identity.name = "Nadia Benali"
    counter.conversation.identity.save()
    make_incoming(counter.conversation, text="Bonjour, ma commande ML-23456 n’est toujours pas arrivée !")
    make_entry(
        key="colis", question="Où est mon colis ?", phrasings=("ma commande n’est pas arrivée", "colis en retard"),
        variants=(
            Variant("Bonjour {first_name}, je regarde la commande {order_number}.", "fr"),
            Variant("Hello {first_name}, I am looking.", "en"),
            Variant("En public.", "fr", visibility="public"),
        ),
    )  # fmt: skip
    make_entry(key="heures", question="Quels sont vos horaires ?", phrasings=("vous fermez quand",))
    read_catalogue()
    return counter


def panel(counter: Counter, **query: str) -> str:
    client = counter.client("agent")
    return said(client.get(reverse("answers", args=[counter.conversation.pk]), query, headers=htmx("answers")))


def test_the_best_entry_for_the_last_message_is_offered_filled_in(asked: Counter) -> None:
    page = panel(asked)
    assert 'data-private="Bonjour Nadia, je regarde la commande ML-23456."' in page
    assert page.index("Où est mon colis") < page.find("horaires") or "horaires" not in page
    assert "<mark>commande</mark> n’est pas <mark>arrivée</mark>" in page


def test_the_answer_is_in_the_customers_language(asked: Counter) -> None:
    asked.conversation.language = "en"
    asked.conversation.save()
    make_incoming(asked.conversation, text="Hi, where is my parcel? It has not arrived.")
    assert "Hello Nadia, I am looking." in panel(asked)


def test_what_was_retired_since_is_not_offered(asked: Counter) -> None:
    retire_entry(CatalogueEntry.objects.get(key="colis").pk, by=None)
    assert "Où est mon colis" not in panel(asked)


NOTHING = "answers-silent"


@pytest.fixture
def unlikely(asked: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """As if nothing that was found were worth a look, as in a catalogue of more than two entries."""
    monkeypatch.setattr("comptoir.web.presenting.answers.RULE", Rule(first=1.1, beside=1.1, unasked=1.1))
    return asked


def test_where_nothing_is_likely_there_is_but_a_search_and_an_entry_to_write(unlikely: Counter) -> None:
    message = make_incoming(unlikely.conversation, text="Avez-vous lu mon courriel de ce matin ?")
    page = said(unlikely.client("supervisor").get(reverse("answers", args=[unlikely.conversation.pk])))
    assert NOTHING in page
    assert "data-answer=" not in page
    assert f'href="{reverse("new_entry")}?message={message.pk}"' in page


def test_what_comes_nearest_is_shown_when_somebody_wants_to_see_it(unlikely: Counter) -> None:
    page = panel(unlikely, near="1")
    assert "data-answer=" in page
    assert NOTHING not in page


def test_what_is_likely_is_offered_without_a_word_about_nothing(asked: Counter) -> None:
    assert NOTHING not in panel(asked)


def test_the_catalogue_is_searched_from_the_panel(asked: Counter) -> None:
    assert "Quels sont vos horaires" in panel(asked, q="fermeture")
    assert "Écrire une fiche" in panel(asked, q="…")


def test_the_page_does_not_wait_for_the_answers(asked: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise AssertionError("the page itself asks nothing of the catalogue")

    monkeypatch.setattr("comptoir.web.presenting.answers.find_entries", broken)
    page = said(asked.client("agent").get(reverse("conversation", args=[asked.conversation.pk])))
    assert f'hx-get="{reverse("answers", args=[asked.conversation.pk])}"' in page


def test_the_questions_to_the_database_do_not_grow_with_the_entries(asked: Counter) -> None:
    def questions() -> list[str]:
        panel(asked)  # what is read once for a process is read
        with CaptureQueriesContext(connection) as captured:
            panel(asked)
        return [query["sql"] for query in captured]

    few = questions()
    for number in range(8):
        make_entry(question=f"Ma commande n’est pas arrivée ({number})")
    read_catalogue()
    assert len(questions()) == len(few), few


def _write(counter: Counter, text: str, entry: CatalogueEntry, **more: str) -> Any:
    posted = {"mode": "private", "text": text, "entry": str(entry.pk), "seen_up_to": "999999999", **more}
    return counter.client("agent").post(reverse("write", args=[counter.conversation.pk]), posted, headers=htmx())


def test_the_use_is_written_down_when_the_reply_is_sent(asked: Counter) -> None:
    entry = CatalogueEntry.objects.get(key="colis")
    _write(asked, "Bonjour Nadia, je regarde la commande ML-23456.", entry)
    use = EntryUse.objects.get()
    assert (use.entry, use.agent, use.is_changed) == (entry, asked.people["agent"], False)
    assert Message.objects.get(pk=use.message_id).text.startswith("Bonjour Nadia")


def test_a_reply_with_a_gap_is_refused_with_what_is_missing_and_no_use_is_written(asked: Counter) -> None:
    response = _write(asked, "Votre commande {order_number} arrive.", CatalogueEntry.objects.get(key="colis"))
    assert response.status_code == 422
    assert "{order_number}" in response.content.decode()
    assert not EntryUse.objects.exists()


def test_whoever_calls_nothing_leaves_with_a_gap(asked: Counter) -> None:
    with pytest.raises(UnfilledError, match="first_name") as raised:
        queue_reply(asked.conversation.pk, by=None, text="Bonjour {first_name} {toto}, {brand}", visibility="private")
    assert raised.value.missing == ("{first_name}", "{brand}")


def test_files_of_an_answer_are_laid_beside_the_draft(asked: Counter) -> None:
    kept = keep_file(io.BytesIO(b"bonjour"), declared_type="text/plain")
    file = File("notice.txt", kept.storage_key, kept.mime_type, kept.size_bytes)
    entry = make_entry(question="La notice ?", variants=(Variant("Voici.", "fr", files=(file,)),))
    client = asked.client("agent")
    address = reverse("lay_files", args=[asked.conversation.pk])
    page = said(client.post(address, {"entry": str(entry.pk), "way": "private"}, headers=htmx()))
    assert "notice.txt" in page


def test_customers_words_are_never_markup(asked: Counter) -> None:
    asked.conversation.identity.name = '"><script>x</script>'
    asked.conversation.identity.save()
    assert "<script>x" not in panel(asked)
