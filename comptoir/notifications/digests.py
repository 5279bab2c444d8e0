"""What an agent has not seen for a while, in one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.conversations.reach import readable_by
from comptoir.core.clock import now
from comptoir.notifications.choices import Way, quiet_hours, ways_of
from comptoir.notifications.models import Notice, Notification
from comptoir.notifications.queries import agents_not_mailed, notices_not_mailed
from comptoir.people.models import Agent

#: Whoever sees it on the screen in this time gets no mail; whoever got one gets no other for an hour.
UNSEEN_FOR, NOT_AGAIN_FOR = timedelta(minutes=15), timedelta(hours=1)
_MOST_LINES = 30


def agents_to_mail() -> list[int]:
    """The agents for whom something waits; nobody where no mail can leave."""
    if not settings.EMAIL_HOST:
        return []
    waiting = Notification.objects.filter(seen_at=None, mailed_at=None, at__lt=now() - UNSEEN_FOR)
    lately = Notification.objects.filter(mailed_at__gt=now() - NOT_AGAIN_FOR).values("agent")
    hearing = waiting.exclude(agent__in=lately).values_list("agent", flat=True)
    return sorted({*hearing, *agents_not_mailed(now() - UNSEEN_FOR)})


@transaction.atomic
def mail_digest(agent_id: int) -> bool:
    """Mail one agent what they wanted by mail and have not seen, and what only they can mend; whether there was any.

    The rows are marked in the transaction that sends: a crash between the two may send it twice, and never loses it.
    """
    agent = Agent.objects.select_for_update().select_related("user").filter(pk=agent_id, is_active=True).first()
    quiet = quiet_hours(agent) if agent else None
    if agent is None or (quiet is not None and quiet.covers(now())):
        return False
    waiting = list(
        Notification.objects.filter(agent=agent, seen_at=None, mailed_at=None)
        .select_related("conversation__identity", "conversation__account")
        .order_by("at")
    )
    Notification.objects.filter(pk__in=[one.pk for one in waiting]).update(mailed_at=now())
    wanted = [one for one in waiting if Way.EMAIL in ways_of(agent, one.kind)]
    notices = notices_not_mailed(agent)
    for notice in notices:
        notice.mailed_to.add(agent)
    if not wanted and not notices:
        return False
    theirs = readable_by(agent).filter(pk__in={one.conversation_id for one in wanted})
    readable = set(theirs.values_list("pk", flat=True))
    with translation.override(agent.language):
        lines = [_line(one, is_readable=one.conversation_id in readable) for one in wanted]
        _mail(agent, [*map(_notice, notices), *lines]).send()
    return True


def _mail(agent: Agent, told: Sequence[str]) -> EmailMessage:
    """The customers' own words stay in the counter: a mail may be read by others."""
    count = len(told)
    subject = ngettext("%(count)d matter waits for you", "%(count)d matters wait for you", count) % {"count": count}
    lines = list(told[:_MOST_LINES])
    if count > _MOST_LINES:
        lines.append(_("… and %(count)d more.") % {"count": count - _MOST_LINES})
    end = _("You choose what you are told at %(address)s") % {"address": f"{settings.BASE_URL}/notifications/choices/"}
    return EmailMessage(subject, "\n\n".join([*lines, end]), to=[agent.user.email])


def _line(one: Notification, *, is_readable: bool) -> str:
    when = date_format(localtime(one.at), "j F, H:i")
    if not is_readable:
        return f"{one.get_kind_display()}\n{when}\n{_('The conversation is with others by now.')}"
    where = f"{settings.BASE_URL}/conversations/{one.conversation_id}/"
    return f"{one.get_kind_display()}\n{one.conversation.identity} · {one.conversation.account.name} · {when}\n{where}"


def _notice(notice: Notice) -> str:
    """What a network said is left out, for the same reason."""
    return f"{notice.text}\n{settings.BASE_URL}{notice.path}"
