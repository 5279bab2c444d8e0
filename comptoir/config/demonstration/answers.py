"""The catalogue of the two invented companies, and what it served for in their week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import rewrite_entry
from comptoir.catalogue.files.reading import read_file
from comptoir.catalogue.importing import carry_out, plan
from comptoir.catalogue.models import CatalogueEntry
from comptoir.catalogue.using import note_uses
from comptoir.conversations.models import Message
from comptoir.core.clock import at_instant, now
from comptoir.desk.answer_outcomes import settle_answer_uses
from comptoir.people.models import Agent

_FILE = Path(__file__).with_name("catalogue.jsonl")
#: Of the brand's conversations with this tag, the entry that answered.
_SERVED = {
    ("maison-lueur", "livraison"): "lueur-colis-retard",
    ("maison-lueur", "casse"): "lueur-casse",
    ("maison-lueur", "conseil"): "lueur-conseil-bureau",
    ("maison-lueur", "facture"): "lueur-facture",
    ("maison-lueur", "garantie"): "lueur-clignote",
    ("maison-lueur", "éloge"): "maison-avis-merci",
    ("maison-lueur", "commande"): "lueur-changer-adresse",
    ("brulerie-du-canal", "livraison"): "canal-commande-retard",
    ("brulerie-du-canal", "conseil"): "canal-mouture",
}
#: Of every so many answers one was written without the catalogue.
_BY_HAND = 4
#: Every so many entries nobody minds one, or its review is due.
_ORPHAN, _LATE = 9, 7


def load_answers() -> None:
    """Bring the catalogue in by the door that files use, let it be minded, and tell what it served for."""
    supervisor = Agent.objects.get(role=Agent.Role.SUPERVISOR)
    reading = read_file(_FILE.read_bytes(), name=_FILE.name)
    with at_instant(now() - timedelta(days=40)):
        carry_out(plan(reading, language="fr", by=None), by=supervisor, approves=True, reason="Reprise de la FAQ")
    _mind(supervisor)
    _propose()
    _serve()
    settle_answer_uses()


def _mind(supervisor: Agent) -> None:
    advisers = list(Agent.objects.filter(role=Agent.Role.AGENT).order_by("pk"))
    manager = Agent.objects.filter(role=Agent.Role.COMMUNITY_MANAGER).first()
    today = now().date()
    for number, entry in enumerate(CatalogueEntry.objects.order_by("pk")):
        serving = [supervisor, *advisers][number % (1 + len(advisers))]
        entry.owner = manager if entry.for_marketing and not entry.for_service else serving
        entry.owner = None if number % _ORPHAN == _ORPHAN - 1 else entry.owner
        entry.review_on = today + timedelta(days=-5 if number % _LATE == _LATE - 1 else 90 + 3 * number)
        entry.save(update_fields=["owner", "review_on"])


def _propose() -> None:
    """An adviser would like a promise to be more careful; a supervisor has not looked yet."""
    entry = CatalogueEntry.objects.select_related("approved_version").get(key="lueur-reparation")
    assert entry.approved_version is not None
    content = Content.of_json(entry.approved_version.content)
    text = content.variants[0].text.replace("sous trois jours ouvrés", "sous cinq jours ouvrés")
    variants = (Variant(text, "fr"), *content.variants[1:])
    adviser = Agent.objects.filter(role=Agent.Role.AGENT).order_by("pk").first()
    reason = "Trois jours ne sont plus tenus depuis la rentrée"
    rewrite_entry(entry.pk, replace(content, variants=variants), by=adviser, reason=reason)


def _serve() -> None:
    entries = dict(CatalogueEntry.objects.values_list("key", "pk"))
    for (brand, tag), key in _SERVED.items():
        said = Message.objects.outgoing().filter(
            account__brand__slug=brand, conversation__tags__name=tag, agent__isnull=False
        )
        rows = said.order_by("sent_at", "pk").select_related("agent")
        for number, message in enumerate(rows):
            if number % _BY_HAND == _BY_HAND - 1:
                continue
            with at_instant(message.sent_at):
                note_uses(
                    [entries[key]], message_id=message.pk, conversation_id=message.conversation_id, text=message.text,
                    by=message.agent,
                )  # fmt: skip
