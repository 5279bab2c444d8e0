"""What may be laid beside a reply is what the ways that are open here take."""

from __future__ import annotations

import dataclasses

import pytest

from comptoir.connectors.base import Limits
from comptoir.conversations.models import Conversation
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing
from tests.fake_network import Fake, FakeNetwork
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
TAKES_FILES = Limits(max_files=3, file_types=("image/png",))


def most_files(conversation: Conversation) -> str:
    client = client_of(make_agent(teams=[conversation.account.team]))
    page = client.get(f"/conversations/{conversation.pk}/composer/").content.decode()
    return page.partition('data-most-files="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("is_public", "writes_privately", "expected"),
    [(True, False, "0"), (True, True, "3"), (False, False, "3")],
    ids=["in public alone", "in public or in private", "in private alone"],
)
def test_files_are_offered_where_one_of_the_ways_takes_them(
    is_public: bool, writes_privately: bool, expected: str, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "writes_privately", writes_privately)
    monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, max_files=0, private=TAKES_FILES))
    conversation = make_conversation(account=make_account(kind="fake"), is_public=is_public)
    make_incoming(conversation)
    assert most_files(conversation) == expected


@pytest.mark.parametrize(
    ("kept", "said"),
    [({"members_only": True}, "read by all the members of the room"), ({}, "visible to everyone")],
)
def test_who_reads_a_public_answer_is_said_as_the_network_told(kept: dict[str, bool], said: str) -> None:
    account = make_account(kind="matrix", credentials={"homeserver": "https://m.test", "access_token": "t"})
    conversation = make_conversation(account=account, is_public=True, thread_id="!room:m.test")
    make_incoming(conversation, custom=kept)
    agent = make_agent(teams=[account.team], language="en")
    page = client_of(agent).get(f"/conversations/{conversation.pk}/composer/")
    assert said in page.content.decode().partition('id="destination"')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("subject", "kept", "said"),
    [
        ("Lampes", {}, "Public reply on Matrix in “Lampes”, visible to everyone"),
        ("", {}, "Public reply on Matrix, visible to everyone"),
        ("Lampes", {"members_only": True}, "Reply on Matrix in “Lampes”, read by all the members of the room"),
    ],
)
def test_the_room_that_reads_a_public_answer_is_named(subject: str, kept: dict[str, bool], said: str) -> None:
    account = make_account(kind="matrix", credentials={"homeserver": "https://m.test", "access_token": "t"})
    conversation = make_conversation(account=account, is_public=True, thread_id="!room:m.test", subject=subject)
    make_incoming(conversation, custom=kept)
    agent = make_agent(teams=[account.team], language="en")
    page = client_of(agent).get(f"/conversations/{conversation.pk}/composer/").content.decode()
    assert said in page.partition('id="destination"')[2].partition("</p>")[0]


@pytest.mark.parametrize(("chosen", "is_offered"), [("yes", True), ("no", False)])
def test_a_bluesky_account_without_private_messages_offers_none(chosen: str, is_offered: bool) -> None:
    credentials = {"identifier": "us.test", "password": "p", "direct_messages": chosen}
    conversation = make_conversation(account=make_account(kind="bluesky", credentials=credentials), is_public=True)
    client = client_of(make_agent(teams=[conversation.account.team]))
    page = client.get(f"/conversations/{conversation.pk}/composer/").content.decode()
    assert ('value="private"' in page) is is_offered


def way_begun_with(conversation: Conversation) -> str:
    client = client_of(make_agent(teams=[conversation.account.team]))
    page = client.get(f"/conversations/{conversation.pk}/composer/").content.decode()
    return page.partition('data-mode="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("ours", "begun"), [([], "public"), (["private"], "private"), (["private", "public"], "public")]
)
def test_after_words_to_one_person_alone_one_begins_in_private(
    ours: list[str], begun: str, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "writes_privately", True)
    conversation = make_conversation(account=make_account(kind="fake"), is_public=True)
    make_incoming(conversation, visibility="public")
    for visibility in ours:
        make_outgoing(conversation, visibility=visibility)
    assert way_begun_with(conversation) == begun


def test_where_no_second_private_reply_is_taken_one_begins_with_a_note(
    fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "writes_privately", True)
    monkeypatch.setattr(Fake, "writes_privately_once", True)
    conversation = make_conversation(account=make_account(kind="fake"), is_public=True)
    asked = make_incoming(conversation, visibility="public")
    make_outgoing(conversation, visibility="private", parent_external_id=asked.external_id)
    assert way_begun_with(conversation) == "note"


@pytest.mark.parametrize(("kind", "is_offered"), [("fake", True), ("rss", False)])
def test_answers_kept_ready_are_offered_where_a_reply_is_possible(
    kind: str, is_offered: bool, fake_network: FakeNetwork
) -> None:
    conversation = make_conversation(account=make_account(kind=kind))
    make_incoming(conversation)
    client = client_of(make_agent(teams=[conversation.account.team], language="en"))
    page = client.get(f"/conversations/{conversation.pk}/composer/").content.decode()
    assert ('id="composer-canned"' in page) is is_offered
    assert ('placeholder="Write here. / for' in page) is is_offered
