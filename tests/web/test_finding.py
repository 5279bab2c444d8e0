"""The search finds what was written however it was written, and only what the agent may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comptoir.conversations.indexing import catch_up, forget_all, index_events
from comptoir.conversations.models import Conversation, Note, SearchText
from comptoir.core.clock import now
from comptoir.desk.actions import tag_conversation
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.web.queries.search import texts
from comptoir.web.queries.search.finding import Answer, found
from comptoir.web.queries.search.people import people_found
from comptoir.web.queries.search.reading import read_question
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team

pytestmark = pytest.mark.django_db


def supervisor() -> Agent:
    return make_agent(role="supervisor")


def ask(typed: str, agent: Agent | None = None, **how: object) -> Answer:
    given = {"best_first": False, "after": ""} | how
    return found(agent or supervisor(), typed, **given)  # type: ignore[arg-type]  # as given


def say(text: str, **fields: object) -> Conversation:
    conversation = make_conversation(**fields)  # type: ignore[arg-type]  # as given
    make_incoming(conversation, text=text)
    return conversation


def names(answer: Answer) -> list[int]:
    return [one.conversation.pk for one in answer.findings]


@pytest.mark.parametrize("typed", ["échoué", "echoue", "ÉCHOUÉE", "échouer"])
def test_accents_and_inflection_are_forgiven(typed: str) -> None:
    one = say("Le paiement a échoué deux fois")
    say("Tout va bien")
    catch_up()
    assert names(ask(typed)) == [one.pk]


@pytest.mark.parametrize("typed", ["FR-4411", "4411", "06 12 34 56 78", "+33612345678", "jean@exemple.fr"])
def test_numbers_and_addresses_are_found_as_they_stand(typed: str) -> None:
    one = say("Commande FR-4411, appelez le 06.12.34.56.78 ou écrivez à Jean@exemple.fr")
    say("Commande FR-44110, appelez le 06 12 34 56 79")
    catch_up()
    assert names(ask(typed)) == [one.pk]


def test_a_phrase_is_found_in_its_order() -> None:
    one = say("Mon colis perdu est revenu")
    say("Perdu, mon colis ?")
    catch_up()
    assert names(ask('"colis perdu"')) == [one.pk]


def test_a_word_can_be_left_out() -> None:
    one = say("Un remboursement")
    say("Un remboursement partiel")
    catch_up()
    assert names(ask("remboursement -partiel")) == [one.pk]


def test_fields_narrow_in_both_languages() -> None:
    team = make_team()
    shop = make_account(kind="email", name="Boutique", team=team)
    one = say("Où est mon colis", account=shop, identity=make_identity(channel="email", name="Zoé Martin"))
    say("Où est mon colis", account=make_account(kind="chat"))
    tag_conversation(one.pk, name="livraison", by=make_agent())
    catch_up()
    for field in ("canal:courriel", "channel:email", "compte:bouti", "tag:livraison", "de:zoé", "from:martin"):
        assert names(ask(f"{field} colis")) == [one.pk], field
    assert names(ask("est:résolu colis")) == []
    assert names(ask("tag:livraison")) == [one.pk]


def test_days_narrow() -> None:
    conversation = make_conversation()
    make_incoming(conversation, text="colis", sent_at=now() - timedelta(days=40))
    catch_up()
    assert len(ask("colis avant:30j").findings) == 1
    assert len(ask("colis après:30j").findings) == 0


def test_a_field_that_is_not_understood_is_told() -> None:
    assert ask("avant:bientôt colis").asked.not_understood == ["avant:bientôt"]
    assert read_question("re:commande").words == ["re:commande"]


def test_only_what_the_agent_may_see_is_found() -> None:
    mine, other = make_team(), make_team()
    agent = make_agent(teams=[mine])
    one = say("le colis", account=make_account(team=mine))
    say("le colis", account=make_account(team=other), identity=make_identity(name="Cachée"))
    catch_up()
    answer = ask("colis", agent)
    assert names(answer) == [one.pk]
    assert answer.count == 1
    assert people_found(agent, "cachée", limit=5) == []


def test_people_are_found_by_the_beginnings_of_their_names() -> None:
    who = make_identity(name="Jean-Luc Müller", handle="jlm")
    make_conversation(identity=who)
    catch_up()
    assert [one.identity.pk for one in people_found(supervisor(), "mul jean", limit=5)] == [who.pk]


def test_notes_are_found_and_deleted_messages_are_not() -> None:
    conversation = make_conversation()
    Note.objects.create(conversation=conversation, agent=make_agent(), text="Geste commercial accordé")
    gone = make_incoming(conversation, text="Geste déplacé")
    catch_up()
    gone.deleted_at = now()
    gone.save()
    answer = ask("geste")
    assert [one.note is not None for one in answer.findings] == [True]
    index_events([record("message.deleted", subject=gone)])
    assert SearchText.objects.count() == 1


def test_what_was_found_is_marked_and_never_markup() -> None:
    say("<b>Échoués</b> sont mes colis")
    catch_up()
    parts = ask("echoue").findings[0].parts
    assert ("Échoués", True) in parts
    assert "".join(words for words, _mark in parts) == "<b>Échoués</b> sont mes colis"


def test_an_edited_message_is_found_by_its_new_words() -> None:
    message = make_incoming(make_conversation(), text="ancien")
    index_events([record("message.received", subject=message)])
    message.text = "nouveauté"
    message.save()
    index_events([record("message.edited", subject=message)])
    assert len(ask("nouveautés").findings) == 1
    assert ask("ancien").findings == []


def test_each_row_is_on_one_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "PAGE", 3)
    conversation = make_conversation()
    for number in range(8):
        make_incoming(conversation, text="colis", sent_at=now() - timedelta(hours=number))
    catch_up()
    for best_first in (False, True):
        seen, after, agent = [], "", supervisor()
        while after is not None:
            answer = ask("colis", agent, best_first=best_first, after=after)
            seen += [one.message.pk for one in answer.findings if one.message]
            after = answer.after  # type: ignore[assignment]  # None ends it
        assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize("few", [0, 4000])
def test_few_and_many_hits_are_found_alike(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(texts, "FEW", few)
    monkeypatch.setattr(texts, "_NEWEST", 1)
    one = say("colis rare")
    two = say("colis rare")
    catch_up()
    assert set(names(ask("colis"))) == {one.pk, two.pk}
    monkeypatch.setattr(texts, "_FEW_CONVERSATIONS", 0)
    assert set(names(ask("colis"))) == {one.pk, two.pk}


def test_a_search_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_MANNER", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    with pytest.raises(texts.SearchTakesTooLongError):
        ask("colis")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("typed", ["'", "\\", "a:b:c", '"', "-", "((", "😡", "le la", "\x00", "de:' canal:\\", "%s"])
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    say("bonjour")
    catch_up()
    ask(typed)


@pytest.mark.django_db(transaction=True)
def test_the_search_can_be_made_again() -> None:
    one = say("colis")
    catch_up()
    forget_all()
    assert ask("colis").findings == []
    assert catch_up() == 2
    assert names(ask("colis")) == [one.pk]
