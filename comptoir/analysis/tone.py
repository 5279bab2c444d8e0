"""The tone of replies: what an agent may look at while one is written, and what those that left do for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, Sum

from comptoir.analysis.apart import UnreadableError
from comptoir.analysis.models import ReplyTone, ReplyToRead
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.understanding.tone.checking import Checked, Reply
from comptoir.understanding.workshop import Works

#: Of one turn of a customer, the last so many messages are what a reply answers.
_MOST_ANSWERED = 20
_AT_ONCE = 100
_HOLDS_ADDRESSES = {"email": "email", "sms": "phone", "whatsapp": "phone", "phone": "phone", "rcs": "phone"}

_EVERY = Q(pk__isnull=False)
_CRITERIA = {
    "first_name": (Q(uses_first_name=True), Q(uses_first_name__isnull=False)),
    "reassures": (Q(reassures=True), Q(reassures__isnull=False)),
    "next_step": (Q(has_next_step=True), Q(has_next_step__isnull=False)),
    "own_words": (Q(is_stock=False), _EVERY),
    "asks_nothing_known": (Q(asks_for_known=False), _EVERY),
    "no_blame": (Q(blames=False), _EVERY),
    "one_register": (Q(is_mixed=False), _EVERY),
}

_ASK = """
INSERT INTO analysis_replytoread (message_id)
SELECT id FROM conversations_message
WHERE id = ANY(%s) AND direction = 'outgoing' AND agent_id IS NOT NULL AND NOT is_automatic AND text <> ''
ORDER BY id ON CONFLICT DO NOTHING
"""


def reply_in_context(conversation: Conversation, text: str, *, is_public: bool, sent: Message | None = None) -> Reply:
    """A reply with what its writer knows of the customer; of one that was ``sent``, as it was then."""
    return Reply(
        customer_message=words_answered(conversation, sent),
        reply=text,
        first_name=conversation.customer_first_name or None,
        known=_known(conversation),
        public=is_public,
        language=conversation.language.partition("-")[0].lower() or None,
    )


def words_answered(conversation: Conversation, sent: Message | None = None) -> str:
    """What the customer has said since we last answered, or (``sent``) had said when that reply was written."""
    messages = conversation.messages.filter(is_automatic=False, deleted_at=None)
    if sent is not None:
        messages = messages.filter(sent_at__lt=sent.sent_at).exclude(pk=sent.pk)
    before = messages.outgoing().filter(state__in=("sent", "delivered", "read")).order_by("-sent_at", "-pk")
    said = messages.incoming().exclude(text="").order_by("-sent_at", "-pk")
    if last := before.values_list("sent_at", flat=True).first():
        said = said.filter(sent_at__gt=last)
    return "\n".join(reversed(said.values_list("text", flat=True)[:_MOST_ANSWERED]))


def _known(conversation: Conversation) -> dict[str, str]:
    """What the company holds of a customer, by the names that are asked for again."""
    held = {str(name): str(text) for name, text in conversation.contact.attributes.items() if text}
    identities = ContactIdentity.objects.filter(contact=conversation.contact_id, channel__in=_HOLDS_ADDRESSES)
    for channel, address in identities.order_by("pk").values_list("channel", "external_id"):
        held.setdefault(_HOLDS_ADDRESSES[channel], address)
    return held


# --- measuring ---


def ask_to_read_replies(message_ids: Iterable[int]) -> None:
    """Have the tone of replies that left read soon, where a person wrote them."""
    ids = sorted(message_ids)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [ids])
        is_any = bool(cursor.rowcount)
    if is_any:
        go_on()


def go_on() -> None:
    """Have somebody read them; one waits at a time, one reads at a time."""
    defer("analysis.read_tones", lock="analysis.read_tones", only_once="analysis.read_tones")


def read_tones(works: Works) -> bool:
    """Read some of what left and keep what was found; whether there is more. Raises WorkshopGoneError."""
    waiting = list(ReplyToRead.objects.order_by("message_id").values_list("message_id", flat=True)[:_AT_ONCE])
    replies = Message.objects.filter(pk__in=waiting).select_related("conversation__identity", "conversation__contact")
    read = [tone for reply in replies.order_by("pk") if (tone := _tone_of(works, reply)) is not None]
    ReplyTone.objects.bulk_create(read, ignore_conflicts=True)
    ReplyToRead.objects.filter(pk__in=waiting).delete()
    return len(waiting) == _AT_ONCE


def _tone_of(works: Works, sent: Message) -> ReplyTone | None:
    given = reply_in_context(sent.conversation, sent.text, is_public=sent.visibility == "public", sent=sent)
    try:
        checked, _hints = works.tone(given)
    except UnreadableError:
        return None
    return _kept(sent, given, checked)


def _kept(sent: Message, given: Reply, checked: Checked) -> ReplyTone:
    """What does not apply is None: no name to use, nothing that was complained of."""
    complains = bool(checked.complaint_points)
    return ReplyTone(
        message=sent,
        uses_first_name=checked.uses_first_name if given.first_name else None,
        points=min(len(checked.complaint_points), 99),
        points_taken_up=min(len(checked.points_taken_up), len(checked.complaint_points), 99),
        reassures=checked.reassures if complains else None,
        has_next_step=checked.has_next_step_with_time if complains else None,
        is_stock=checked.stock_phrase,
        asks_for_known=checked.asks_for_known_information,
        blames=checked.blames_customer,
        is_mixed=checked.register == "mixed",
        read_at=now(),
    )


@dataclass(frozen=True, slots=True)
class ToneShare:
    """How many replies meet one criterion, of those that it is about."""

    criterion: str
    met: int
    of: int

    @property
    def percent(self) -> int | None:
        """Rounded; None where it is about none."""
        return round(100 * self.met / self.of) if self.of else None


def tone_shares(*, since: datetime) -> list[ToneShare]:
    """What replies do for people that were read ``since``, which they are once they have left: criterion by criterion,
    each said so that more is better. One query.
    """
    counts = {f"met_{name}": Count("pk", filter=met) for name, (met, _of) in _CRITERIA.items()}
    totals = {f"of_{name}": Count("pk", filter=of) for name, (_met, of) in _CRITERIA.items()}
    points = {"of_points": Sum("points", default=0), "met_points": Sum("points_taken_up", default=0)}
    found = ReplyTone.objects.filter(read_at__gte=since).aggregate(**counts, **totals, **points)
    shares = [ToneShare(name, found[f"met_{name}"], found[f"of_{name}"]) for name in _CRITERIA]
    return [shares[0], ToneShare("points_taken_up", found["met_points"], found["of_points"]), *shares[1:]]
