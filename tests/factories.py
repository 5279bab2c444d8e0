"""Rows for tests, with what each test does not care about filled in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from comptoir.analysis.models import ContactReason, MessageAnalysis, MessageTopic, ReasonExample
from comptoir.analysis.turns import retell_readings
from comptoir.bot.models import Decision
from comptoir.brands.models import Brand
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.people.actions import create_agent
from comptoir.people.models import Agent, Team
from comptoir.sla.models import SLAPolicy

_number = itertools.count(1)


def make_promises() -> None:
    """What every installation promises: each reply within 24 hours, a hand-off accepted within half an hour, an answer
    of an expert within seven working days. Migrations do; an emptied database needs it.
    """
    shipped: dict[str, dict[str, Any]] = {
        "first_reply": {},
        "next_reply": {},
        "hand_off": {"target": timedelta(minutes=30), "is_in_working_time": True},
        "consultation": {
            "target": None,
            "target_working_days": 7,
            "working_week": "to_friday",
            "is_in_working_time": True,
        },
    }
    for position, (promise, fields) in enumerate(shipped.items(), start=8):
        SLAPolicy.objects.get_or_create(
            promise=promise, brand=None, kinds=[], is_public=None, defaults={"position": position} | fields
        )


def make_brand(**fields: Any) -> Brand:
    number = next(_number)
    return Brand.objects.create(**{"name": f"Maison {number}", "slug": f"maison-{number}"} | fields)


def make_team(**fields: Any) -> Team:
    return Team.objects.create(**{"name": f"Service {next(_number)}"} | fields)


def make_agent(*, teams: Iterable[Team] = (), role: str = Agent.Role.AGENT, **fields: Any) -> Agent:
    number = next(_number)
    fields = {"email": f"agent{number}@maison.example", "name": f"Awa Diop {number}"} | fields
    return create_agent(role=role, teams=teams, **fields)


def make_session(agent: Agent) -> str:
    """The cookie of somebody who has signed in."""
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def make_account(
    *,
    kind: str = "fake",
    brand: Brand | None = None,
    team: Team | None = None,
    credentials: dict[str, str] | None = None,
    **fields: Any,
) -> ChannelAccount:
    number = next(_number)
    account = ChannelAccount(
        **{
            "kind": kind,
            "name": f"Compte {number}",
            "own_id": f"us-{number}",
            "brand": brand or make_brand(),
            "team": team or make_team(),
        }
        | fields
    )
    account.credentials = credentials or {}
    account.save()
    AccountHealth.objects.create(account=account)
    return account


def make_identity(*, channel: str = "fake", **fields: Any) -> ContactIdentity:
    number = next(_number)
    contact = fields.pop("contact", None) or Contact.objects.create(name=fields.get("name", f"Cliente {number}"))
    defaults = {"external_id": f"customer-{number}", "handle": f"cliente{number}", "name": f"Cliente {number}"}
    return ContactIdentity.objects.create(contact=contact, channel=channel, **defaults | fields)


def make_conversation(
    *,
    account: ChannelAccount | None = None,
    identity: ContactIdentity | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Conversation:
    account = account or make_account()
    identity = identity or make_identity(channel=account.kind)
    at = at or now()
    defaults = {
        "thread_id": f"thread-{next(_number)}",
        "team": account.team,
        "started_at": at,
        "last_message_at": at,
        "contact": identity.contact,
    }
    return Conversation.objects.create(account=account, identity=identity, **defaults | fields)


def make_incoming(conversation: Conversation, *, text: str = "Bonjour, où est ma commande ?", **fields: Any) -> Message:
    """An incoming message, with the conversation waiting for an answer to it."""
    at = fields.setdefault("sent_at", now())
    message = Message.objects.create(
        **{
            "conversation": conversation,
            "account": conversation.account,
            "direction": "incoming",
            "visibility": "public" if conversation.is_public else "private",
            "external_id": f"in-{next(_number)}",
            "identity": conversation.identity,
            "text": text,
        }
        | fields
    )
    conversation.last_message_at, conversation.last_message_text = at, text[:200]
    conversation.last_incoming_at = at
    conversation.waiting_since = conversation.waiting_since or at
    conversation.save()
    return message


def make_analysis(message: Message, *, reason: ContactReason | None = None, **fields: Any) -> MessageAnalysis:
    """What was read in a message, and its conversation told of it."""
    defaults: dict[str, Any] = {
        "form": "full", "heads": "test", "read_at": now(), "language": "fr", "sentiment": "neutral",
        "sentiment_score": 0.0, "sentiment_confidence": 0.9, "intent": "question", "intent_confidence": 0.8,
        "needs_answer": True, "urgency": 0, "toxicity": 0.01, "spam": 0.01,
    }  # fmt: skip
    analysis = MessageAnalysis.objects.create(message=message, **defaults | fields)
    if reason is not None:
        MessageTopic.objects.create(analysis=analysis, reason=reason, confidence=0.8)
    retell_readings([message.conversation_id])
    return analysis


def make_decision(message: Message, **fields: Any) -> Decision:
    """What the bot decided about a message: nothing, unless said otherwise."""
    defaults: dict[str, Any] = {
        "account": message.account, "decided_at": now(), "mode": "silent", "done": "nothing", "language": "fr",
    }  # fmt: skip
    return Decision.objects.create(message=message, **defaults | fields)


def make_reason(name: str = "", *, examples: Iterable[str] = (), **fields: Any) -> ContactReason:
    reason = ContactReason.objects.create(name=name or f"Motif {next(_number)}", **fields)
    ReasonExample.objects.bulk_create(ReasonExample(reason=reason, text=text) for text in examples)
    return reason


def make_outgoing(
    conversation: Conversation, *, text: str = "Bonjour, je regarde tout de suite.", **fields: Any
) -> Message:
    """An answer of ours that the network has."""
    return Message.objects.create(
        **{
            "conversation": conversation,
            "account": conversation.account,
            "direction": "outgoing",
            "visibility": "public" if conversation.is_public else "private",
            "state": Message.State.SENT,
            "external_id": f"out-{next(_number)}",
            "text": text,
            "sent_at": now(),
        }
        | fields
    )
