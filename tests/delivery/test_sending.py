"""One attempt, and what follows from the network's answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import Author, Call, EventKind, NetworkEvent
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import release_queue
from comptoir.delivery.models import Attempt
from comptoir.delivery.outcomes import MAX_ATTEMPTS, pause_before
from comptoir.delivery.tasks import deliver
from comptoir.desk.actions import resolve_conversation
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.sla.actions import start_clocks
from comptoir.sla.models import SLAClock
from tests.conversations.files_away import files_away  # noqa: F401  # a fixture
from tests.delivery.conftest import Queue, deliver_due, postponed, reread
from tests.factories import make_conversation, make_incoming, make_outgoing
from tests.fake_network import FakeNetwork


def only_attempt(message: Message) -> Attempt:
    return Attempt.objects.get(message=message)


def event_names(message: Message) -> list[str]:
    return list(
        Event.objects.filter(subject_kind="message", subject_id=message.pk)
        .order_by("pk")
        .values_list("name", flat=True)
    )


def test_an_accepted_reply_is_sent_at_the_networks_time(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.at = datetime(2026, 11, 22, 10, 0, 3, tzinfo=UTC)
    message = deliver_due(queue(conversation, "Bonjour"))
    assert fake_network.texts == ["Bonjour"]
    assert (message.state, message.sent_at, message.external_id) == ("sent", fake_network.at, "net-1")
    assert message.custom == {"kept": str(message.key)}
    attempt = only_attempt(message)
    assert (attempt.outcome, attempt.finished_at is not None) == ("accepted", True)
    assert event_names(message) == ["message.queued", "message.sent"]


def test_a_reply_that_leaves_after_the_conversation_was_closed_keeps_the_promise(
    conversation: Conversation, queue: Queue
) -> None:
    start_clocks({conversation.pk: now() - timedelta(minutes=5)})
    message = queue(conversation, "Bonjour")
    resolve_conversation(conversation.pk, by=None)
    deliver_due(message)
    clock = SLAClock.objects.get(promise="first_reply")
    assert (clock.is_abandoned, clock.breached_at) == (False, None)
    assert clock.stopped_at == reread(message).sent_at


def test_the_network_is_never_called_before_the_attempt_is_written(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fake_network import Fake

    seen: list[tuple[str, object]] = []
    original = Fake.send

    def send(self: Fake, outgoing: object) -> object:
        attempt = Attempt.objects.get()
        seen.append((attempt.message.state, attempt.finished_at))
        return original(self, outgoing)  # type: ignore[arg-type]  # whatever deliver gave

    monkeypatch.setattr(Fake, "send", send)
    deliver_due(queue(conversation))
    assert seen == [("sending", None)]


def test_the_clock_stops_at_the_networks_time_and_nobody_waits(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    start_clocks({conversation.pk: now() - timedelta(minutes=5)})
    fake_network.at = now() - timedelta(seconds=2)
    deliver_due(queue(conversation))
    assert SLAClock.objects.get().stopped_at == fake_network.at
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_a_network_whose_clock_is_behind_stops_the_clock_all_the_same(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    started = conversation.messages.get().sent_at
    start_clocks({conversation.pk: started})
    fake_network.at = started - timedelta(hours=1)
    deliver_due(queue(conversation))
    assert SLAClock.objects.get().stopped_at == started


def test_a_customer_who_wrote_after_the_answer_still_waits(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    message = queue(conversation)
    again = make_incoming(conversation, text="Allô ?", sent_at=now())
    fake_network.at = again.sent_at - timedelta(seconds=1)
    deliver_due(message)
    conversation.refresh_from_db()
    assert conversation.waiting_since == again.sent_at


def test_a_review_that_is_changed_while_its_answer_waits_to_leave_is_not_answered_by_it(
    conversation: Conversation, queue: Queue
) -> None:
    review = make_incoming(conversation, kind="review", sent_at=now() - timedelta(days=1))
    reply = queue(conversation)
    changed = NetworkEvent(
        EventKind.EDIT,
        "incoming",
        target_id=review.external_id,
        text="Pire encore",
        sent_at=now() + timedelta(seconds=1),
    )
    receive(conversation.account, [changed])
    Message.objects.filter(pk=reply.pk).update(send_after=now() - timedelta(seconds=1))
    deliver_due(reply)
    conversation.refresh_from_db()
    assert conversation.waiting_since == changed.sent_at


def test_a_call_that_was_taken_before_the_reply_left_waits_for_nothing(
    conversation: Conversation, queue: Queue
) -> None:
    reply = queue(conversation)
    taken = Author(conversation.identity.external_id)
    call = NetworkEvent(
        EventKind.CALL, "incoming", "private", external_id="call-1", thread_id=conversation.thread_id, author=taken,
        sent_at=now(), call=Call("ended", timedelta(minutes=3)),
    )  # fmt: skip
    receive(conversation.account, [call])
    deliver_due(reply)
    conversation.refresh_from_db()
    assert (conversation.messages.count(), conversation.waiting_since) == (3, None)


def test_a_customer_who_wrote_while_the_reply_waited_to_leave_still_waits(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    start_clocks({conversation.pk: conversation.messages.get().sent_at})
    message = queue(conversation)
    again = make_incoming(conversation, text="Et l'autre colis ?", sent_at=now())
    fake_network.at = again.sent_at + timedelta(minutes=1)
    deliver_due(message)
    conversation.refresh_from_db()
    assert conversation.waiting_since == again.sent_at
    assert [clock.started_at for clock in SLAClock.objects.filter(stopped_at=None)] == [again.sent_at]
    assert conversation.promise_due_at is not None


def test_a_clock_that_began_while_the_reply_waited_to_leave_goes_on(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    message = queue(conversation)
    again = make_incoming(conversation, text="Allô ?", sent_at=now())
    start_clocks({conversation.pk: again.sent_at})
    fake_network.at = again.sent_at + timedelta(minutes=1)
    deliver_due(message)
    clock = SLAClock.objects.get()
    assert (clock.started_at, clock.stopped_at) == (again.sent_at, None)
    conversation.refresh_from_db()
    assert conversation.promise_due_at == clock.due_at


def test_nobody_waits_for_a_late_reply_when_a_later_one_has_answered(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    first = queue(conversation)
    again = make_incoming(conversation, text="Allô ?", sent_at=now())
    make_outgoing(conversation, text="Oui, je regarde.", sent_at=again.sent_at + timedelta(seconds=5))
    fake_network.at = again.sent_at + timedelta(minutes=1)
    deliver_due(first)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_a_reply_is_not_sent_before_its_time(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    message = queue(conversation, send_after=now() + timedelta(seconds=8))
    assert timedelta(seconds=6) < postponed(message) <= timedelta(seconds=8)
    assert fake_network.texts == []


def test_delivering_twice_sends_once(conversation: Conversation, queue: Queue, fake_network: FakeNetwork) -> None:
    message = deliver_due(queue(conversation))
    deliver(message.pk)
    assert len(fake_network.arrived) == 1


@pytest.mark.parametrize("answer", ["500", "429"])
def test_a_network_that_cannot_now_is_asked_again_later(
    answer: str, conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next(answer)
    message = deliver_due(queue(conversation))
    assert (message.state, only_attempt(message).outcome) == ("queued", "later")
    assert message.send_after is not None
    assert message.send_after > now() + timedelta(seconds=1)
    assert message.failure == only_attempt(message).reason != ""
    message = deliver_due(message)
    assert (message.state, message.failure) == ("sent", "")
    assert len(fake_network.arrived) == 1
    assert event_names(message) == ["message.queued", "message.delayed", "message.sent"]


def test_a_network_that_cannot_be_reached_is_asked_again_later(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fake_network import Fake

    monkeypatch.setattr(Fake, "url", "http://127.0.0.1:1")
    message = deliver_due(queue(conversation))
    assert (message.state, only_attempt(message).outcome) == ("queued", "later")


def test_retry_after_is_honoured_for_the_whole_account(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("429:40")
    first = deliver_due(queue(conversation))
    assert first.send_after is not None
    assert timedelta(seconds=38) < first.send_after - now() <= timedelta(seconds=40)
    other = queue(make_conversation(account=conversation.account), "Autre personne")
    assert timedelta(seconds=38) < postponed(other) <= timedelta(seconds=40)
    assert fake_network.texts == []


def test_pauses_double_up_to_an_hour() -> None:
    seconds = [pause_before(number).total_seconds() for number in range(1, MAX_ATTEMPTS)]
    for number, pause in enumerate(seconds, start=1):
        assert 0.75 * min(3600, 2**number) <= pause <= 1.25 * min(3600, 2**number)
    assert timedelta(hours=16) < timedelta(seconds=sum(seconds)) < timedelta(hours=36)


def test_a_network_that_never_can_ends_in_failure_with_its_reason(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next(*["500"] * MAX_ATTEMPTS)
    message = queue(conversation)
    for _attempt in range(MAX_ATTEMPTS):
        assert message.state == "queued"
        message = deliver_due(message)
    assert message.state == "failed"
    assert "The network answered 500." in message.failure
    assert event_names(message)[-1] == "message.failed"


def test_a_refused_reply_fails_with_the_networks_reason(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    message = deliver_due(queue(conversation))
    assert (message.state, message.failure) == ("failed", "The network refused it (400).")
    assert Event.objects.get(name="message.failed").reason == "The network refused it (400)."


def test_a_reply_that_fails_brings_a_resolved_conversation_back(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    message = queue(conversation)
    conversation.refresh_from_db()
    conversation.resolve(now())
    conversation.save()
    deliver_due(message)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", conversation.last_incoming_at)
    assert Event.objects.get(name="conversation.reopened").reason == "The network refused it (400)."


def test_a_reply_that_fails_leaves_a_conversation_resolved_that_a_newer_one_follows(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    message = queue(conversation)
    conversation.refresh_from_db()
    conversation.resolve(now())
    conversation.save()
    make_conversation(account=conversation.account, identity=conversation.identity, thread_id=conversation.thread_id)
    assert deliver_due(message).state == "failed"
    conversation.refresh_from_db()
    assert conversation.status == "resolved"


def test_an_expired_token_stops_the_accounts_queue_and_says_so(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("401")
    message = deliver_due(queue(conversation))
    account = ChannelAccount.objects.get(pk=conversation.account_id)
    assert (message.state, account.status) == ("queued", "disconnected")
    assert AccountHealth.objects.get(account=account).last_error == "The network no longer knows us."
    assert Event.objects.filter(name="account.disconnected").count() == 1
    other = queue(make_conversation(account=account), "Autre personne")
    assert (deliver_due(message).state, deliver_due(other).state) == ("queued", "queued")
    assert Attempt.objects.count() == 1, "nothing is tried while the account is disconnected"


def test_an_expired_token_costs_no_attempt(conversation: Conversation, queue: Queue, fake_network: FakeNetwork) -> None:
    message = queue(conversation)
    for _refusal in range(MAX_ATTEMPTS + 1):
        ChannelAccount.objects.update(status="active")
        fake_network.answer_next("401")
        message = deliver_due(message)
    fake_network.answer_next("500")
    ChannelAccount.objects.update(status="active")
    assert deliver_due(message).state == "queued"


def test_credentials_renewed_while_sending_are_not_blamed(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comptoir.connectors.base import AuthError
    from tests.fake_network import Fake

    def send(self: Fake, outgoing: object) -> object:
        account = ChannelAccount.objects.get()
        account.credentials = {"token": "new"}
        account.save()
        raise AuthError("The old token has expired.")

    monkeypatch.setattr(Fake, "send", send)
    message = deliver_due(queue(conversation))
    assert (message.state, ChannelAccount.objects.get().status) == ("queued", "active")


def test_unreadable_credentials_stop_the_account(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    ChannelAccount.objects.update(encrypted_credentials=b"unreadable")
    message = deliver_due(message)
    assert (message.state, ChannelAccount.objects.get().status) == ("queued", "disconnected")


def test_a_reconnected_account_sends_what_waited_in_order(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    ChannelAccount.objects.update(status="disconnected")
    messages = [queue(conversation, text) for text in ("un", "deux", "trois")]
    ChannelAccount.objects.update(status="active")
    assert release_queue(conversation.account_id) == 3
    for message in messages:
        deliver_due(message)
    assert fake_network.texts == ["un", "deux", "trois"]


def test_a_mistake_before_the_call_is_tried_again(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comptoir.delivery import attempts

    def broken(message: Message) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(attempts, "build_outgoing", broken)
        message = deliver_due(queue(conversation))
    assert (message.state, only_attempt(message).outcome) == ("queued", "later")
    assert "the disk is gone" in only_attempt(message).reason
    assert deliver_due(message).state == "sent"


def test_credentials_that_cannot_be_stored_do_not_undo_what_was_sent(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fake_network import Fake

    def broken(self: Fake) -> None:
        raise OSError("no")

    monkeypatch.setattr(Fake, "renewed_credentials", broken)
    assert deliver_due(queue(conversation)).state == "sent"
    assert len(fake_network.arrived) == 1


def test_a_reply_on_a_network_that_is_no_longer_installed_waits(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    ChannelAccount.objects.update(kind="gone")
    message = deliver_due(message)
    assert message.state == "queued"
    assert "gone" in only_attempt(message).reason


def test_files_arrive(conversation: Conversation, queue: Queue, fake_network: FakeNetwork) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.delivery.test_queueing import PNG

    deliver_due(queue(conversation, files=[SimpleUploadedFile("colis.png", PNG, "image/png")]))
    assert fake_network.arrived[0].said["files"] == ["colis.png"]


def test_the_answered_message_is_named_to_the_network(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    parent = conversation.messages.get()
    message = deliver_due(queue(conversation))
    assert fake_network.arrived[0].said["parent_id"] == parent.external_id == reread(message).parent_external_id


@pytest.mark.usefixtures("files_away")
def test_a_reply_whose_files_cannot_be_read_just_now_leaves_later(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    message = queue(conversation, "Voici.")
    Attachment.objects.create(message=message, kind="file", state="stored", storage_key="aa/b", size_bytes=3)
    message = deliver_due(message)
    attempt = only_attempt(message)
    assert (message.state, attempt.outcome, fake_network.texts) == ("queued", "later", [])
    assert "storage" in attempt.reason
