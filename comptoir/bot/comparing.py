"""The silent bot's score: what an agent answered by themselves, beside what the bot would have answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from comptoir.bot.models import Comparison, Decision
from comptoir.catalogue.filling import words_between
from comptoir.catalogue.models import EntryUse
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.understanding.folding import folded

#: Nobody answers later than this, or it is another matter.
_WITHIN = timedelta(days=7)
_AT_THE_NETWORK = (Message.State.SENT, Message.State.DELIVERED, Message.State.READ)
_MOST = 500
#: Of an answer's words so many must stand in the agent's, for it to be the same in other words.
_ENOUGH_WORDS, _LEAST_WORDS, _LEAST_WORD_CHARS = 0.8, 4, 4


@transaction.atomic
def compare_with_agents() -> int:
    """Compare what was decided with what agents have sent since; return how many decisions were compared."""
    replies = Message.objects.outgoing().filter(
        conversation=OuterRef("message__conversation"),
        pk__gt=OuterRef("message"),
        agent__isnull=False,
        state__in=_AT_THE_NETWORK,
        deleted_at=None,
    )
    open_ones: Any = Decision.objects.on_entries().filter(comparison=None, reply=None, ruling=None)
    open_ones = open_ones.filter(decided_at__gte=now() - _WITHIN)
    open_ones = open_ones.annotate(reply_id_found=Subquery(replies.order_by("pk").values("pk")[:1]))
    found = list(open_ones.filter(reply_id_found__isnull=False).order_by("pk")[:_MOST])
    texts = dict(Message.objects.filter(pk__in=[_reply_of(one) for one in found]).values_list("pk", "text"))
    used: dict[int, set[int]] = {}
    uses = EntryUse.objects.filter(message_id__in=list(texts), agent__isnull=False)
    for message_id, entry_id in uses.values_list("message_id", "entry_id"):
        used.setdefault(message_id, set()).add(entry_id)
    Comparison.objects.bulk_create(
        (
            Comparison(
                decision=one,
                reply_id=_reply_of(one),
                outcome=_outcome(one, texts[_reply_of(one)], used.get(_reply_of(one), set())),
                compared_at=now(),
            )
            for one in found
        ),
        ignore_conflicts=True,
    )
    return len(found)


def _reply_of(decision: Decision) -> int:
    return int(vars(decision)["reply_id_found"])


def _outcome(decision: Decision, said: str, used: set[int]) -> Comparison.Outcome:
    if used:
        return Comparison.Outcome.SAME if decision.entry_id in used else Comparison.Outcome.OTHER
    return Comparison.Outcome.SAME if _says(decision.text, said) else Comparison.Outcome.UNCLEAR


def _says(answer: str, said: str) -> bool:
    """Whether nearly all words of an answer stand in a reply; never for an answer of a few words."""
    wanted = weighty_words(" ".join(words_between(answer)))
    return len(wanted) >= _LEAST_WORDS and len(wanted & weighty_words(said)) >= _ENOUGH_WORDS * len(wanted)


def weighty_words(text: str) -> set[str]:
    """The longer words of a text, which say what it is about, without accents and capitals."""
    letters = "".join(sign if sign.isalnum() else " " for sign in folded(text))
    return {word for word in letters.split() if len(word) >= _LEAST_WORD_CHARS}
