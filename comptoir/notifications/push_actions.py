"""Browsers that want to be woken, and waking them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

import httpx
from django.contrib.sessions.models import Session
from django.db import transaction
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.core.http import Purpose, new_public_client
from comptoir.core.tasks import Retry
from comptoir.notifications.choices import Way, ways_of
from comptoir.notifications.models import Notification, PushSubscription
from comptoir.notifications.pushing import PushLaterError, SubscriptionGoneError, push
from comptoir.people.models import Agent

logger = logging.getLogger(__name__)

MOST_BROWSERS = 10
_PREVIEW_CHARS = 120


@transaction.atomic
def subscribe(
    *, agent: Agent, endpoint: str, browser_key: bytes, browser_secret: bytes, session_key: str
) -> PushSubscription:
    """Keep a browser of the agent's; the same browser is kept once, and is whoever's signed in there last."""
    subscription, _made = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "agent": agent,
            "browser_key": browser_key,
            "browser_secret": browser_secret,
            "session_key": session_key,
            "failing_since": None,
        },
    )
    theirs = PushSubscription.objects.filter(agent=agent)
    kept = theirs.order_by("-created_at").values_list("pk", flat=True)[:MOST_BROWSERS]
    theirs.exclude(pk__in=list(kept)).delete()
    return subscription


def unsubscribe(*, agent: Agent, endpoint: str) -> None:
    """Forget a browser of the agent's."""
    PushSubscription.objects.filter(agent=agent, endpoint=endpoint).delete()


def push_to_agent(agent_id: int) -> None:
    """Wake the agent's browsers with what they have not seen. Raises Retry where a service asks for patience."""
    agent = Agent.objects.filter(pk=agent_id, is_active=True, user__is_active=True).first()
    if agent is None:
        return
    told = told_by_push(agent)
    subscriptions = _signed_in(agent)
    if told is None or not subscriptions:
        return
    later: PushLaterError | None = None
    with new_public_client(Purpose.PUSHES) as client:
        for subscription in subscriptions:
            try:
                _push_one(client, subscription, told)
            except PushLaterError as error:
                later = error
    if later is not None:
        raise Retry(after=later.after)


def _unseen(agent: Agent) -> Sequence[Notification]:
    unseen = Notification.objects.filter(agent=agent, seen_at=None).select_related("conversation__identity")
    return [one for one in unseen.order_by("-at")[:50] if Way.PUSH in ways_of(agent, one.kind)]


def _signed_in(agent: Agent) -> Sequence[PushSubscription]:
    """The agent's browsers in which they are still signed in: whoever signed out is told nothing there."""
    subscriptions = list(PushSubscription.objects.filter(agent=agent))
    keys = [one.session_key for one in subscriptions]
    live = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now()).values_list("session_key", flat=True)
    )
    for one in subscriptions:
        if one.session_key not in live:
            one.delete()
    return [one for one in subscriptions if one.session_key in live]


def told_by_push(agent: Agent) -> dict[str, str | int] | None:
    """What a browser of the agent's shows, in their language; None where there is nothing they have not seen."""
    unseen = _unseen(agent)
    if not unseen:
        return None
    with translation.override(agent.language):
        theirs = readable_by(agent).filter(pk__in={one.conversation_id for one in unseen})
        return _payload(unseen, set(theirs.values_list("pk", flat=True)))


def _payload(unseen: Sequence[Notification], readable: Collection[int]) -> dict[str, str | int]:
    """The customer's name and words, and the way to them, where they are still the agent's to read."""
    newest, is_alone = unseen[0], len(unseen) == 1
    is_readable = newest.conversation_id in readable
    about = str(newest.conversation.identity) if is_readable else ""
    lines = [newest.conversation.last_message_text[:_PREVIEW_CHARS]] if is_alone and is_readable else []
    if len(unseen) > 1:
        about = _("%(name)s and others") % {"name": about} if about else ""
        lines = [
            ngettext("%(count)d matter for you", "%(count)d matters for you", len(unseen)) % {"count": len(unseen)}
        ]
    return {
        "title": " · ".join(filter(None, [newest.get_kind_display(), about])),
        "body": "\n".join(lines),
        "url": f"/conversations/{newest.conversation_id}/" if is_alone and is_readable else "/notifications/",
        "tag": f"conversation-{newest.conversation_id}" if is_alone else "several",
        "count": len(unseen),
        "icon": static("comptoir/icons/icon-192.png"),
    }


def _push_one(client: httpx.Client, subscription: PushSubscription, payload: dict[str, str | int]) -> None:
    keys = bytes(subscription.browser_key), bytes(subscription.browser_secret)
    try:
        push(client, subscription.endpoint, keys, payload)
    except (SubscriptionGoneError, ValueError):
        subscription.delete()
    except httpx.HTTPError:
        logger.warning(
            "a push service refused or did not answer", exc_info=True, extra={"subscription": subscription.pk}
        )
        PushSubscription.objects.filter(pk=subscription.pk, failing_since=None).update(failing_since=now())
