"""Once the reply window is closed, only what the network approved leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client

from comptoir.channels.actions import check_account
from comptoir.channels.models import MessageTemplate
from comptoir.connectors import base, registry
from comptoir.connectors.base import SendsTemplates
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.outgoing import build_outgoing
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import Fake, FakeNetwork
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


class Approving(Fake, SendsTemplates):
    kind, label = "approving", "Approving network"
    limits = dataclasses.replace(Fake.limits, reply_window=timedelta(hours=24))

    def templates(self) -> Sequence[base.MessageTemplate]:
        return [
            base.MessageTemplate("suivi", "fr", "Bonjour {{1}}, votre colis {{2}} est parti.", 2, "APPROVED"),
            base.MessageTemplate("merci", "fr", "{{first_name}}, merci pour {{order}}, {{first_name}}.", 2, "APPROVED"),
            base.MessageTemplate("promo", "fr", "Nos offres", 0, "REJECTED"),
        ]


@pytest.fixture
def conversation(fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    registered = dict(registry.connector_classes()) | {"approving": Approving}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    account = make_account(kind="approving", own_id="us")
    check_account(account)
    conversation = make_conversation(account=account, last_incoming_at=now() - timedelta(days=3))
    make_incoming(conversation, sent_at=now() - timedelta(days=3))
    Conversation.objects.filter(pk=conversation.pk).update(last_incoming_at=now() - timedelta(days=3))
    return conversation


@pytest.fixture
def client(conversation: Conversation) -> Client:
    return client_of(make_agent(teams=[conversation.account.team], language="fr"))


def send(client: Client, conversation: Conversation, *values: str, name: str = "suivi") -> int:
    template = MessageTemplate.objects.get(name=name).pk
    return client.post(
        f"/conversations/{conversation.pk}/templates/", {"template": template, "value": values}
    ).status_code


def test_templates_are_read_when_the_account_is_checked(conversation: Conversation) -> None:
    assert list(MessageTemplate.objects.values_list("name", "is_approved")) == [
        ("merci", True),
        ("promo", False),
        ("suivi", True),
    ]


def test_only_approved_ones_are_offered(client: Client, conversation: Conversation) -> None:
    page = client.get(f"/conversations/{conversation.pk}/templates/").content.decode()
    assert "votre colis" in page
    assert "Nos offres" not in page


def test_where_the_network_no_longer_takes_replies_one_begins_with_a_note(
    client: Client, conversation: Conversation
) -> None:
    address = f"/conversations/{conversation.pk}/composer/"
    assert 'id="composer" data-mode="note"' in client.get(address).content.decode()
    Conversation.objects.filter(pk=conversation.pk).update(last_incoming_at=now())
    assert 'id="composer" data-mode="private"' in client.get(address).content.decode()


def test_a_closed_window_leads_to_them(client: Client, conversation: Conversation) -> None:
    assert (
        f"/conversations/{conversation.pk}/templates/"
        in client.get(f"/conversations/{conversation.pk}/").content.decode()
    )


def test_one_that_is_filled_in_leaves_by_its_name(client: Client, conversation: Conversation) -> None:
    assert send(client, conversation, "Léa", "A-12") == 302
    message = Message.objects.outgoing().get()
    assert message.text == "Bonjour Léa, votre colis A-12 est parti."
    template = build_outgoing(message).template
    assert template is not None
    assert (template.name, template.language, template.values) == ("suivi", "fr", ("Léa", "A-12"))


@pytest.mark.parametrize("values", [(), ("Léa",), ("Léa", " "), ("a", "b", "c")])
def test_a_blank_left_open_sends_nothing(values: tuple[str, ...], client: Client, conversation: Conversation) -> None:
    assert send(client, conversation, *values) == 422
    assert not Message.objects.outgoing().exists()


def test_each_blank_is_called_as_it_stands_in_the_text(client: Client, conversation: Conversation) -> None:
    page = client.get(f"/conversations/{conversation.pk}/templates/").content.decode()
    assert [f"À la place de {{{{{name}}}}}" in page for name in ("1", "2", "first_name", "order")] == [True] * 4


def test_named_blanks_are_filled_in_wherever_they_stand(client: Client, conversation: Conversation) -> None:
    assert send(client, conversation, "Léa", "ce geste", name="merci") == 302
    assert Message.objects.outgoing().get().text == "Léa, merci pour ce geste, Léa."


def test_what_is_filled_in_is_no_blank_itself(client: Client, conversation: Conversation) -> None:
    assert send(client, conversation, "{{2}}", "A-12") == 302
    assert Message.objects.outgoing().get().text == "Bonjour {{2}}, votre colis A-12 est parti."
