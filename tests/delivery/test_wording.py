"""Giving an answer that was sent another text, and reporting what a customer wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, FormerText, Message, WordedAct
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.delivery.models import Moderation
from comptoir.delivery.moderation import CannotModerateError, ask_network
from comptoir.delivery.refusals import EmptyReplyError, PersonalDataError, TextTooLongError, UnchangedError
from comptoir.delivery.wording import ask_edit, ask_report, carry_out
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing
from tests.fake_network import FakeNetwork

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(fake_network: FakeNetwork) -> Conversation:
    return make_conversation(account=make_account(), is_public=True, thread_id="ours-1")


@pytest.fixture
def answer(conversation: Conversation) -> Message:
    return make_outgoing(conversation, text="Il part demian.", custom={"kept": "k"})


def told() -> list[str]:
    return list(Event.objects.filter(subject_kind="message").order_by("pk").values_list("name", flat=True))


def test_another_text_takes_the_place_of_what_an_answer_says(
    answer: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    asked = ask_edit(answer.pk, by=agent, text=" Il part demain. ")
    answer.refresh_from_db()
    assert answer.text == "Il part demian.", "nothing is shown as changed before the network said so"
    carry_out(asked.pk)
    answer.refresh_from_db()
    (edit,) = fake_network.edits
    assert (edit["id"], edit["text"], edit["kept"]) == (answer.external_id, "Il part demain.", "k")
    assert answer.text == "Il part demain."
    assert answer.edited_at is not None
    assert [former.text for former in FormerText.objects.all()] == ["Il part demian."]
    assert told() == ["message.moderation_requested", "message.edited"]
    assert Event.objects.get(name="message.edited").actor_id == agent.pk


def test_the_list_shows_the_new_words(answer: Message, agent: Agent) -> None:
    carry_out(ask_edit(answer.pk, by=agent, text="Il part demain.").pk)
    assert Conversation.objects.get(pk=answer.conversation_id).last_message_text == "Il part demain."


def test_each_change_has_a_key_of_its_own(answer: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    for text in ("un", "deux"):
        carry_out(ask_edit(answer.pk, by=agent, text=text).pk)
    assert len({edit["key"] for edit in fake_network.edits}) == 2


def test_what_the_network_refuses_leaves_the_words_and_says_why(
    answer: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    asked = ask_edit(answer.pk, by=agent, text="Il part demain.")
    carry_out(asked.pk)
    asked.refresh_from_db()
    answer.refresh_from_db()
    assert (asked.outcome, asked.reason) == ("refused", "The network refused it (400).")
    assert answer.text == "Il part demian."
    assert told()[-1] == "message.edit_refused"


def test_what_the_network_cannot_do_now_is_asked_again_for_a_day(
    answer: Message, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("500", "500")
    asked = ask_edit(answer.pk, by=agent, text="Il part demain.")
    with pytest.raises(Retry):
        carry_out(asked.pk)
    WordedAct.objects.update(requested_at=now() - timedelta(days=2))
    carry_out(asked.pk)
    asked.refresh_from_db()
    assert (asked.outcome, asked.tries) == ("refused", 2)


def test_an_account_that_is_lost_is_told(answer: Message, agent: Agent, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("401")
    carry_out(ask_edit(answer.pk, by=agent, text="Il part demain.").pk)
    assert ChannelAccount.objects.get().status == "disconnected"


def test_public_words_are_held_to_what_replies_are_held_to(answer: Message, agent: Agent) -> None:
    with pytest.raises(PersonalDataError):
        ask_edit(answer.pk, by=agent, text="Appelez le 06 12 34 56 78.")
    with pytest.raises(TextTooLongError):
        ask_edit(answer.pk, by=agent, text="x" * 301)
    with pytest.raises(EmptyReplyError):
        ask_edit(answer.pk, by=agent, text="  ")
    with pytest.raises(UnchangedError):
        ask_edit(answer.pk, by=agent, text=answer.text)
    assert ask_edit(answer.pk, by=agent, text="Appelez le 06 12 34 56 78.", personal_data_confirmed=True)


def test_one_thing_at_a_time_is_asked_of_a_message(answer: Message, agent: Agent) -> None:
    ask_edit(answer.pk, by=agent, text="Il part demain.")
    with pytest.raises(CannotModerateError):
        ask_edit(answer.pk, by=agent, text="Il part lundi.")
    with pytest.raises(CannotModerateError):
        ask_network(answer.pk, Moderation.Act.DELETE, by=agent)


@pytest.mark.parametrize("changed", [{"state": "queued"}, {"state": "failed"}, {"deleted_at": now()}])
def test_what_is_not_at_the_network_is_not_changed(answer: Message, agent: Agent, changed: dict[str, object]) -> None:
    Message.objects.filter(pk=answer.pk).update(**changed)
    with pytest.raises(CannotModerateError):
        ask_edit(answer.pk, by=agent, text="Il part demain.")


def test_what_a_customer_wrote_is_not_changed(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(CannotModerateError):
        ask_edit(make_incoming(conversation).pk, by=agent, text="Autre chose")


def test_a_customers_message_is_reported_with_a_comment(
    conversation: Conversation, agent: Agent, fake_network: FakeNetwork
) -> None:
    comment = make_incoming(conversation, text="Insultes")
    carry_out(ask_report(comment.pk, by=agent, comment="Insulte une collègue.").pk)
    assert comment.identity is not None
    assert fake_network.reports == [
        {"id": comment.external_id, "author": comment.identity.external_id, "comment": "Insulte une collègue."}
    ]
    assert told() == ["message.moderation_requested", "message.reported"]


def test_our_own_answers_are_not_reported(answer: Message, agent: Agent) -> None:
    with pytest.raises(CannotModerateError):
        ask_report(answer.pk, by=agent, comment="")


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop")
