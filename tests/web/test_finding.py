"""The search finds what was written however it was written, and only what the agent may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comptoir.conversations.actions import name_thread
from comptoir.conversations.indexing import catch_up, forget_all, index_events
from comptoir.conversations.models import Conversation, Note, SearchText
from comptoir.conversations.reach import found_by
from comptoir.core.clock import now
from comptoir.desk.actions import tag_conversation
from comptoir.desk.following import keep_reading
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.web.queries.inbox import Reach
from comptoir.web.queries.search import conversations, finding, patience, texts
from comptoir.web.queries.search.choosing import Way
from comptoir.web.queries.search.finding import Answer, found
from comptoir.web.queries.search.people import people_found
from comptoir.web.queries.search.reading import read_question
from comptoir.web.queries.search.seeing import visible_conversations
from comptoir.web.queries.search.suggesting import one_slip_from
from tests.factories import (
    make_account,
    make_agent,
    make_brand,
    make_conversation,
    make_identity,
    make_incoming,
    make_team,
)
from tests.web.conftest import Counter, client_of, htmx

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


def _all_pages(typed: str, agent: Agent) -> list[int]:
    """Messages, or conversations, of all pages in their order."""
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        answer = ask(typed, agent, after=after)
        seen += [one.message.pk if one.message else one.conversation.pk for one in answer.findings]
        after = answer.after
    return seen


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


@pytest.mark.parametrize("typed", ['"colis perdu"', "“colis perdu”", "« colis perdu »", "«colis perdu", '"colis perdu'])
def test_a_phrase_is_what_stands_between_quotation_marks_of_any_kind(typed: str) -> None:
    assert read_question(typed).phrases == ["colis perdu"]


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


@pytest.mark.parametrize("typed", ['salon:"entraide lampes"', "room:Lampes clignote", "objet:entraide"])
def test_a_conversation_is_found_by_the_room_it_is_in(typed: str) -> None:
    there = say("Elle clignote", subject="Entraide lampes")
    say("Elle clignote aussi")
    catch_up()
    assert names(ask(typed)) == [there.pk]


@pytest.mark.parametrize("typed", ["objet:reçue", "objet:RECUE", 'objet:"facture 2026"', "sujet:non"])
def test_a_subject_is_found_by_the_beginnings_of_its_words_with_accents_or_without(typed: str) -> None:
    there = say("Bonjour", subject="Facture n°2026-114 non reçue")
    say("Bonjour", subject="Manufacture")
    say("Bonjour", subject="Factures de 2025")
    catch_up()
    assert names(ask(typed)) == [there.pk]


@pytest.mark.parametrize("letter", ["한", "㌀", "가"])
def test_a_subject_of_one_word_without_end_is_found_and_hides_no_other(letter: str) -> None:
    """Taken apart, such letters make a word of more bytes than PostgreSQL keeps, or asks for."""
    endless = say("Bonjour", subject=letter * 500)
    there = say("Elle clignote", subject="Lampes")
    catch_up()
    assert names(ask(f"objet:{letter * 280}")) == [endless.pk]
    assert names(ask("objet:lampes")) == [there.pk]
    for typed in (letter * 290, f"de:{letter * 280}", f'"{letter * 290}"', f"@{letter * 290}"):
        ask(typed)


def test_a_room_that_is_called_otherwise_is_found_by_its_new_name_alone() -> None:
    there = say("Elle clignote", thread_id="!a:exemple.fr", subject="Lampes")
    catch_up()
    name_thread(there.account_id, "!a:exemple.fr", "Éclairage")
    index_events(list(Event.objects.filter(name="conversation.named")))
    assert names(ask("salon:eclairage")) == [there.pk]
    assert names(ask("salon:lampes")) == []


@pytest.mark.parametrize("typed", ["salon:lampes", "salon:LÂMPES clignote"])
def test_the_room_that_was_asked_for_is_shown_with_it_marked(typed: str) -> None:
    say("Elle clignote", subject="Entraide lampes")
    catch_up()
    assert list(ask(typed).findings[0].about) == [("Entraide ", False), ("lampes", True)]


def test_what_a_line_says_already_is_not_said_twice() -> None:
    conversation = say("Elle clignote", subject="Ma lampe")
    conversation.messages.update(subject="Re: Ma lampe")
    catch_up()
    assert not ask("clignote").findings[0].about


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
    assert people_found(Reach.of(agent), "cachée", limit=5) == []


def test_people_are_found_by_the_beginnings_of_their_names() -> None:
    who = make_identity(name="Jean-Luc Müller", handle="jlm")
    make_conversation(identity=who)
    catch_up()
    assert [one.identity.pk for one in people_found(Reach.of(supervisor()), "mul jean", limit=5)] == [who.pk]


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


@pytest.mark.parametrize("way", Way)
def test_every_way_leads_to_the_same_hits(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "PAGE", 2)
    monkeypatch.setattr(texts, "cheapest_way", lambda expected, wanted: way)
    mine, other = make_team(), make_team()
    conversation = make_conversation(account=make_account(team=mine))
    hidden = make_conversation(account=make_account(team=other))
    said = [
        make_incoming(conversation, text="colis", sent_at=now() - timedelta(days=n)).pk for n in (0, 3, 40, 400, 401)
    ]
    make_incoming(hidden, text="colis", sent_at=now() - timedelta(days=2))
    catch_up()
    assert _all_pages("colis", make_agent(teams=[mine])) == said


@pytest.mark.parametrize("few_conversations", [2000, 0])
@pytest.mark.parametrize("then", Way)
def test_what_was_thought_to_be_few_and_is_not_is_found_all_the_same(
    then: Way, few_conversations: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = iter([Way.THROUGH_WORDS, then])
    monkeypatch.setattr(texts, "taken_at_most", lambda expected: 0)
    monkeypatch.setattr(texts, "FEW_CONVERSATIONS", few_conversations)
    monkeypatch.setattr(texts, "cheapest_way", lambda expected, wanted: next(ways))
    team = make_team()
    one = say("colis rare", account=make_account(team=team))
    two = say("colis rare", account=make_account(team=team))
    catch_up()
    assert set(names(ask("colis", make_agent(teams=[team])))) == {one.pk, two.pk}


def test_a_phrase_is_found_among_texts_that_have_no_pairs_yet() -> None:
    one = say("Mon colis perdu est revenu")
    say("Perdu, mon colis ?")
    catch_up()
    SearchText.objects.update(pairs=None)
    assert names(ask('"colis perdu"')) == [one.pk]


def test_texts_without_pairs_get_them_later() -> None:
    say("Mon colis perdu est revenu")
    say("Merci")
    catch_up()
    had = list(SearchText.objects.order_by("pk").values_list("pairs", flat=True))
    SearchText.objects.update(pairs=None)
    assert catch_up() == 2
    assert list(SearchText.objects.order_by("pk").values_list("pairs", flat=True)) == had
    assert [len(pairs) for pairs in had] == [2, 0]


@pytest.mark.parametrize("typed", ['"colis retardés"', '"colis retarde"', '"COLIS RETARDÉE"', "« le colis retardé »"])
def test_accents_and_inflection_are_forgiven_in_a_phrase(typed: str) -> None:
    one = say("Encore un colis retardé !")
    say("Le colis est là, la réponse retardée")
    catch_up()
    assert names(ask(typed)) == [one.pk]


def test_numbers_of_pairs_that_collide_find_nothing_wrong() -> None:
    say("Merci beaucoup")
    catch_up()
    other = say("Colis perdu")
    catch_up()
    SearchText.objects.update(pairs=SearchText.objects.get(message__conversation=other).pairs)
    assert names(ask('"colis perdu"')) == [other.pk]


def test_the_search_shows_what_the_lists_show() -> None:
    brand, mine, other = make_brand(), make_team(), make_team()
    accounts = [make_account(team=team, brand=of) for team in (mine, other) for of in (brand, make_brand())]
    reserved = make_account(team=mine)
    reserved.reserved_for.add(other)
    agents = [make_agent(role=role, teams=[mine]) for role in ("administrator", "supervisor", "agent", "expert")]
    branded = make_agent(teams=[mine])
    branded.brands.add(brand)
    for account in (*accounts, reserved):
        for fields in ({}, {"assignee": agents[2]}, {"is_spam": True}, {"team": None}):
            make_conversation(account=account, **fields)
    for conversation in Conversation.objects.filter(team=other, assignee=None):
        keep_reading(conversation.pk, agent_id=agents[2].pk)
        keep_reading(conversation.pk, agent_id=branded.pk)
    assert found_by(agents[2]).count() > Conversation.objects.visible_to(agents[2]).count()
    for agent in (*agents, branded, make_agent(teams=[])):
        told = set(visible_conversations(Reach.of(agent)).values_list("pk", flat=True))
        assert told == set(found_by(agent).values_list("pk", flat=True)), agent


def test_fields_alone_find_few_and_many_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE", 2)
    found_ones = [make_conversation(at=now() - timedelta(hours=count)).pk for count in range(5)]
    for few in (5000, 0):
        monkeypatch.setattr(conversations, "_FEW", few)
        assert _all_pages("est:ouvert", supervisor()) == found_ones


def test_a_search_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_LIMITED", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    with pytest.raises(patience.SearchTakesTooLongError):
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


def _analysed() -> None:
    """As the database does by itself, a while after the words came."""
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conversations_searchtext")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("comande perdue", "commande perdue"),
        ("Livrasion", "livraison"),
        ("rembouresement tag:x", ""),
        ("écrann", "écran"),
        ("xyzzyx", ""),
        ("cmd", ""),
    ],
)
def test_what_was_perhaps_meant_is_offered_where_nothing_was_found(typed: str, meant: str) -> None:
    for _time in range(3):
        say("Ma commande est perdue, et la livraison de l’écran ? Je demande le remboursement.")
    _analysed()
    assert (ask(typed).findings, ask(typed).meant) == ([], meant)


def test_a_word_that_is_found_is_not_corrected() -> None:
    say("Ma comande est perdue")
    for _time in range(3):
        say("Ma commande est perdue")
    _analysed()
    answer = ask("comande")
    assert (len(answer.findings), answer.meant) == (1, "")


def test_nothing_is_offered_that_the_agent_may_not_see() -> None:
    atelier = make_team(name="Atelier")
    for _time in range(3):
        say("Ma commande est perdue", account=make_account(team=atelier))
    _analysed()
    assert ask("comande", make_agent(teams=[make_team(name="Boutique")])).meant == ""


@pytest.mark.parametrize("slipped", ["comande", "commmande", "commznde", "comamnde"])
def test_a_letter_too_few_too_many_wrong_or_exchanged_is_one_slip(slipped: str) -> None:
    assert "commande" in one_slip_from(slipped)


def test_what_was_found_is_said_in_one_sentence_and_not_all_of_it(counter: Counter) -> None:
    client = client_of(counter.people["administrator"])
    make_incoming(counter.conversation, text="Un xylophone, s’il vous plaît")
    catch_up()
    page = client.get("/search/", {"q": "xylophone"}).content.decode()
    assert 'id="found-said" role="status"></p>' in page
    assert "aria-live" not in page.partition('id="found"')[2].partition("</main>")[0]
    part = client.get("/search/", {"q": "xylophone"}, headers=htmx()).content.decode()
    assert "Messages et notes\N{NO-BREAK SPACE}: 1." in part.partition('id="found-said"')[2]
    none = client.get("/search/", {"q": "zzyzx"}, headers=htmx()).content.decode()
    assert "Rien n’a été trouvé" in none.partition('id="found-said"')[2]
