"""What was read, on the screens: said quietly, corrected by one press, narrowed by; and what was learnt from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from comptoir.analysis.backlog import ask_to_read
from comptoir.analysis.models import ContactReason, Correction, MessageAnalysis, TrainedHeads
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.exposing import exposed_in
from comptoir.web.queries.inbox import InboxFilters, Listing, Sort, StandingView, inbox_page, listed
from tests.factories import make_analysis, make_conversation, make_incoming, make_outgoing, make_reason
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


@pytest.fixture
def client(counter: Counter) -> Client:
    """A supervisor's, in French."""
    Agent.objects.update(language="fr")
    counter.people["supervisor"].refresh_from_db()
    return client_of(counter.people["supervisor"])


def exchange(client: Client, counter: Counter) -> str:
    return client.get(f"/conversations/{counter.conversation.pk}/exchange/").content.decode()


def read_as(counter: Counter, **fields: object) -> MessageAnalysis:
    MessageAnalysis.objects.filter(message=counter.incoming).update(**fields)
    return MessageAnalysis.objects.get(message=counter.incoming)


def test_a_message_says_what_matters_of_it(client: Client, counter: Counter) -> None:
    read_as(counter, urgency=3, grounds=["safety"], sentiment="negative", intent="complaint")
    page = exchange(client, counter)
    for words in ("Tout de suite", "sécurité", "Mécontent", "Réclamation"):
        assert words in page


def test_what_does_not_press_is_not_said(client: Client, counter: Counter) -> None:
    read_as(counter, urgency=1, sentiment="positive", intent="praise")
    page = exchange(client, counter)
    assert "Éloge" in page
    for words in ("Un peu", "Content", "is-urgent"):
        assert words not in page


def test_an_unsure_reason_is_not_said(client: Client, counter: Counter) -> None:
    reason = make_reason("Livraison")
    analysis = read_as(counter)
    topic = analysis.topics.create(reason=reason, confidence=0.3)
    assert "Livraison" not in exchange(client, counter)
    topic.confidence = 0.7
    topic.save()
    assert "Livraison" in exchange(client, counter)


def test_a_director_reads_it_and_corrects_nothing(counter: Counter) -> None:
    page = exchange(client_of(counter.people["director"]), counter)
    assert 'class="reading"' in page
    assert f"/messages/{counter.incoming.pk}/reading/" not in page


def test_one_press_corrects_one_figure(client: Client, counter: Counter) -> None:
    address = f"/messages/{counter.incoming.pk}/reading/"
    form = client.get(address, headers=htmx()).content.decode()
    assert 'name="urgency" value="2" aria-pressed="false"' in " ".join(form.split())
    answer = client.post(f"{address}correct/", {"urgency": "2"}, headers=htmx())
    assert answer.headers["HX-Trigger"] == "conversation-changed"
    assert 'name="urgency" value="2" aria-pressed="true"' in " ".join(answer.content.decode().split())
    assert Correction.objects.get().agent == counter.people["supervisor"]


def test_what_cannot_be_is_said_and_changes_nothing(client: Client, counter: Counter) -> None:
    answer = client.post(f"/messages/{counter.incoming.pk}/reading/correct/", {"urgency": "7"}, headers=htmx())
    assert answer.status_code == 409
    assert "Rien n’a été modifié" in answer.content.decode()
    assert not Correction.objects.exists()


def test_without_scripts_it_is_a_page_of_its_own(client: Client, counter: Counter) -> None:
    address = f"/messages/{counter.incoming.pk}/reading/"
    assert "<h1>" in client.get(address).content.decode()
    assert client.post(f"{address}correct/", {"sentiment": "negative"}).headers["Location"] == address
    assert read_as(counter).sentiment == "negative"


def test_what_was_not_read_yet_says_so(client: Client, counter: Counter) -> None:
    MessageAnalysis.objects.all().delete()
    assert "pas encore été lu" in client.get(f"/messages/{counter.incoming.pk}/reading/").content.decode()


def test_a_reason_of_another_brand_is_not_offered(client: Client, counter: Counter) -> None:
    make_reason("Ampoules", brand=make_conversation().account.brand)
    make_reason("Livraison", brand=counter.account.brand)
    page = client.get(f"/messages/{counter.incoming.pk}/reading/", headers=htmx()).content.decode()
    assert "Livraison" in page
    assert "Ampoules" not in page


def found(counter: Counter, **asked: str) -> set[int]:
    listing = Listing.of(StandingView.ALL, str(Sort.NEWEST), InboxFilters.read({k: [v] for k, v in asked.items()}))
    agent = counter.people["agent"]
    shown = {row.pk for row in inbox_page(agent, listing).rows}
    assert shown == set(listed(agent, listing).values_list("pk", flat=True))
    return shown


def test_the_list_is_narrowed_by_what_was_read(counter: Counter) -> None:
    above = make_reason("Livraison")
    below = make_reason("Retard", parent=above)
    one = make_conversation(account=counter.account)
    make_analysis(make_incoming(one), urgency=2, sentiment="negative", intent="complaint", language="de", reason=below)
    calm = counter.conversation.pk
    for asked in ({"urgency": "2"}, {"urgency": "1"}, {"sentiment": "negative"}, {"intent": "complaint"},
                  {"language": "de"}, {"topic": str(below.pk)}, {"topic": str(above.pk)}):  # fmt: skip
        assert found(counter, **asked) == {one.pk}, asked
    assert found(counter, urgency="3") == found(counter, answer="no") == set()
    assert found(counter, answer="yes") == {one.pk, calm}
    assert found(counter, answer="yes", sentiment="neutral") == {calm}


def test_a_language_that_the_network_told_is_found_too(counter: Counter) -> None:
    one = make_conversation(account=counter.account, language="it")
    assert found(counter, language="it") == {one.pk}


def test_each_filter_has_its_words(client: Client, counter: Counter) -> None:
    reason = make_reason("Livraison")
    query = f"urgency=2&sentiment=negative&intent=complaint&answer=yes&topic={reason.pk}"
    page = client.get(f"/inbox/all/?{query}").content.decode()
    for words in ("Aujourd’hui ou tout de suite", "Mécontent", "Réclamation", "Appelle une réponse", "Livraison"):
        assert f'<span dir="auto">{words}</span>' in page


def test_what_means_nothing_is_not_asked(counter: Counter) -> None:
    asked = {"urgency": ["9"], "sentiment": ["furious"], "intent": ["x"], "topic": ["x"], "answer": ["perhaps"]}
    assert not InboxFilters.read(asked)


def test_a_row_says_that_it_presses_while_the_customer_waits(client: Client, counter: Counter) -> None:
    one = make_conversation(account=counter.account)
    make_analysis(make_incoming(one), urgency=3)
    assert "mark-urgent is-3" in client.get("/inbox/all/").content.decode()
    make_outgoing(one)
    type(one).objects.filter(pk=one.pk).update(waiting_since=None)
    assert "mark-urgent" not in client.get("/inbox/all/").content.decode()


def test_a_number_of_another_country_is_seen_by_the_language_that_was_read(counter: Counter) -> None:
    text = "0211 5426332 nach 18 Uhr"
    said = make_incoming(make_conversation(account=counter.account, is_public=True), text=text)
    assert exposed_in(said) is None
    analysis = make_analysis(said, language="de", personal_data=[["phone", 0, 12]])
    exposed = exposed_in(said, analysis)
    assert exposed is not None
    assert [words for words, is_marked in exposed.parts if is_marked] == ["0211 5426332"]


def test_what_a_customer_calls_ours_is_nobodys_secret(counter: Counter) -> None:
    said = make_incoming(make_conversation(account=counter.account, is_public=True))
    said.text = "Votre numéro 01 23 45 67 89 ne répond pas"
    assert exposed_in(said) is None


def test_what_was_changed_since_it_was_read_is_looked_at_again(counter: Counter) -> None:
    said = make_incoming(make_conversation(account=counter.account, is_public=True), text="Appelez le 06 12 34 56 78")
    analysis = make_analysis(said)
    said.edited_at = now() + timedelta(seconds=1)
    assert exposed_in(said, analysis) is not None


def test_a_reason_is_made_changed_moved_and_deleted(client: Client, counter: Counter) -> None:
    posted = {"name": "Livraison", "examples": "Où est mon colis ?\n\nRetard", "is_active": "on"}
    assert client.post("/contact-reasons/new/", posted).status_code == 302
    reason = ContactReason.objects.get()
    assert reason.examples.count() == 2
    page = client.get("/contact-reasons/").content.decode()
    assert "Livraison" in page
    assert "2 exemples" in page
    posted["name"] = "Livraison et retards"
    client.post(f"/contact-reasons/{reason.pk}/", posted)
    client.post(f"/contact-reasons/{reason.pk}/move/", {"up": "yes"})
    assert ContactReason.objects.get().name == "Livraison et retards"
    client.post(f"/contact-reasons/{reason.pk}/delete/")
    assert not ContactReason.objects.exists()


def test_what_is_wrong_with_a_reason_stands_where_it_was_typed(client: Client, counter: Counter) -> None:
    make_reason("Livraison")
    answer = client.post("/contact-reasons/new/", {"name": "Livraison", "examples": "Mon colis"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Il y a déjà ici un motif" in page
    assert "Mon colis" in page


def test_readings_say_how_reading_and_learning_go(client: Client, counter: Counter) -> None:
    ask_to_read([counter.incoming.pk])
    client.post(f"/messages/{counter.incoming.pk}/reading/correct/", {"urgency": "2"}, headers=htmx())
    TrainedHeads.objects.create(
        figure="urgency", form="full", is_kept=True, coefficients=b"x", learnt_from=40, last_correction=1,
        trained_at=now(), texts=120, corrected=14, share_before=0.9, share_after=0.925, corrected_before=0,
        corrected_after=11,
    )  # fmt: skip
    page = " ".join(client.get("/readings/").content.decode().replace("\xa0", " ").replace("\u202f", " ").split())
    assert "1 message nouveau" in page
    assert "Urgence : « Rien ne presse » → « Aujourd’hui »" in page
    assert "92,5 %" in page


def test_corrections_of_other_teams_are_counted_and_not_shown(counter: Counter) -> None:
    hidden = make_incoming(make_conversation(), text="Rien que pour une autre marque")
    Correction.objects.create(message=hidden, figure="urgency", before=0, after=2, at=now())
    supervisor = counter.people["supervisor"]
    supervisor.brands.add(counter.account.brand)
    assert "Rien que pour" not in client_of(supervisor).get("/readings/").content.decode()
