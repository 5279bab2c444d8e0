"""How the screens put things into words: spans of time, acts, where a reply goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

import phonenumbers
from django.utils import formats, timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from comptoir.connectors.base import MEMBERS_ONLY, Connector, NamesPlaces
from comptoir.connectors.registry import UnknownKindError, connector_class, connector_classes
from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.delivery.actions import last_incoming
from comptoir.desk.taking import ANSWERED
from comptoir.intake.cleaning import one_line
from comptoir.routing.names import language_words
from comptoir.web.queries.occurrences import Occurrence

#: Numbers of this country are shown without it.
_HOME = "FR"
#: Names that strangers gave are cut at this length where what follows them must be read.
_LONGEST_NAME_CHARS = 60


def channel_label(kind: str) -> str:
    """What people call the channel; a kind whose connector is gone keeps its stored name."""
    try:
        return connector_label(connector_class(kind))
    except UnknownKindError:
        return kind


def telephone(number: str) -> str:
    """A number as people write it: at home without its country."""
    try:
        parsed = phonenumbers.parse(number, _HOME)
    except phonenumbers.NumberParseException:
        return number
    at_home = phonenumbers.region_code_for_number(parsed) == _HOME
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form))


def channel_in_line(kind: str) -> str:
    """The same where it stands among other words: « E-mail » does not end one line and begin the next."""
    return channel_label(kind).replace("-", "\u2011")


def connector_label(connector: type[Connector]) -> str:
    """The connector’s own name in the reader’s language; proper names have no translation and stay."""
    names = {"Live chat": _("Live chat"), "E-mail": _("E-mail"), "Telephone": _("Telephone")}
    return names.get(connector.label, connector.label)


def span(length: timedelta) -> str:
    """A span in its largest unit: « 4 min », « 3 h », « 2 j »."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 1:
        return pgettext("span", "now")
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)s h") % {"count": minutes // 60}
    return _("%(count)s d") % {"count": minutes // (24 * 60)}


def _day_of_month(on: date) -> str:
    """Its number as it is written: French has an ordinal for the first, and for no other."""
    return pgettext("the first day of a month", "1") if on.day == 1 else str(on.day)


def _dated(on: date, shape: str) -> str:
    """A date in Django's ``shape``, with its day of the month as it is written."""
    return formats.date_format(on, shape.replace("j", "".join(f"\\{sign}" for sign in _day_of_month(on))))


def long_day(on: date) -> str:
    """« samedi 1er mai 2027 »."""
    return _dated(on, "l j F Y")


def plain_day(on: date) -> str:
    """« 1er mai 2027 »."""
    return _dated(on, "j F Y")


def language_name(code: str) -> str:
    """« fr » → « français », “French”, as one's own language writes it; a code that nobody knows stays as it is."""
    name = language_words(code)
    return name if name == code or (get_language() or "").startswith("en") else name.lower()


def full_instant(at: datetime) -> str:
    """« lundi 3 mars 2025, 14:05:09 »: what Django's "l j F Y, H:i:s" says, at a tenth of its cost."""
    local = timezone.localtime(at)
    return f"{WEEKDAYS[local.weekday()]} {_day_of_month(local)} {MONTHS[local.month]} {local.year}, {local:%H:%M:%S}"


def moment(at: datetime) -> str:
    """Relative under an hour; the time of day today; « lun. 3 mars, 14:05 » beyond, with the year if it is another."""
    local, present = timezone.localtime(at), timezone.localtime(now())
    age = present - local
    if timedelta(0) <= age < timedelta(hours=1):
        minutes = int(age.total_seconds() // 60)
        return (
            ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
            if minutes
            else _("just now")
        )
    if local.date() == present.date():
        return formats.date_format(local, "H:i")
    return _dated(local, _shape_of(local.year == present.year))


def instant_there(at: datetime, zone: tzinfo) -> str:
    """« ven. 22 mai, 18:00 », in another zone than the reader's."""
    local = at.astimezone(zone)
    return _dated(local, _shape_of(local.year == now().astimezone(zone).year))


def _shape_of(is_this_year: bool) -> str:
    return pgettext("date format", "D j M, H:i") if is_this_year else pgettext("date format", "j M Y, H:i")


def day(at: datetime) -> str:
    """The day as a heading: today, yesterday, or its date."""
    local, today = timezone.localtime(at).date(), timezone.localtime(now()).date()
    if local == today:
        return _("Today")
    if local == today - timedelta(days=1):
        return _("Yesterday")
    return _dated(local, "l j F") if local.year == today.year else long_day(local)


def promise_words(due_at: datetime) -> str:
    """What is left of a promise, or for how long it has been broken."""
    left = due_at - now()
    if left >= timedelta(0):
        return _("promised within %(span)s") % {"span": span(left)}
    return _("promise broken %(span)s ago") % {"span": span(-left)}


def call_words(state: str, *, is_ours: bool) -> str:
    """How a telephone call stands, by `Message.call_standing`: « Appel manqué »."""
    if is_ours and state == "ringing_lost":
        return _("We called; how it ended is not known")
    if is_ours and state == "ringing":
        return _("We call")
    if is_ours and state == "missed":
        return _("We called, nobody answered")
    words = {
        "ringing": _("The telephone rings"),
        "answered": _("Call going on"),
        "ended": _("Call answered"),
        "missed": _("Missed call"),
        "voicemail": _("Message left on the voicemail"),
        "ringing_lost": _("It rang; how it ended is not known"),
        "answered_lost": _("Call answered; when it ended is not known"),
    }
    return words.get(state, _("Telephone call"))


def act_words(one: Occurrence) -> str:
    """One act as a sentence: « Awa Diop a confié la conversation à Paul Roy »."""
    named = {"who": _doer(one), "whom": one.whom}
    if one.name.startswith("call_back."):
        named["whom"] = telephone(one.whom) or _("the customer")
    if one.name == "conversation.assigned":
        if not one.whom:
            return _("%(who)s left the conversation to nobody") % named
        if one.who == one.whom and one.reason == ANSWERED:
            return _("%(who)s took the conversation by answering") % named
        if one.who == one.whom:
            return _("%(who)s took the conversation") % named
        return _("%(who)s gave the conversation to %(whom)s") % named
    sentences = {
        "conversation.team_changed": _("%(who)s passed the conversation to the team %(whom)s"),
        "conversation.resolved": _("%(who)s resolved the conversation"),
        "conversation.reopened": _("%(who)s reopened the conversation"),
        "conversation.tagged": _("%(who)s added the tag “%(whom)s”"),
        "conversation.untagged": _("%(who)s removed the tag “%(whom)s”"),
        "conversation.snoozed": _("%(who)s set the conversation aside for a while"),
        "conversation.held": _("%(who)s put the conversation on hold"),
        "conversation.woken": _("The conversation came back"),
        "conversation.merged": _("%(who)s merged another conversation into this one"),
        "conversation.merged_away": _("%(who)s merged this conversation into another one"),
        "conversation.unmerged": _("%(who)s undid the merge"),
        "conversation.parted": _("%(who)s undid the merge"),
        "conversation.moved": _("%(who)s moved the conversation to %(whom)s"),
        "conversation.split": _("%(who)s made a conversation of its own of some messages"),
        "conversation.marked_spam": _("%(who)s marked the conversation as spam"),
        "conversation.cleared_of_spam": _("%(who)s said that this is no spam"),
        "conversation.help_called": _("%(who)s called for help"),
        "clock.breached": _("The promised time passed"),
    }
    named |= {"reason": one.reason, "why": in_words(one.reason), "level": _level(one)}
    return (sentences | _acts_between()).get(one.name, one.name) % named


def _doer(one: Occurrence) -> str:
    if one.is_automations:
        return _("The automation “%(name)s”") % {"name": one.who}
    return one.who or _("The system")


def _level(one: Occurrence) -> str:
    is_known = one.whom.isdecimal() and int(one.whom) in Priority.values
    return str(Priority(int(one.whom)).label).lower() if is_known else one.whom


def _acts_between() -> dict[str, str]:
    """What passes between teams and experts, calls that were asked for, and what is done by itself."""
    return {
        "conversation.priority_raised": _("%(who)s raised the priority: %(level)s"),
        "conversation.priority_lowered": _("%(who)s lowered the priority: %(level)s"),
        "conversation.pointed_out": _("%(who)s pointed the conversation out"),
        "automation.run": _("%(who)s ran. %(why)s"),
        "hand_off.offered": _("%(who)s offered the conversation to the team %(whom)s: “%(reason)s”"),
        "hand_off.accepted": _("%(who)s accepted it for the team %(whom)s"),
        "hand_off.refused": _("%(who)s refused it for the team %(whom)s: “%(reason)s”"),
        "hand_off.answered": _("%(who)s gave it back from the team %(whom)s with an answer"),
        "hand_off.withdrawn": _("%(who)s took it back from the team %(whom)s"),
        "call_back.asked": _("%(who)s put a call to %(whom)s on the list"),
        "call_back.wished": _("The customer asks to be called"),
        "call_back.fell_overdue": _("The customer was not called in time"),
        "call_back.missed": _("The call to %(whom)s was not picked up"),
        "call_back.reached": _("Called on %(whom)s: reached"),
        "call_back.given_up": _("%(who)s gave up calling %(whom)s"),
        "call_back.withdrawn": _("The call to %(whom)s is not needed any more"),
        "consultation.asked": _("%(who)s asked %(whom)s: “%(reason)s”"),
        "consultation.answered": _("%(whom)s answered what was asked"),
        "consultation.withdrawn": _("%(whom)s need not answer any more"),
        "consultation.escalated": _("%(whom)s did not answer in time"),
    }


def destination_words(conversation: Conversation, mode: str) -> str:
    """Where what one writes will go, said where one writes it."""
    channel = channel_in_line(conversation.account.kind)
    if mode == "note":
        return _("Note for colleagues, never seen by the customer")
    if mode == "public":
        return _public_words(conversation, channel)
    if _others_read(conversation):
        place = one_line(conversation.subject, _LONGEST_NAME_CHARS) or _("a group")
        return _("Reply by %(channel)s in %(place)s, read by all who are there") % {"channel": channel, "place": place}
    return _("Private reply by %(channel)s, to %(name)s alone") % {
        "channel": channel,
        "name": one_line(str(conversation.identity), _LONGEST_NAME_CHARS),
    }


def _public_words(conversation: Conversation, channel: str) -> str:
    values = {"channel": channel, "place": _place_name(conversation)}
    if _only_members_read(conversation) and values["place"]:
        return _("Reply on %(channel)s in “%(place)s”, read by all the members of the room") % values
    if _only_members_read(conversation):
        return _("Reply on %(channel)s, read by all the members of the room") % values
    if values["place"]:
        return _("Public reply on %(channel)s in “%(place)s”, visible to everyone") % values
    return _("Public reply on %(channel)s, visible to everyone") % values


def _place_name(conversation: Conversation) -> str:
    """What the room, channel or group is called, where the network has such; elsewhere a subject is what is said."""
    if not issubclass(connector_classes().get(conversation.account.kind, object), NamesPlaces):
        return ""
    return one_line(conversation.subject, _LONGEST_NAME_CHARS)


def _only_members_read(conversation: Conversation) -> bool:
    """As the message told that would be answered."""
    connector = connector_classes().get(conversation.account.kind)
    if connector is None or not connector.has_closed_places:
        return False
    answered = last_incoming(conversation)
    return answered is not None and MEMBERS_ONLY in answered.custom


def _others_read(conversation: Conversation) -> bool:
    try:
        return connector_class(conversation.account.kind).others_read(conversation.thread_id)
    except UnknownKindError:
        return False
