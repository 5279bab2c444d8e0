"""From public to private: asked, opened, joined, solved, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.errors import InvitationUsedError, NoPrivatePlaceError, PrivateAlreadyError
from comptoir.desk.invitation_texts import invitation_text
from comptoir.desk.invitations import follow_invitations, invite_to_private, use_invitation
from comptoir.desk.models import Invitation
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_outgoing
from tests.processes import run_side_by_side

LINK, NETWORK = Invitation.Way.LINK, Invitation.Way.NETWORK


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


@pytest.fixture
def public(db: None) -> Conversation:
    account = make_account(kind="bluesky")
    make_account(kind="chat", brand=account.brand)
    who = make_identity(channel="bluesky", name="Léa Fontaine")
    return make_conversation(account=account, identity=who, is_public=True, language="fr")


def token_of(text: str) -> str:
    return text.rpartition("/private/")[2]


def follow(invitation: Invitation) -> Invitation:
    """Have the whole record followed, over again each time: that changes nothing of what it has told before."""
    follow_invitations(list(Event.objects.order_by("id")))
    invitation.refresh_from_db()
    return invitation


def test_its_words_are_in_the_customers_language_with_a_link(public: Conversation, agent: Agent) -> None:
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    assert asking.text.startswith("Bonjour Léa, ")
    assert f"{settings.BASE_URL}/private/" in asking.text
    assert asking.visibility == "public"


@pytest.mark.parametrize(
    ("language", "word"), [("de-AT", "Guten Tag"), ("pt", "Olá"), ("sv", "Hello"), ("", "Bonjour")]
)
def test_a_language_we_do_not_write_is_asked_in_english(language: str, word: str) -> None:
    assert invitation_text(language, first_name="", link="https://example.org").startswith(word)


def test_the_link_itself_is_not_kept(public: Conversation, agent: Agent) -> None:
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    kept = Invitation.objects.values().get(pk=asking.invitation.pk)
    assert token_of(asking.text) not in str(kept)


def test_what_is_private_needs_none(agent: Agent) -> None:
    with pytest.raises(PrivateAlreadyError):
        invite_to_private(make_conversation().pk, way=LINK, by=agent)


def test_without_a_chat_of_the_brand_there_is_no_link(agent: Agent) -> None:
    alone = make_conversation(account=make_account(kind="bluesky"), is_public=True)
    make_account(kind="chat")  # another brand's
    with pytest.raises(NoPrivatePlaceError):
        invite_to_private(alone.pk, way=LINK, by=agent)


def test_whoever_uses_the_link_is_the_same_contact(public: Conversation, agent: Agent) -> None:
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    chat = public.account.brand.accounts.get(kind="chat")
    use_invitation(token_of(asking.text), account=chat, visitor_id="v-1")
    assert ContactIdentity.objects.get(external_id="v-1").contact == public.contact


def test_it_works_for_one_person_only(public: Conversation, agent: Agent) -> None:
    token = token_of(invite_to_private(public.pk, way=LINK, by=agent).text)
    chat = public.account.brand.accounts.get(kind="chat")
    use_invitation(token, account=chat, visitor_id="v-1")
    use_invitation(token, account=chat, visitor_id="v-1")
    with pytest.raises(InvitationUsedError):
        use_invitation(token, account=chat, visitor_id="v-2")


def test_it_does_not_open_another_brands_chat(public: Conversation, agent: Agent) -> None:
    token = token_of(invite_to_private(public.pk, way=LINK, by=agent).text)
    with pytest.raises(InvitationUsedError):
        use_invitation(token, account=make_account(kind="chat"), visitor_id="v-1")


def test_after_a_week_it_is_over(public: Conversation, agent: Agent) -> None:
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(InvitationUsedError):
        use_invitation(token_of(asking.text), account=public.account.brand.accounts.get(kind="chat"), visitor_id="v-1")


def test_a_browser_that_wrote_before_keeps_its_contact(public: Conversation, agent: Agent) -> None:
    before = make_identity(channel="chat", external_id="v-1")
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    use_invitation(token_of(asking.text), account=public.account.brand.accounts.get(kind="chat"), visitor_id="v-1")
    before.refresh_from_db()
    assert before.contact != public.contact


def join(token: str, account_id: int, visitor: str) -> None:
    """One of several who open the same public link at the same moment."""
    from comptoir.channels.models import ChannelAccount

    try:
        use_invitation(token, account=ChannelAccount.objects.get(pk=account_id), visitor_id=visitor)
    except InvitationUsedError:
        return


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_it_at_once_one_is_the_contact() -> None:
    account = make_account(kind="bluesky")
    chat = make_account(kind="chat", brand=account.brand)
    public = make_conversation(account=account, is_public=True)
    token = token_of(invite_to_private(public.pk, way=LINK, by=make_agent()).text)
    run_side_by_side(join, [(token, chat.pk, f"v-{number}") for number in range(6)], seconds=60)
    assert Invitation.objects.exclude(identity=None).count() == 1
    assert ContactIdentity.objects.filter(contact=public.contact, channel="chat").count() == 1


@pytest.mark.django_db
def test_a_link_is_followed_to_its_end() -> None:
    agent, account = make_agent(), make_account(kind="bluesky")
    chat = make_account(kind="chat", brand=account.brand)
    public = make_conversation(account=account, is_public=True)
    asking = invite_to_private(public.pk, way=LINK, by=agent)
    sent(make_outgoing(public, text=asking.text, visibility="public"))
    assert follow(asking.invitation).sent_at is not None
    use_invitation(token_of(asking.text), account=chat, visitor_id="v-1")
    assert follow(asking.invitation).opened_at is not None
    private = make_conversation(account=chat, identity=ContactIdentity.objects.get(external_id="v-1"))
    received(make_incoming(private, text="Me voici"))
    assert follow(asking.invitation).joined == private
    resolve_conversation(private.pk, by=agent)
    assert follow(asking.invitation).solved_at is not None
    sent(make_outgoing(public, text="C’est réglé, merci", visibility="public", sent_at=now() + timedelta(seconds=1)))
    assert follow(asking.invitation).closed_at is not None
    told = Event.objects.filter(conversation_id=public.pk, name__startswith="invitation.").order_by("id")
    stages = ["prepared", "sent", "used", "joined", "solved", "closed"]
    assert [event.name.partition(".")[2] for event in told] == stages


@pytest.mark.django_db
def test_the_networks_own_message_is_followed_too() -> None:
    agent, account = make_agent(), make_account(kind="bluesky")
    who = make_identity(channel="bluesky")
    public = make_conversation(account=account, identity=who, is_public=True)
    asking = invite_to_private(public.pk, way=NETWORK, by=agent)
    sent(make_outgoing(public, text=asking.text + "Quel est votre numéro ?", visibility="private"))
    private = make_conversation(account=account, identity=who, thread_id="convo-1")
    received(make_incoming(private, text="Le 4411", sent_at=now() + timedelta(seconds=5)))
    assert follow(asking.invitation).joined == private


def sent(message) -> None:  # type: ignore[no-untyped-def]
    from comptoir.events.record import record

    record("message.sent", subject=message)


def received(message) -> None:  # type: ignore[no-untyped-def]
    from comptoir.events.record import record

    record("message.received", subject=message)
