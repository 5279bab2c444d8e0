"""Drift: how right the bot is, entry by entry and week by week; an entry that falls below is taken off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from comptoir.bot.models import BotNote, Decision, EntryRest, EntryTarget
from comptoir.bot.queries import JUDGED, WAS_RIGHT, Share
from comptoir.catalogue.models import CatalogueEntry
from comptoir.core.clock import now
from comptoir.desk.notes import add_note
from comptoir.events.record import Actor, record
from comptoir.understanding.deciding.certainty import USUAL, highest_share

BOT = Actor("bot")
WATCHED = timedelta(weeks=8)
_LATELY = timedelta(weeks=4)
#: An entry is taken off when what was judged lately disproves what is asked of it, with this much doubt and by two at
#: least.
_DOUBT, _LEAST_WRONG = 0.1, 2


def weekly_shares(entry_ids: Sequence[int]) -> Mapping[int, Sequence[tuple[date, Share]]]:
    """Of what the bot answered alone, or would have: the share right of each entry in each week of WATCHED."""
    decisions = Decision.objects.would_answer().filter(JUDGED, entry__in=entry_ids, decided_at__gte=now() - WATCHED)
    rows = (
        decisions.annotate(week=TruncWeek("decided_at"))
        .order_by("week")
        .values_list("entry", "week")
        .annotate(judged=Count("pk"), right=Count("pk", filter=WAS_RIGHT))
    )
    found: dict[int, list[tuple[date, Share]]] = {}
    for entry_id, week, judged, right in rows:
        found.setdefault(entry_id, []).append((week.date(), Share(right, judged)))
    return found


def has_fallen(share: Share, least_per_cent: int = USUAL) -> bool:
    """Whether what was judged disproves that answers are right as often as is asked of them."""
    wrong = share.judged - share.right
    return wrong >= _LEAST_WRONG and highest_share(share.right, share.judged, _DOUBT) < least_per_cent / 100


def watch_entries() -> Sequence[int]:
    """Take entries that have fallen off the bot; the ids of those. Their owners are told by what follows the event."""
    since = now() - _LATELY
    judged = Decision.objects.would_answer().filter(JUDGED, decided_at__gte=since, entry__bot_rest=None).order_by()
    rows = judged.values_list("entry").annotate(judged=Count("pk"), right=Count("pk", filter=WAS_RIGHT))
    shares = {entry_id: Share(right, count) for entry_id, count, right in rows}
    targets = dict(EntryTarget.objects.filter(entry__in=shares).values_list("entry", "least_per_cent"))
    fallen = [(pk, share) for pk, share in shares.items() if has_fallen(share, targets.get(pk, USUAL))]
    return [entry_id for entry_id, share in sorted(fallen) if _take_off(entry_id, share)]


@transaction.atomic
def _take_off(entry_id: int, share: Share) -> bool:
    entry = CatalogueEntry.objects.select_for_update().get(pk=entry_id)
    _rest, is_new = EntryRest.objects.get_or_create(
        entry=entry,
        defaults={
            "since": now(), "cause": EntryRest.Cause.DRIFT, "judged": share.judged, "right": share.right,
        },
    )  # fmt: skip
    if is_new:
        record(
            "entry.taken_off_bot", subject=entry, by=BOT, key=entry.key, owner=entry.owner,
            judged=share.judged, right=share.right,
        )  # fmt: skip
        _tell_owner(entry, share)
    return is_new


def _tell_owner(entry: CatalogueEntry, share: Share) -> None:
    """Address the owner in a note where the entry was last wrong: they hear of it as of any such note."""
    wrong = Decision.objects.would_answer().filter(JUDGED, entry=entry).exclude(WAS_RIGHT)
    last = wrong.select_related("message__conversation__account__brand").order_by("-id").first()
    if last is None or entry.owner is None:
        return
    text = _(
        "@%(owner)s: the bot no longer answers with “%(question)s” by itself. Of %(judged)s answers that were judged "
        "lately, %(right)s were right; here it was wrong. Change the entry, then give it back in Settings › Bot."
    )
    conversation = last.message.conversation
    with override(entry.owner.language):
        words = str(text) % {
            "owner": entry.owner.name, "question": entry.question, "judged": share.judged, "right": share.right,
        }  # fmt: skip
    note = add_note(conversation.pk, text=words, by=None, actor=BOT)
    BotNote.objects.create(note=note, decision=last)
