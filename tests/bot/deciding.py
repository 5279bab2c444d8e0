"""Deciding without the embedder: what the catalogue says of a message is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from comptoir.bot.deciding import decide_on
from comptoir.bot.models import BotSettings, Decision
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.understanding.deciding.catalogue import Catalogue, Decided
from comptoir.understanding.deciding.certainty import PER_CENTS, Proof, Surety
from comptoir.understanding.deciding.decision import Candidate
from comptoir.understanding.deciding.decision import Decision as Found
from comptoir.understanding.workshop import Workshop
from tests.catalogue.entries import make_entry
from tests.factories import make_account, make_analysis, make_conversation, make_incoming

PROVEN = Surety(0.9, 300, 300, 0.985)
UNPROVEN = Surety(None, 100, 99, 0.94)
PHRASINGS = ("où est mon colis", "ma commande n’est pas là", "suivre ma livraison", "où en est mon paquet", "mon suivi")


def make_bot_account(mode: str = "answers", **fields: Any) -> ChannelAccount:
    account = make_account(kind="fake")
    BotSettings.objects.create(account=account, mode=mode, **fields)
    return account


def make_answerable(**fields: Any) -> CatalogueEntry:
    """An entry that nothing keeps the bot from."""
    defaults: dict[str, Any] = {"answer": "Votre colis arrive sous deux jours.", "phrasings": PHRASINGS}
    return make_entry(**defaults | fields)


def make_question(
    account: ChannelAccount, text: str = "Bonjour, où est mon colis ?", *, conversation: Conversation | None = None,
    **read: Any,
) -> Message:  # fmt: skip
    """A message that was read and asks something."""
    message = make_incoming(conversation or make_conversation(account=account, language="fr"), text=text)
    make_analysis(message, **read)
    return message


def found(entry: CatalogueEntry | None, *, confidence: float = 0.97, **fields: Any) -> Found:
    """What the catalogue says of a message."""
    key = str(entry.pk) if entry else None
    candidates = (Candidate(key, confidence),) if key else ()
    defaults: dict[str, Any] = {"forbidden_by": (), "nearest": "où est mon colis", "language": "fr"}
    return Found("propose" if key else "nothing", key, candidates, confidence if key else 0.0, **defaults | fields)


def proof_of(surety: Surety) -> Proof:
    """The same, whatever share must be right."""
    return Proof(1.0, 0.0, dict.fromkeys(PER_CENTS, surety))


def decided(message: Message, entry: CatalogueEntry | None, *, surety: Surety = PROVEN, **fields: Any) -> Decision:
    """The decision on a message of which the catalogue says ``entry``."""
    return decided_by(proof_of(surety), message, entry, **fields)


def decided_by(proof: Proof, message: Message, entry: CatalogueEntry | None, **fields: Any) -> Decision:
    """The decision where ``proof`` is what the catalogue has proven."""
    decision = decide_on(message.pk, found(entry, **fields), proof, on=date.today())  # a brand's day
    assert decision is not None
    return Decision.objects.get(pk=decision.pk)


class Knows(Workshop):
    """A workshop whose catalogue says the same of every message."""

    def __init__(self, found: Found, surety: Surety = PROVEN) -> None:
        super().__init__()
        self.found, self.surety = found, surety
        self.asked: list[tuple[Sequence[str], Sequence[str]]] = []

    def decide(self, texts: Sequence[str], catalogue: Catalogue, among: Sequence[str]) -> Decided:
        self.asked.append((texts, among))
        return Decided([self.found] * len(texts), proof_of(self.surety))
