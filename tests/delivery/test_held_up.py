"""An account from which nothing leaves: it is noticed, an administrator is told, and it goes on by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.delivery.held_up import notice_held_up
from comptoir.delivery.models import Attempt
from comptoir.events.models import Event
from comptoir.notifications.models import Notice
from comptoir.notifications.notices import keep_notices
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due, reread
from tests.factories import make_agent, make_conversation
from tests.fake_network import FakeNetwork

LONG = timedelta(minutes=20)


@pytest.fixture
def put_off(conversation: Conversation, queue: Queue, fake_network: FakeNetwork) -> Message:
    """A reply that the network has not taken for twenty minutes."""
    fake_network.answer_next("500")
    return aged(deliver_due(queue(conversation, "Bonjour")))


def aged(message: Message) -> Message:
    """As if its last attempt had been twenty minutes ago, and the next were in half an hour."""
    Attempt.objects.filter(message=message).update(finished_at=now() - LONG)
    Message.objects.filter(pk=message.pk).update(send_after=now() + timedelta(minutes=30))
    return reread(message)


def names() -> list[str]:
    return list(Event.objects.filter(name__startswith="account.").order_by("pk").values_list("name", flat=True))


def test_it_is_noticed_once_with_its_reason(put_off: Message) -> None:
    assert notice_held_up() == [put_off.account_id]
    assert notice_held_up() == []
    health = AccountHealth.objects.get()
    assert health.unsent_since is not None
    assert health.unsent_since == Attempt.objects.get().finished_at
    assert health.unsent_reason == put_off.failure != ""
    assert names() == ["account.held_up"]
    assert not ChannelAccount.objects.working().exists()


def test_a_quarter_of_an_hour_is_not_yet_trouble(put_off: Message) -> None:
    Attempt.objects.update(finished_at=now() - timedelta(minutes=14))
    assert notice_held_up() == []
    assert ChannelAccount.objects.working().exists()


def test_one_recipient_who_is_not_reached_says_nothing_of_the_account(
    put_off: Message, queue: Queue, agent: Agent
) -> None:
    another = make_conversation(account=put_off.account)
    deliver_due(queue(another, "Voici."))
    assert notice_held_up() == []


def test_what_left_before_is_no_sign_that_anything_leaves_now(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    old = make_conversation(account=conversation.account)
    fake_network.answer_next("500")
    forever = aged(deliver_due(queue(old, "Un domaine qui n’existe plus.")))
    Attempt.objects.filter(message=forever).update(finished_at=now() - timedelta(hours=5))
    left = deliver_due(queue(make_conversation(account=conversation.account), "Parti."))
    Attempt.objects.filter(message=left).update(finished_at=now() - timedelta(hours=1))
    assert notice_held_up() == []
    fake_network.answer_next("500")
    since = aged(deliver_due(queue(conversation, "Bloqué.")))
    assert notice_held_up() == [conversation.account_id]
    assert AccountHealth.objects.get().unsent_since == Attempt.objects.get(message=since).finished_at


def test_an_account_that_is_to_be_reconnected_is_told_as_that_alone(put_off: Message) -> None:
    ChannelAccount.objects.update(status="disconnected")
    assert notice_held_up() == []


def jobs_at_once(message: Message) -> int:
    jobs = ProcrastinateJob.objects.filter(task_name="delivery.deliver", args={"message_id": message.pk})
    return jobs.filter(scheduled_at__gt=now() - timedelta(seconds=10), scheduled_at__lte=now()).count()


def test_once_something_leaves_again_the_rest_need_not_wait_an_hour(put_off: Message, queue: Queue) -> None:
    notice_held_up()
    deliver_due(queue(make_conversation(account=put_off.account), "Voici."))
    ProcrastinateJob.objects.all().delete()
    notice_held_up()
    assert AccountHealth.objects.get().unsent_since is None
    assert AccountHealth.objects.get().unsent_reason == ""
    assert names() == ["account.held_up", "account.leaves_again"]
    due = reread(put_off).send_after
    assert due is not None
    assert due <= now()
    assert jobs_at_once(put_off) == 1


def test_an_administrator_is_told_until_it_leaves_again(put_off: Message, queue: Queue) -> None:
    notice_held_up()
    keep_notices(list(Event.objects.order_by("pk")))
    notice = Notice.objects.get(kind=Notice.Kind.ACCOUNT_HELD_UP)
    assert put_off.account.name in notice.text
    assert in_words(notice.reason) == in_words(put_off.failure)
    deliver_due(queue(make_conversation(account=put_off.account), "Voici."))
    notice_held_up()
    keep_notices(list(Event.objects.order_by("pk")))
    assert Notice.objects.get(kind=Notice.Kind.ACCOUNT_HELD_UP).settled_at is not None


def test_its_page_says_so_and_a_check_that_succeeds_tries_at_once(put_off: Message, client: Client) -> None:
    notice_held_up()
    agent = make_agent(role="administrator")
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/accounts/{put_off.account_id}/").content.decode()
    assert "Rien de ce qui est à envoyer n’est parti depuis" in page
    assert in_words(put_off.failure) in page.replace("&#x27;", "'")
    client.post(f"/accounts/{put_off.account_id}/check/")
    due = reread(put_off).send_after
    assert due is not None
    assert due <= now()
