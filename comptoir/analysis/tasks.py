"""Reading behind intake, learning behind that."""

from __future__ import annotations

from datetime import timedelta

from comptoir.analysis import backlog, deepening, naming, teaching, tone, trees
from comptoir.analysis.apart import APART, WorkshopGoneError
from comptoir.core.tasks import Retry, task

_AGAIN_AFTER = timedelta(seconds=20)


@task("analysis.deepen")
def deepen() -> None:
    """Read what is to be read for some seconds, and queue the next turn where there is more."""
    try:
        is_more = deepening.read_on(APART)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error
    if is_more:
        backlog.go_on()


@task("analysis.sweep", every="* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute, put among what is to be read what no event told of: imported history above all."""
    backlog.sweep()


@task("analysis.name_again")
def name_again(brand_id: int) -> None:
    """A brand's list of products and places has changed: look again at what was said lately."""
    naming.name_again(brand_id)


@task("analysis.learn")
def learn() -> None:
    """Learn from what was corrected, where there is enough of it."""
    try:
        teaching.learn(APART)
        trees.learn_topics(APART)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error


@task("analysis.learn_now")
def learn_now() -> None:
    """Learn from whatever was corrected since, because somebody asked for it."""
    try:
        teaching.learn(APART, at_once=True)
        trees.learn_topics(APART, at_once=True)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error


@task("analysis.learn_trees")
def learn_trees() -> None:
    """Learn the trees of reasons that changed."""
    try:
        trees.learn_trees(APART)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error


@task("analysis.read_tones")
def read_tones() -> None:
    """Read the tone of replies that left, and queue the next turn where there are more."""
    try:
        is_more = tone.read_tones(APART)
    except WorkshopGoneError as error:
        raise Retry(after=_AGAIN_AFTER) from error
    if is_more:
        tone.go_on()
