"""A counter with two teams, somebody of each role, and one conversation of everything."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker

from comptoir.analysis.models import ContactReason
from comptoir.api.actions import create_token
from comptoir.api.models import ApiToken
from comptoir.automations.models import Automation
from comptoir.bot.models import Decision
from comptoir.brands.models import Brand
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import write_entry
from comptoir.catalogue.models import CannedResponse, CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.files import keep_file
from comptoir.conversations.models import (
    Attachment,
    Consultation,
    Conversation,
    Draft,
    DraftFile,
    HandOff,
    Matter,
    Message,
    Note,
    NoteMention,
)
from comptoir.core.clock import now
from comptoir.desk.consultations import ask_expert
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.matters import open_matter
from comptoir.desk.models import CallBack, InboxView
from comptoir.intake.models import RawDelivery
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Agent, Skill, Team
from comptoir.routing.arranging import add_skill
from comptoir.routing.models import RoutingRule
from comptoir.routing.rules import Terms, create_rule
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import OpeningCalendar, SLAPolicy
from tests.automations.written import automation
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_reason,
    make_session,
    make_team,
)
from tests.fake_network import FakeNetwork
from tests.sharing import made_once

ROLES = ("agent", "community_manager", "expert", "supervisor", "director", "administrator", "reader")


@dataclass
class Counter:
    """What the tests of the screens walk through."""

    team: Team
    account: ChannelAccount
    conversation: Conversation
    incoming: Message
    failed: Message
    uncertain: Message
    queued: Message
    sent: Message
    attachment: Attachment
    delivery: RawDelivery
    shared_view: InboxView
    draft: Draft
    draft_file: DraftFile
    mention: NoteMention
    shared_canned: CannedResponse
    people: dict[str, Agent] = field(default_factory=dict)
    #: Who has signed in already: that takes longer than most requests.
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser in which one of ``people`` is signed in."""
        if who not in self.sessions:
            return client_of(self.people[who])
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    @property
    def brand(self) -> Brand:
        return self.account.brand

    @cached_property
    def colleague(self) -> Agent:
        """Somebody of no role of the table's, to be changed."""
        return make_agent(name="Paul Roy")

    @cached_property
    def hand_off(self) -> HandOff:
        """The conversation, offered to the stranger's team."""
        return offer_hand_off(
            self.conversation.pk, to=self.people["stranger"].teams.get(), asked="Que faire ?", by=self.people["agent"]
        )

    @cached_property
    def consultation(self) -> Consultation:
        """A question to the expert, not answered yet."""
        return ask_expert(
            self.conversation.pk, question="Est-ce couvert ?", expert=self.people["expert"], by=self.people["agent"]
        )

    @cached_property
    def call_back(self) -> CallBack:
        """A call to the customer that waits to be made."""
        telephone = make_account(kind="phone", brand=self.conversation.account.brand, own_id="+33123456789")
        return CallBack.objects.create(
            conversation=self.conversation, account=telephone, number="+33612345678", due_at=now()
        )

    @cached_property
    def matter(self) -> Matter:
        """The conversation, joined to a matter that is nobody's."""
        return open_matter([self.conversation.pk], title="Cafetière en panne", by=None)

    @cached_property
    def api_token(self) -> ApiToken:
        return create_token(name="CRM", agent=self.colleague, scopes=["events:read"])[0]

    @cached_property
    def endpoint(self) -> WebhookEndpoint:
        endpoint = WebhookEndpoint(url="https://crm.example/ici")
        endpoint.secret = "whsec_x"
        endpoint.save()
        return endpoint

    @cached_property
    def calendar(self) -> OpeningCalendar:
        return create_calendar(
            owner=self.team, name="Bureau", time_zone="Europe/Paris", weekly_hours=None, country="FR"
        )

    @cached_property
    def reason(self) -> ContactReason:
        return make_reason("Livraison")

    @cached_property
    def policy(self) -> SLAPolicy:
        """One that was never given."""
        return SLAPolicy.objects.create(promise="resolution", position=20)

    @cached_property
    def rule(self) -> RoutingRule:
        return create_rule(Terms([], [{"kind": "vip", "among": []}]))

    @cached_property
    def automation(self) -> Automation:
        return automation("received", {"act": "tag", "name": "vu"})

    @cached_property
    def skill(self) -> Skill:
        return add_skill(kind="topic", name="Garantie")

    @cached_property
    def drafted_entry(self) -> CatalogueEntry:
        """An entry of customer service's that waits for approval."""
        content = Content("Où est mon colis ?", "fr", (Variant("Il arrive.", "fr"),))
        return write_entry(content, by=self.people["agent"]).entry

    @cached_property
    def decision(self) -> Decision:
        """What the bot decided about the customer's message."""
        return Decision.objects.create(
            message=self.incoming, account=self.account, decided_at=now(), mode="silent", done="noted",
            entry=self.drafted_entry, confidence=0.6, language="fr", text="Il arrive.",
        )  # fmt: skip

    @cached_property
    def session(self) -> UserSession:
        """A place where the colleague is signed in."""
        return UserSession.objects.create(
            user=self.colleague.user, ip="192.0.2.1", session_key="ailleurs", user_agent="Firefox"
        )


def client_of(agent: Agent) -> Client:
    """A browser in which ``agent`` is signed in, with CSRF left off as Django's test client has it."""
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def htmx(target: str = "") -> dict[str, str]:
    return {"HX-Request": "true", **({"HX-Target": target} if target else {})}


@pytest.fixture
def counter(db: None, fake_network: FakeNetwork) -> Counter:
    """One conversation with a message in every state, a file, and a delivery that was set aside."""
    return make_counter()


@pytest.fixture(scope="module")
def counter_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], Counter]]:
    """For modules of many tests (one_counter.py): one counter for all of them; what a test changes in it is undone."""
    with made_once(_counter_with_sessions, django_db_blocker) as copied:
        yield copied


def _counter_with_sessions() -> Counter:
    counter = make_counter()
    counter.sessions = {who: make_session(agent) for who, agent in counter.people.items()}
    return counter


def make_counter() -> Counter:
    """What `counter` gives, where the fake network's connectors are registered."""
    team = make_team(name="Service clients")
    account = make_account(team=team, name="Boutique")
    conversation = make_conversation(account=account)
    incoming = make_incoming(conversation, html="<p>Bonjour</p>")
    kept = keep_file(io.BytesIO(b"bonjour"), declared_type="text/plain")
    attachment = Attachment.objects.create(
        message=incoming, kind="file", state="stored", name="note.txt", mime_type=kept.mime_type,
        size_bytes=kept.size_bytes, sha256=kept.sha256, storage_key=kept.storage_key,
    )  # fmt: skip
    make_analysis(incoming)
    people = {role: make_agent(role=role, teams=[team], name=f"Un {role}") for role in ROLES}
    people["stranger"] = make_agent(role="agent", teams=[make_team(name="Autre")], name="Une autre équipe")
    return Counter(
        team=team,
        account=account,
        conversation=conversation,
        incoming=incoming,
        failed=make_outgoing(conversation, state="failed", external_id=None, failure="Refusé : trop long", custom={}),
        uncertain=make_outgoing(conversation, state="uncertain", external_id=None),
        queued=make_outgoing(
            conversation, state="queued", external_id=None, agent=people["agent"], send_after=now() + timedelta(hours=1)
        ),
        sent=make_outgoing(conversation),
        attachment=attachment,
        draft=Draft.objects.create(
            conversation=conversation, agent=people["community_manager"], text="Chère", visibility="private"
        ),
        draft_file=DraftFile.objects.create(
            conversation=conversation,
            agent=people["agent"],
            name="colis.png",
            storage_key=kept.storage_key,
            mime_type="image/png",
            size_bytes=7,
        ),
        mention=NoteMention.objects.create(
            note=Note.objects.create(conversation=conversation, agent=people["agent"], text="@Un expert ?"),
            conversation=conversation,
            agent=people["expert"],
        ),
        shared_canned=CannedResponse.objects.create(shortcut="delai", title="Délai", text="Sous 48 h."),
        delivery=RawDelivery.objects.create(account=account, body=b"{<script>", state="set_aside", reason="illisible"),
        shared_view=InboxView.objects.create(name="Colis perdus", filters={"view": ["all"], "text": ["colis"]}),
        people=people,
    )
