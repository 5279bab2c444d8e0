"""Rows for the styleguide: never saved, made to show what is hard to lay out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.web.queries.inbox.rows import Row

#: No real conversation has such an id.
_FIRST_ID = 9_000_000_000_000_000
_NAMES = ("Awa Diop", "Donaudampfschifffahrtsgesellschaftskapitänswitwe Schmidt-Rottluff", "مريم بن علي", "😡")


def sample_rows() -> tuple[Conversation, list[Row]]:
    """One conversation, and rows of a list: waiting, promised soon, broken, resolved."""
    rows = [_row(number, name) for number, name in enumerate(_NAMES, start=1)]
    return _conversation(), rows


def _conversation() -> Conversation:
    contact = Contact(pk=1, name=_NAMES[0])
    return Conversation(
        pk=_FIRST_ID + 1,
        account=ChannelAccount(pk=1, kind="mastodon", name="Maison", status="active"),
        contact=contact,
        identity=ContactIdentity(pk=1, contact=contact, channel="mastodon", external_id="1", name=contact.name),
        is_public=True,
        started_at=now(),
        last_message_at=now(),
    )


def _row(number: int, name: str) -> Row:
    is_resolved = number == len(_NAMES)
    due_in = {1: timedelta(hours=3), 2: timedelta(minutes=5), 3: -timedelta(minutes=40)}.get(number)
    due_at = now() + due_in if due_in else None
    return Row(
        pk=_FIRST_ID + number,
        name=name,
        channel="mastodon" if number % 2 else "email",
        account="Maison",
        owner="Paul Roy" if number == 2 else None,
        status="resolved" if is_resolved else "open",
        is_public=number % 2 == 1,
        subject="",
        last_message_text=_("Good morning, where is my order? It was promised for last Tuesday."),
        last_message_at=now() - timedelta(hours=number),
        waiting_since=None if is_resolved else now() - timedelta(minutes=17 * number),
        promise_due_at=due_at,
        snoozed_until=None,
        resolved_at=now() if is_resolved else None,
        tags=["livraison", "urgent", "SAV"][: number - 1],
        promise_started_at=now() - timedelta(hours=1) if due_at else None,
        promise_ends_at=due_at,
        said_direction="incoming",
        said_state="received",
        said_automatically=False,
        said_by=None,
        said_by_name=None,
        has_files=number == 3,
        has_unread=number == 1,
        urgency={2: 3, 3: 2}.get(number),
        priority={1: 2, 3: 3}.get(number, 1),
    )


def sample_messages(conversation: Conversation) -> list[Message]:
    """Our answer in every state it can be in."""
    return [
        Message(
            pk=number,
            conversation=conversation,
            account=conversation.account,
            direction="outgoing",
            visibility="public",
            state=state,
            text=_("I am looking into it."),
            failure=_("The network refused it (400).") if state == "failed" else "",
            sent_at=now(),
        )
        for number, state in enumerate(Message.State.values, start=1)
        if state != Message.State.RECEIVED
    ]


def sample_exchange(conversation: Conversation) -> list[dict[str, Any]]:
    """What a customer says and what we answer, as an exchange shows them."""
    words = _("Good morning, where is my order? It was promised for last Tuesday.")
    said = [("incoming", "public", words), ("incoming", "public", "😡"), ("outgoing", "private", _NAMES[2] * 3)]
    return [
        {
            "message": Message(
                pk=_FIRST_ID + number,
                conversation=conversation,
                account=conversation.account,
                identity=conversation.identity if direction == "incoming" else None,
                direction=direction,
                visibility=visibility,
                state=Message.State.READ if direction == "outgoing" else Message.State.RECEIVED,
                text=text,
                sent_at=now() - timedelta(minutes=30 - number),
            ),
            "starts_run": number != 1,
        }
        for number, (direction, visibility, text) in enumerate(said)
    ]
