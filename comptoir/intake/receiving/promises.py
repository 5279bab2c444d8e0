"""What a batch makes of the promises: begun, kept, given up, paused and taken up again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.wishes import refusing
from comptoir.core.clock import now
from comptoir.intake.receiving.rows import Exchange
from comptoir.intake.receiving.totals import Waiting, stop_waiting, waiting_in_new
from comptoir.sla.actions import abandon_clocks, start_clocks, stop_clocks
from comptoir.sla.recomputing import reopen_clocks, settle_pauses


def follow_promises(
    account: ChannelAccount,
    waiting: Waiting,
    *,
    begun: Sequence[Exchange],
    spoke_again: Mapping[int, datetime],
    resolved: Collection[int],
    answers: Sequence[tuple[int, datetime]],
    concerned: Iterable[int],
) -> None:
    """Have the clocks follow who spoke last.

    ``begun`` are the new conversations; ``spoke_again`` says when the customer took up one that rested, of which
    ``resolved`` were; ``answers`` when one was answered. Whoever of those ``concerned`` asked not to be written to is
    owed nothing.
    """
    reopen_clocks({pk: at for pk, at in spoke_again.items() if pk in resolved})
    refused = refusing(account, [*concerned, *(exchange.id for exchange in begun)])
    stop_waiting(refused)
    began = {pk: at for pk, at in {**waiting.began, **waiting_in_new(begun)}.items() if pk not in refused}
    start_clocks(began)
    for conversation_id, at in sorted(answers):
        stop_clocks(conversation_id, at)
    ended = (*waiting.ended, *refused)
    for conversation_id in ended:
        abandon_clocks(conversation_id)
    # Who spoke last, and when, says whether and since when we wait for the customer.
    answered = dict(sorted(answers, key=itemgetter(1)))
    settle_pauses({**dict.fromkeys(ended, now()), **spoke_again, **answered, **began})
