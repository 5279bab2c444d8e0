"""What the bot does by itself, behind everything else."""

from __future__ import annotations

from datetime import timedelta

from comptoir.analysis.apart import Apart, WorkshopGoneError
from comptoir.bot import batches, comparing, drift, following, learning, withdrawing
from comptoir.bot.asking import CATALOGUE
from comptoir.bot.models import DecisionToMake
from comptoir.core.tasks import Retry, task

_AGAIN_AFTER = timedelta(seconds=20)
#: A reader of its own: while a catalogue is put to the proof, messages go on being read.
_DECIDER = Apart()


@task("bot.decide")
def decide() -> None:
    """Decide about what was read, for some seconds, and queue the next turn where there is more."""
    try:
        is_more = batches.decide_what_waits(_DECIDER, CATALOGUE)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error
    if is_more:
        following.go_on()


@task("bot.sweep", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute, go on with what waited to be read thoroughly, or was left behind."""
    if DecisionToMake.objects.exists():
        following.go_on()


@task("bot.withdraw")
def withdraw(conversation_id: int) -> None:
    """Take back what the bot has queued where somebody has answered."""
    withdrawing.withdraw_replies(conversation_id)


@task("bot.withdraw_everything")
def withdraw_everything() -> None:
    """Every bot was stopped: what can still be taken back does not leave."""
    withdrawing.withdraw_everything()


@task("bot.compare", every="*/10 * * * *")
def compare(timestamp: int) -> None:
    """Compare what was decided with what agents answered, and take off what is no longer right."""
    comparing.compare_with_agents()
    drift.watch_entries()


@task("bot.learn_nightly", every="10 3 * * *", apart=True)
def learn_nightly(timestamp: int) -> None:
    """Once a night, draft what agents' own answers teach."""
    learning.learn_from_answers()


@task("bot.learn", apart=True)
def learn(**_nothing: object) -> None:
    """The same, because somebody asked."""
    learning.learn_from_answers()
