"""What passes between the invented company's teams and experts this morning, and what the bot would answer.

Hand-offs accepted, refused and waiting; questions to experts inside and by e-mail, one of them late; a matter over two
channels; proposals of the bot to rule on. By the acts that people's own presses use, each at its instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from comptoir.bot.actions import Terms as BotTerms
from comptoir.bot.actions import set_bot
from comptoir.bot.deciding import decide_on
from comptoir.bot.models import Mode
from comptoir.brands.models import Brand
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Consultation, Conversation, Message
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import assign_conversation
from comptoir.desk.consultations import answer_consultation, ask_expert
from comptoir.desk.contact_merging import merge_contacts
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, refuse_hand_off
from comptoir.desk.matters import open_matter
from comptoir.people.models import Agent, Team
from comptoir.sla.actions import record_breaches
from comptoir.sla.policies import Terms, create_policy
from comptoir.understanding.deciding.certainty import Proof
from comptoir.understanding.deciding.decision import Candidate
from comptoir.understanding.deciding.decision import Decision as Found

#: What the catalogue would answer to this morning's words, by the message's key: the entry, and how sure that is.
_PROPOSED = {
    "demo-email-garantie-95": ("lueur-clignote", 0.81),
    "demo-email-facture-220": ("lueur-facture", 0.74),
    "demo-chat-visiteur-1-4": ("lueur-kelvins", 0.62),
    "demo-bluesky-aube-colis-12": ("lueur-colis-retard", 0.69),
    "demo-chat-visiteur-2-32": ("lueur-boutiques", 0.77),
    "demo-bluesky-lancement-51": ("lueur-livraison-etranger", 0.58),
}
_BOT_ON = ("chat", "email", "bluesky")
#: Days after which the atelier still owes its word.
_ASKED_DAYS_AGO = 6


class _Morning:
    """The people, and this morning's conversations by their thread."""

    def __init__(self) -> None:
        by_address = {agent.user.email: agent for agent in Agent.objects.select_related("user")}
        self.awa, self.hugo, self.ines, self.tomas, self.jeanne = (
            by_address[f"{name}@maison-lueur.example"] for name in ("awa", "hugo", "ines", "tomas", "jeanne")
        )
        self.present = now()

    def about(self, key: str) -> Conversation:
        """Where a message of this morning was said."""
        return Conversation.objects.get(messages__external_id=f"demo-{key}")

    def ago(self, minutes: int) -> datetime:
        return self.present - timedelta(minutes=minutes)


def pass_between(teams: Mapping[str, Team]) -> None:
    """All of it. What was said this morning is there and read."""
    morning = _Morning()
    _promise_experts()
    _hand_off(morning, teams)
    _join(morning)
    _consult(morning)
    _propose(morning)
    record_breaches()


def _promise_experts() -> None:
    """The atelier answers its own company sooner than the field's seven days."""
    brand = Brand.objects.get(slug="maison-lueur")
    create_policy(Terms("consultation", target_working_days=2, working_week="to_friday", brand_id=brand.pk))


def _hand_off(morning: _Morning, teams: Mapping[str, Team]) -> None:
    atelier, communication = teams["experts"], teams["marketing"]
    flickers, sweden = morning.about("email-garantie-95"), morning.about("bluesky-lancement-51")
    bulbs, third_time = morning.about("chat-visiteur-1-4"), morning.about("email-madeleine-1630")
    with at_instant(morning.ago(80)):
        asked = "Est-ce le transformateur ou l’ampoule ? Répondez-lui en allemand, je relis volontiers."
        flickering = offer_hand_off(flickers.pk, to=atelier, asked=asked, by=morning.awa)
    with at_instant(morning.ago(62)):
        accept_hand_off(flickering.pk, by=morning.tomas)
    with at_instant(morning.ago(55)):
        glass = "Le verre de sa suspension est fendu depuis trois semaines : réparable, ou part-il un neuf ?"
        offer_hand_off(third_time.pk, to=atelier, asked=glass, by=morning.hugo)
    with at_instant(morning.ago(44)):
        asked = "Can you tell him when we ship to Sweden? He writes under your post."
        shipping = offer_hand_off(sweden.pk, to=communication, asked=asked, by=morning.hugo)
    with at_instant(morning.ago(31)):
        reason = "No date yet for Sweden: the delivery team knows, we do not. Please ask them."
        refuse_hand_off(shipping.pk, reason=reason, by=morning.ines)
    with at_instant(morning.ago(2)):
        asked = "Elle lit le soir, et hésite entre 2700 K et 3000 K. Que conseille-t-on ?"
        offer_hand_off(bulbs.pk, to=atelier, asked=asked, by=morning.awa)


def _join(morning: _Morning) -> None:
    """Madeleine wrote three times, and comes to the chat as well: one person, one matter."""
    mail, chat = morning.about("email-madeleine-1630"), morning.about("chat-visiteur-5-25")
    with at_instant(morning.ago(20)):
        merge_contacts(mail.contact_id, chat.contact_id, reason="Même nom, même suspension", by=morning.hugo)
        title = "Suspension « Aube » au verre fendu"
        open_matter([mail.pk, chat.pk], title=title, by=morning.hugo)


def _consult(morning: _Morning) -> None:
    oldest = Conversation.objects.live().filter(
        account__brand__slug="maison-lueur", messages__external_id__startswith="week-"
    )
    overdue = oldest.order_by("started_at", "pk").distinct().first()
    if overdue is not None:
        with at_instant(max(overdue.started_at + timedelta(hours=1), _days_ago(morning, _ASKED_DAYS_AGO))):
            assign_conversation(overdue.pk, to=morning.awa, by=morning.awa)
            asked = "Le client a des photos : est-ce un défaut de série, comme en mars ?"
            ask_expert(overdue.pk, question=asked, expert=morning.tomas, by=morning.awa)
    invoice, code = morning.about("email-facture-220"), morning.about("chat-visiteur-4-1300")
    with at_instant(morning.ago(150)):
        asked = "Peut-on rééditer une facture de septembre à une autre raison sociale ?"
        ask_expert(invoice.pk, question=asked, expert=morning.jeanne, by=morning.hugo)
    with at_instant(morning.ago(1280)):
        asked = "Are welcome codes of the shop valid for a second order? A customer says theirs has expired."
        outside = ask_expert(
            code.pk, question=asked, email="support@boutique-en-ligne.example", name="Shop support", language="en",
            by=morning.awa,
        )  # fmt: skip
    with at_instant(morning.ago(1190)):
        answer = "No: one order each. We have made this one valid until Sunday; yours to give away."
        answer_consultation(outside.pk, text=answer, way=Consultation.Way.EMAIL)


def _days_ago(morning: _Morning, days: int) -> datetime:
    at = morning.present.astimezone(ZoneInfo("Europe/Paris")) - timedelta(days=days)
    return at.replace(hour=10, minute=12, second=0, microsecond=0)


def _propose(morning: _Morning) -> None:
    """The bot proposes, and answers nothing by itself."""
    for account in ChannelAccount.objects.filter(brand__slug="maison-lueur", kind__in=_BOT_ON).order_by("pk"):
        set_bot(account.pk, BotTerms(Mode.PROPOSES, "always", 3, 200, {}), by=morning.jeanne)
    entries = dict(CatalogueEntry.objects.values_list("key", "pk"))
    said = {message.external_id: message for message in Message.objects.filter(external_id__in=_PROPOSED)}
    for key, (entry, confidence) in _PROPOSED.items():
        found = Found(
            "propose", str(entries[entry]), (Candidate(str(entries[entry]), confidence),), confidence, (),
            language=said[key].language or "fr",
        )  # fmt: skip
        decide_on(said[key].pk, found, Proof(1.0, 0.0, {}), on=morning.present.date())
