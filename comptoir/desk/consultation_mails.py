"""Writing to an expert outside: from a mailbox of the brand, so that answering is replying; else by the installation's
own mail server, with the link alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.channels.connecting import opened
from comptoir.channels.mailboxes import KIND, writing_mailboxes
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, ConnectorError, Outgoing, SendsMessages, TransientError
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.models import Consultation
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.lines import on_one_line
from comptoir.core.tasks import Retry
from comptoir.desk.consultation_links import link_address
from comptoir.events.record import record

_AGAIN_AFTER = timedelta(minutes=5)


def mail_consultation(consultation_id: int, *, number: int) -> None:
    """Mail the question, or (``number`` > 0) call it to mind. What cannot leave is told to whoever asked, with why: the
    link can be handed over in another way. Raises Retry where a server asks for patience.
    """
    related = Consultation.objects.open().select_related("asked_by", "conversation__account__brand")
    consultation = related.filter(pk=consultation_id).first()
    if consultation is None or consultation.reminder_count > number:
        return  # answered meanwhile, or a later word is on its way
    mailbox = mailbox_for(consultation)
    with translation.override(consultation.language):
        if mailbox is not None:
            _by_mailbox(consultation, mailbox, number)
        elif settings.EMAIL_HOST:
            _by_own_server(consultation, number)
        else:
            note_unreached(consultation, gettext_noop("No mailbox is connected from which it could leave."))


def can_be_mailed(consultation: Consultation) -> bool:
    """Whether there is a mailbox, or a mail server of the installation's, from which a question could leave."""
    return bool(settings.EMAIL_HOST) or any(writing_mailboxes(ChannelAccount.objects.all()))


def mailbox_for(consultation: Consultation) -> ChannelAccount | None:
    """The conversation's own account where it is a mailbox, else the brand's first, else any: of those with which
    nothing is amiss. Where something is with each, one of them is tried all the same, unless a server of our own is
    there: it may be over by then, and whoever asked is told if not.
    """
    account = consultation.conversation.account
    writing = _nearest(account, list(writing_mailboxes(ChannelAccount.objects.all())))
    if writing is not None or settings.EMAIL_HOST:
        return writing
    return _nearest(account, ChannelAccount.objects.active().filter(kind=KIND).order_by("pk"))


def _nearest(account: ChannelAccount, mailboxes: Iterable[ChannelAccount]) -> ChannelAccount | None:
    def distance(mailbox: ChannelAccount) -> int:
        return 0 if mailbox.pk == account.pk else 1 if mailbox.brand_id == account.brand_id else 2

    return min(mailboxes, key=distance, default=None)


def _by_mailbox(consultation: Consultation, mailbox: ChannelAccount, number: int) -> None:
    outgoing = Outgoing(
        key=f"question-{consultation.pk}-{number}",
        queued_at=consultation.asked_at if number == 0 else localtime(),
        text=_text(consultation, number, may_reply=True),
        visibility="private",
        recipient=Author(id=consultation.outside_email, name=consultation.outside_name or None),
        thread_token=consultation.mail_token,
        subject=_subject(consultation, number),
        language=consultation.language,
        sender_name=_sender(consultation),
    )
    try:
        with opened(mailbox) as connector:
            assert isinstance(connector, SendsMessages)  # of kind email
            connector.send(outgoing)
        Consultation.objects.filter(pk=consultation.pk).exclude(mail_failure="").update(mail_failure="")
    except TransientError as error:
        raise Retry(after=error.retry_after or _AGAIN_AFTER) from error
    except ConnectorError as error:
        note_unreached(consultation, error.reason)
    except (UnknownKindError, UnreadableSecretError):
        note_unreached(consultation, gettext_noop("The mailbox cannot be opened: reconnect it."))


def _by_own_server(consultation: Consultation, number: int) -> None:
    text = _text(consultation, number, may_reply=False)
    try:
        EmailMessage(_subject(consultation, number), text, to=[consultation.outside_email]).send()
    except (OSError, SMTPException) as error:
        raise Retry(after=_AGAIN_AFTER) from error


@transaction.atomic
def note_unreached(consultation: Consultation, reason: str) -> None:
    """The mail could not leave, or came back: whoever asked hears why. The same reason again is no news."""
    still = Consultation.objects.open().filter(pk=consultation.pk).exclude(mail_failure=reason)
    if not still.update(mail_failure=reason):
        return
    record("consultation.unsent", subject=consultation, reason=reason, asked_by=consultation.asked_by_id)


def _sender(consultation: Consultation) -> str:
    brand: str = consultation.conversation.account.brand.name
    return f"{consultation.asked_by.name} ({brand})" if consultation.asked_by else brand


def _subject(consultation: Consultation, number: int) -> str:
    words = on_one_line(consultation.question)
    short = words if len(words) <= 60 else f"{words[:59]}…"
    return (_("Reminder: {question}") if number else _("A question for you: {question}")).format(question=short)


def _text(consultation: Consultation, number: int, *, may_reply: bool) -> str:
    clock = consultation.clocks.first()
    lines = [
        _("Hello {name},").format(name=consultation.outside_name) if consultation.outside_name else _("Hello,"),
        _("{sender} still waits for your opinion:").format(sender=_sender(consultation))
        if number
        else _("{sender} asks for your opinion:").format(sender=_sender(consultation)),
        consultation.question,
        _("Reply to this mail, or answer here: {address}").format(address=link_address(consultation))
        if may_reply
        else _("Answer here: {address}").format(address=link_address(consultation)),
    ]
    if clock is not None:
        lines.append(_("An answer is hoped for by {day}.").format(day=date_format(localtime(clock.due_at), "j F Y")))
    lines.append(_("This link is for you alone: it shows this question and nothing else, and takes one answer."))
    return "\n\n".join(lines)
