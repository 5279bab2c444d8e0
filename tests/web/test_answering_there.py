"""What the composer says of where a reply goes, and what it lets be laid beside it, network by network."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import Attachment
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.actions import attach_received
from comptoir.conversations.models import Conversation
from tests.factories import make_account, make_conversation, make_incoming
from tests.web import one_counter
from tests.web.conftest import Counter, client_of

counter = one_counter.counter


def page_of(counter: Counter, conversation: Conversation) -> str:
    return client_of(counter.people["agent"]).get(f"/conversations/{conversation.pk}/").content.decode()


def conversation_on(counter: Counter, kind: str, thread_id: str, **fields: object) -> Conversation:
    first = counter.conversation
    account = make_account(kind=kind, brand=first.account.brand, team=first.team)
    conversation = make_conversation(account=account, team=first.team, thread_id=thread_id, **fields)
    make_incoming(conversation)
    return conversation


@pytest.mark.parametrize(
    ("kind", "thread_id", "subject", "said"),
    [
        ("slack", "C0PARTNER", "#atelier-nord", "dans #atelier-nord, lue de tous ceux qui y sont"),
        ("line", "Cgroup", "", "dans un groupe, lue de tous ceux qui y sont"),
        ("line", "Cgroup", "L" * 500, f"dans {'L' * 59}…, lue de tous ceux qui y sont"),
    ],
)
def test_a_reply_where_others_read_along_is_not_said_to_be_for_one_alone(
    counter: Counter, kind: str, thread_id: str, subject: str, said: str
) -> None:
    page = page_of(counter, conversation_on(counter, kind, thread_id, subject=subject))
    assert said in page
    assert "seulement</p>" not in page


@pytest.mark.parametrize(("kind", "thread_id"), [("slack", "D0INES"), ("line", "U4af4980629")])
def test_a_reply_to_one_is_said_to_be_for_them_alone(counter: Counter, kind: str, thread_id: str) -> None:
    assert "seulement</p>" in page_of(counter, conversation_on(counter, kind, thread_id))


@pytest.mark.parametrize(
    ("name", "said"), [("\u202eAlex", "à Alex seulement"), ("A" * 255, f"à {'A' * 59}… seulement")]
)
def test_no_name_turns_or_pushes_away_who_reads(counter: Counter, name: str, said: str) -> None:
    conversation = conversation_on(counter, "line", "U4af4980629")
    ContactIdentity.objects.filter(pk=conversation.identity_id).update(name=name)
    assert said in page_of(counter, conversation)


@pytest.mark.parametrize(("is_public", "takes_files"), [(True, False), (False, True)])
def test_files_are_offered_where_the_way_of_the_reply_takes_them(
    counter: Counter, is_public: bool, takes_files: bool
) -> None:
    conversation = conversation_on(counter, "tiktok", "72", is_public=is_public)
    assert ('id="composer-files"' in page_of(counter, conversation)) is takes_files


def test_a_sticker_without_an_address_is_told_by_what_it_shows(counter: Counter) -> None:
    attach_received(
        make_incoming(counter.conversation), [Attachment("sticker", name="1988", alt_text="merci, sourire")]
    )
    page = page_of(counter, counter.conversation)
    assert "merci, sourire" in page
    assert "n’a pas dit où" not in page


def test_where_it_is_said_is_told_in_full_on_a_line_of_its_own(counter: Counter) -> None:
    page = page_of(counter, conversation_on(counter, "matrix", "!r", subject="<b>Entraide lampes & abat-jour</b>"))
    told = "&lt;b&gt;Entraide lampes &amp; abat-jour&lt;/b&gt;"
    assert f'id="conversation-subject" dir="auto" title="{told}">{told}</p>' in page
