"""The invented company's telephone and its numbers for texts, and who rang and texted this morning.

The switchboard only tells of calls, and texts leave for a reserved name: nothing rings anywhere, and no text arrives.
All numbers are those that are kept for fiction in France (ARCEP) and in the United Kingdom (Ofcom).
"""

from __future__ import annotations

import io
import math
import secrets
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Attachment, Author, Call, EventKind, NetworkEvent
from comptoir.connectors.base.events import CallState
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import assign_conversation, resolve_conversation
from comptoir.desk.call_backs import ask_call_back, tell_overdue
from comptoir.desk.notes import add_note
from comptoir.intake.actions import receive
from comptoir.people.models import Agent, Team

STANDARD = "+33199001200"
_TEXTS = {"maison-lueur": ("SMS Maison Lueur", "+33639980110"), "brulerie-du-canal": ("SMS Brûlerie", "+33639980120")}
_SENDS_TO = "https://sms.example/envois"
_SAMPLES_A_SECOND = 8000


@dataclass(frozen=True, slots=True)
class _Rang:
    """One call: how long ago (minutes), how it ended, how long it was (seconds), and what was left on the machine."""

    key: str
    number: str
    name: str
    minutes_ago: int
    state: CallState
    seconds: int = 0
    words: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Texted:
    """One text, to the number of a brand."""

    brand: str
    number: str
    minutes_ago: int
    words: str
    language: str = "fr"


_CALLS = (
    _Rang("commande", "+33261910141", "Gérard Lemoine", 168, "ended", 252),
    _Rang("atelier", "+33465710142", "Sophie Arnaud", 96, "ended", 431),
    _Rang("livraison", "+442079460123", "Emily Carter", 64, "missed"),
    _Rang("livraison-2", "+442079460123", "Emily Carter", 38, "missed"),
    _Rang(
        "variateur", "+33536490143", "Bernard Vasseur", 27, "voicemail", 19,
        "Bonjour, Bernard Vasseur à l’appareil. Le variateur de ma lampe Aube grésille depuis hier soir, et je n’ose "
        "plus l’allumer. Pouvez-vous me rappeler avant midi ? Merci, bonne journée.", "fr",
    ),
    _Rang(
        "showroom", "+442079460456", "Daniel Hughes", 9, "voicemail", 11,
        "Hello, Daniel Hughes here. I am in Lyon on Saturday and would like to see the floor lamps. Are you open in "
        "the afternoon? Thank you.", "en",
    ),
)  # fmt: skip
_SAID_BY_TEXT = (
    _Texted("maison-lueur", "+447700900789", 58,
            "Hi, is my lamp ready for pick-up at the Lyon workshop? Order ML-31207. Thanks, Nora", "en"),
    _Texted("maison-lueur", "+33639980151", 33,
            "Bonjour, mon abonnement café de ce mois-ci n’est pas arrivé, commande BC-20418. Que se passe-t-il ?"),
    _Texted("brulerie-du-canal", "+33639980152", 21,
            "Bonjour, peut-on passer à une mouture filtre dès le prochain envoi ? Merci ! Claire"),
)  # fmt: skip


def ring_and_text(lamps: Brand, coffee: Brand, team: Team) -> None:
    """Connect the numbers, and let customers use them. Whoever texts about coffee wrote to the lamps’ number."""
    present = now()
    credentials = {"number": STANDARD, "webhook_secret": secrets.token_urlsafe(24)}
    telephone = connect_account(
        brand=lamps, team=team, kind="phone", name="Standard", credentials=credentials, own_id=STANDARD
    )
    receive(telephone, [_call(one, present) for one in _CALLS])
    for brand in (lamps, coffee):
        said = [one for one in _SAID_BY_TEXT if one.brand == brand.slug]
        receive(_texting(brand, team), [_text(one, present) for one in said])


def see_to_calls() -> None:
    """What colleagues did about them: two were spoken with, one is to be called, one should have been by now."""
    awa, hugo = (Agent.objects.get(user__email=f"{name}@maison-lueur.example") for name in ("awa", "hugo"))
    for key, agent, note in (
        ("commande", hugo, "Deuxième abat-jour ajouté à sa commande, il part avec le premier."),
        ("atelier", awa, "L’atelier garde sa lampe jusqu’à vendredi : je la préviens par courriel."),
    ):
        _spoke(key, agent, note)
    with at_instant(_ago(130)):
        ask_call_back(_about("demo-email-madeleine-1630").pk, number="+33261910144", by=hugo)
    with at_instant(_ago(12)):
        ask_call_back(_about("demo-phone-livraison-2").pk, number="+442079460123", by=awa)
    tell_overdue()


def _spoke(key: str, agent: Agent, note: str) -> None:
    one = next(call for call in _CALLS if call.key == key)
    conversation = _about(f"demo-phone-{key}")
    ended = _ago(one.minutes_ago) + timedelta(seconds=one.seconds)
    with at_instant(ended):
        assign_conversation(conversation.pk, to=agent, by=agent)
    with at_instant(ended + timedelta(minutes=2)):
        add_note(conversation.pk, text=note, by=agent)
        resolve_conversation(conversation.pk, by=agent)


def _about(key: str) -> Conversation:
    return Conversation.objects.get(messages__external_id=key)


def _ago(minutes: int) -> datetime:
    return now() - timedelta(minutes=minutes)


def _texting(brand: Brand, team: Team) -> ChannelAccount:
    name, number = _TEXTS[brand.slug]
    credentials = {"sender": number, "send_url": _SENDS_TO, "webhook_secret": secrets.token_urlsafe(24)}
    return connect_account(brand=brand, team=team, kind="sms", name=name, credentials=credentials, own_id=number)


def _call(one: _Rang, present: datetime) -> NetworkEvent:
    recording = Attachment("audio", name="message.wav", mime_type="audio/wav", content=_murmur(one.seconds))
    return NetworkEvent(
        EventKind.CALL,
        "incoming",
        "private",
        external_id=f"demo-phone-{one.key}",
        thread_id=one.number,
        author=Author(one.number, one.number, one.name),
        text=one.words or None,
        attachments=(recording,) if one.state == "voicemail" else (),
        sent_at=present - timedelta(minutes=one.minutes_ago),
        language=one.language,
        call=Call(one.state, timedelta(seconds=one.seconds) if one.seconds else None),
    )


def _text(one: _Texted, present: datetime) -> NetworkEvent:
    return NetworkEvent(
        EventKind.MESSAGE,
        "incoming",
        "private",
        external_id=f"demo-sms-{one.number}-{one.minutes_ago}",
        thread_id=one.number,
        author=Author(one.number, one.number),
        text=one.words,
        sent_at=present - timedelta(minutes=one.minutes_ago),
        language=one.language,
    )


def _murmur(seconds: int) -> bytes:
    """A voice without words, as long as the message is: there is nobody to record."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(_SAMPLES_A_SECOND)
        written.writeframes(bytes(_samples(seconds * _SAMPLES_A_SECOND)))
    return sound.getvalue()


def _samples(count: int) -> Iterator[int]:
    """Some four syllables a second, the pitch going up and down with the sentence, a breath every few seconds."""
    turn = 0.0
    for number in range(count):
        at = number / _SAMPLES_A_SECOND
        turn += (125 + 20 * math.sin(1.7 * at)) / _SAMPLES_A_SECOND
        tone = sum(math.sin(math.tau * turn * overtone) / overtone for overtone in (1, 2, 3, 5))
        syllable = max(0.0, math.sin(math.tau * 2 * at)) ** 0.6 if at % 4.2 < 3.5 else 0.0
        yield 128 + int(48 * syllable * tone / 2)
