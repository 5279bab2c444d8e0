"""Arbitration: one ruling a decision, what is sent leaves like any reply, and the catalogue learns."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from comptoir.bot.asking import CatalogueAtHand
from comptoir.bot.comparing import compare_with_agents
from comptoir.bot.drift import watch_entries, weekly_shares
from comptoir.bot.errors import (
    AnsweredMeanwhileError,
    CauseNeededError,
    NothingToSendError,
    ProposalChangedError,
    RuledAlreadyError,
)
from comptoir.bot.models import Comparison, Decision, EntryRest, Ruling
from comptoir.bot.proposing import proposal_of
from comptoir.bot.queries import arbitration_queue, judged_cases, scores_by_account
from comptoir.bot.rulings import Word, rule_on
from comptoir.brands.models import Brand
from comptoir.catalogue.approving import approve_version
from comptoir.catalogue.editing import rewrite_entry
from comptoir.catalogue.models import CatalogueEntry, EntryUse, EntryVersion
from comptoir.catalogue.using import note_uses
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.delivery.refusals import PersonalDataError
from comptoir.desk.sending import send_reply
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.bot.deciding import UNPROVEN, decided, make_answerable, make_bot_account, make_question
from tests.catalogue.entries import content_of
from tests.factories import make_agent, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

AS_IS = Word(Ruling.Verdict.AS_IS)
RIGHT = Word(Ruling.Verdict.RIGHT)
OTHER = Word(Ruling.Verdict.REFUSED, cause="other_question")


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop")


def proposed(entry: CatalogueEntry | None = None, text: str = "Bonjour, il est où mon colis ?") -> Decision:
    account = make_bot_account("proposes")
    return decided(make_question(account, text), entry or make_answerable())


def test_sent_as_it_is_it_is_the_arbiters_reply(agent: Agent) -> None:
    decision = proposed(make_answerable(answer="Il arrive. {agent_name}"))
    ruling = rule_on(decision.pk, AS_IS, by=agent)
    assert ruling.reply is not None
    assert (ruling.reply.text, ruling.reply.agent, ruling.reply.state) == ("Il arrive. Awa Diop", agent, "queued")
    assert EntryUse.objects.get().agent == agent
    assert Event.objects.get(name="decision.ruled").details["verdict"] == "as_is"


def test_changed_it_is_told_from_what_was_sent_as_it_was(agent: Agent) -> None:
    changed = Word(Ruling.Verdict.EDITED, text="Bonjour, votre colis arrive demain.")
    assert rule_on(proposed().pk, changed, by=agent).verdict == "edited"
    same = Word(Ruling.Verdict.EDITED, text="Votre colis arrive sous deux jours. ")
    assert rule_on(proposed().pk, same, by=agent).verdict == "as_is"


def test_a_refusal_says_why(agent: Agent) -> None:
    decision = proposed()
    with pytest.raises(CauseNeededError):
        rule_on(decision.pk, Word(Ruling.Verdict.REFUSED), by=agent)
    assert rule_on(decision.pk, OTHER, by=agent).reply is None


def test_who_comes_second_is_told_and_sends_nothing(agent: Agent) -> None:
    decision = proposed()
    rule_on(decision.pk, AS_IS, by=agent)
    with pytest.raises(RuledAlreadyError, match="Awa Diop"):
        rule_on(decision.pk, AS_IS, by=make_agent())
    assert Message.objects.outgoing().count() == 1


def test_what_was_answered_meanwhile_is_not_answered_again(agent: Agent) -> None:
    decision = proposed()
    send_reply(decision.message.conversation_id, by=make_agent(), text="C’est fait.", visibility="private")
    with pytest.raises(AnsweredMeanwhileError):
        rule_on(decision.pk, AS_IS, by=agent)
    assert rule_on(decision.pk, RIGHT, by=agent).verdict == "right"


def test_personal_data_is_not_published_by_a_ruling(agent: Agent) -> None:
    decision = proposed()
    Message.objects.filter(pk=decision.message_id).update(visibility="public")
    word = Word(Ruling.Verdict.EDITED, text="Appelez le 06 12 34 56 78.")
    with pytest.raises(PersonalDataError):
        rule_on(decision.pk, word, by=agent)
    assert not Ruling.objects.exists()


def test_a_ruling_stands(agent: Agent) -> None:
    ruling = rule_on(proposed().pk, RIGHT, by=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(verdict="refused", cause="unsaid")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_rule_at_once_one_sends() -> None:
    decision, agents = proposed(), [make_agent(), make_agent()]
    together, late = threading.Barrier(2), []

    def rules(by: Agent) -> None:
        together.wait(30)
        try:
            rule_on(decision.pk, AS_IS, by=by)
        except RuledAlreadyError:
            late.append(by)
        connection.close()

    threads = [threading.Thread(target=rules, args=(one,)) for one in agents]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(late) == 1
    assert Message.objects.outgoing().count() == 1


def test_how_a_customer_asked_becomes_a_phrasing_that_waits_for_approval(agent: Agent) -> None:
    entry = make_answerable()
    ruling = rule_on(proposed(entry, "Il est passé où, mon paquet ? jean@example.org").pk, RIGHT, by=agent)
    draft = ruling.draft
    assert draft is not None
    assert (draft.entry_id, draft.status) == (entry.pk, "draft")
    assert draft.content["phrasings"][-1] == "Il est passé où, mon paquet ?"
    rule_on(proposed(entry, "Mon paquet, il est où donc ?").pk, RIGHT, by=agent)
    waiting = EntryVersion.objects.get(entry=entry, status="draft")
    assert len(waiting.content["phrasings"]) == 7, "a second one joins the first"


def test_a_number_of_the_brands_own_does_not_become_part_of_a_phrasing(agent: Agent) -> None:
    decision = proposed(text="Il est passé où, mon paquet LUXYZT ?")
    Brand.objects.filter(pk=decision.account.brand_id).update(order_forms=["LU@@@@"])
    draft = rule_on(decision.pk, RIGHT, by=agent).draft
    assert draft is not None
    assert draft.content["phrasings"][-1] == "Il est passé où, mon paquet […] ?"


def test_another_question_with_its_answer_begins_an_entry(agent: Agent) -> None:
    word = Word(Ruling.Verdict.REFUSED, cause="other_question", words="Nous livrons en Belgique sous trois jours.")
    ruling = rule_on(proposed(text="Livrez-vous en Belgique ?").pk, word, by=agent)
    assert ruling.draft is not None
    assert ruling.draft.content["question"] == "Livrez-vous en Belgique ?"
    assert ruling.draft.content["variants"][0]["text"] == "Nous livrons en Belgique sous trois jours."


def test_who_still_waits_comes_first_and_then_what_teaches_most(agent: Agent) -> None:
    entry, account = make_answerable(), make_bot_account("proposes")
    silent = make_bot_account("silent")
    dull = decided(make_question(silent), entry, surety=UNPROVEN, confidence=0.99)
    telling = decided(make_question(silent), entry, surety=UNPROVEN, confidence=0.5)
    later, earlier = make_question(account), make_question(account)
    earlier.conversation.waiting_since = now() - timedelta(hours=2)
    earlier.conversation.save()
    Message.objects.filter(pk=earlier.pk).update(sent_at=now() - timedelta(hours=2))
    second, first = decided(later, entry), decided(earlier, entry)
    agent.role = Agent.Role.ADMINISTRATOR
    assert list(arbitration_queue(agent)) == [first, second, telling, dull]


def test_the_queue_holds_only_what_one_may_read() -> None:
    decision = proposed()
    assert list(arbitration_queue(make_agent(teams=[make_team()]))) == []
    assert list(arbitration_queue(make_agent(teams=[decision.account.team]))) == [decision]


def answered_by(agent: Agent, decision: Decision, text: str, entry: CatalogueEntry | None = None) -> Message:
    reply = send_reply(decision.message.conversation_id, by=agent, text=text, visibility="private")
    Message.objects.filter(pk=reply.pk).update(state="sent")
    used = [entry.pk] if entry else []
    note_uses(used, message_id=reply.pk, conversation_id=reply.conversation_id, text=text, by=agent)
    return reply


def test_the_silent_bot_is_scored_by_what_agents_answer(agent: Agent) -> None:
    entry, other, account = make_answerable(), make_answerable(answer="Non."), make_bot_account("silent")
    same, else_, own_words, copied = (decided(make_question(account), entry) for _one in range(4))
    answered_by(agent, same, "Il arrive.", entry)
    answered_by(agent, else_, "Non.", other)
    answered_by(agent, own_words, "Je vous appelle tout à l’heure.")
    answered_by(agent, copied, "Bonjour ! Votre colis arrive bien sous deux jours, merci.")
    assert compare_with_agents() == 4
    assert compare_with_agents() == 0
    outcomes = dict(Comparison.objects.values_list("decision", "outcome"))
    assert [outcomes[one.pk] for one in (same, else_, own_words, copied)] == ["same", "other", "unclear", "same"]
    told = scores_by_account()[account.pk]
    assert (told.decided, told.alone, told.answered) == (4, 4, 0)
    assert (told.alone_right.right, told.alone_right.judged, told.alone_right.per_cent) == (2, 3, 66)


def test_what_people_judged_is_what_the_next_threshold_is_proven_by(agent: Agent) -> None:
    rule_on(proposed().pk, RIGHT, by=agent)
    rule_on(proposed().pk, OTHER, by=agent)
    assert sorted(case.is_right for case in judged_cases(since=now() - timedelta(days=1))) == [False, True]
    before = CatalogueAtHand().get().version
    rule_on(proposed().pk, OTHER, by=agent)
    assert CatalogueAtHand().get().version != before, "a wrong one counts at once"


def test_an_entry_that_falls_is_taken_off_and_its_owner_told(agent: Agent) -> None:
    account, entry = make_bot_account("silent"), make_answerable()
    CatalogueEntry.objects.filter(pk=entry.pk).update(owner=agent)
    for word in [RIGHT] * 4 + [OTHER] * 2:
        rule_on(decided(make_question(account), entry).pk, word, by=agent)
    assert watch_entries() == [entry.pk]
    assert watch_entries() == []
    rest = EntryRest.objects.get()
    assert (rest.cause, rest.judged, rest.right) == ("drift", 6, 4)
    assert Event.objects.get(name="entry.taken_off_bot").details["owner"] == agent.pk
    ((_week, share),) = weekly_shares([entry.pk])[entry.pk]
    assert (share.right, share.judged, share.per_cent) == (4, 6, 66)
    low, high = share.bounds or (0, 0)
    assert low < 66 < high < 98


def test_one_wrong_answer_among_many_takes_nothing_off(agent: Agent) -> None:
    account, entry = make_bot_account("silent"), make_answerable()
    for word in [RIGHT] * 8 + [OTHER]:
        rule_on(decided(make_question(account), entry).pk, word, by=agent)
    assert watch_entries() == []


def rewritten(entry: CatalogueEntry, answer: str) -> None:
    version = rewrite_entry(entry.pk, content_of(answer, question=entry.question), by=None)
    approve_version(version.pk, by=None)


def test_what_is_sent_is_what_the_entry_says_now(agent: Agent) -> None:
    entry = make_answerable()
    decision = proposed(entry)
    rewritten(entry, "Votre colis arrive demain. {agent_name}")
    shown = proposal_of(decision, agent.name)
    assert (shown.text, shown.has_changed) == ("Votre colis arrive demain. Awa Diop", True)
    ruling = rule_on(decision.pk, AS_IS, by=agent)
    assert ruling.reply is not None
    assert (ruling.verdict, ruling.reply.text) == ("as_is", "Votre colis arrive demain. Awa Diop")
    decision.refresh_from_db()
    assert decision.text == "Votre colis arrive sous deux jours.", "the decision says what was decided"


def test_what_nobody_was_shown_does_not_leave(agent: Agent) -> None:
    entry = make_answerable()
    decision = proposed(entry)
    seen = proposal_of(decision, agent.name).version_id
    rewritten(entry, "Votre colis arrive demain.")
    for verdict in (Ruling.Verdict.AS_IS, Ruling.Verdict.EDITED):
        with pytest.raises(ProposalChangedError):
            rule_on(decision.pk, Word(verdict, text=decision.text, version_id=seen), by=agent)
    assert not Message.objects.outgoing().exists()


def test_an_entry_that_serves_no_longer_has_nothing_to_send(agent: Agent) -> None:
    entry = make_answerable()
    decision = proposed(entry)
    CatalogueEntry.objects.filter(pk=entry.pk).update(retired_at=now())
    assert proposal_of(decision, agent.name).text == ""
    with pytest.raises(NothingToSendError):
        rule_on(decision.pk, AS_IS, by=agent)
    assert rule_on(decision.pk, Word(Ruling.Verdict.EDITED, text="Il arrive."), by=agent).verdict == "edited"
