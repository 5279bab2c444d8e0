"""What the desk does by itself."""

from __future__ import annotations

from comptoir.core.tasks import OUTSIDE, defer, task
from comptoir.desk.answer_outcomes import settle_answer_uses
from comptoir.desk.bulk import go_on
from comptoir.desk.call_backs import tell_overdue
from comptoir.desk.consultation_mails import mail_consultation
from comptoir.desk.consultations import remind_due
from comptoir.desk.knowledge_gaps import find_knowledge_gaps
from comptoir.desk.snoozing import wake_due

_IN_ONE_GO = 100


@task("desk.wake", every="* * * * * */2")
def wake(timestamp: int) -> None:
    """Every two seconds, bring back what was put away until now."""
    while wake_due():
        pass


@task("desk.bulk")
def bulk(bulk_act_id: int) -> None:
    """A part of an act on many conversations; the next part waits its turn behind what others asked for."""
    if go_on(bulk_act_id, most=_IN_ONE_GO):
        defer("desk.bulk", bulk_act_id=bulk_act_id)


@task("desk.mail_consultation", lane=OUTSIDE)
def mail_expert(consultation_id: int, number: int) -> None:
    """Write to an expert outside, the first time or again."""
    mail_consultation(consultation_id, number=number)


@task("desk.remind_experts", every="* * * * * 40")
def remind_experts(timestamp: int) -> None:
    """Once a minute, call to mind what waits for its expert."""
    remind_due()


@task("desk.tell_overdue_call_backs", every="* * * * * 20")
def tell_overdue_call_backs(timestamp: int) -> None:
    """Once a minute, tell of the calls that nobody made in time."""
    tell_overdue()


@task("desk.settle_answer_uses", every="*/10 * * * *")
def settle_uses(timestamp: int) -> None:
    """Every ten minutes, see what came of the catalogue's answers."""
    settle_answer_uses()


@task("desk.find_knowledge_gaps_nightly", every="40 2 * * *", apart=True)
def find_gaps_nightly(timestamp: int) -> None:
    """Once a night, see what the catalogue does not answer."""
    find_knowledge_gaps()


@task("desk.find_knowledge_gaps", apart=True)
def find_gaps(**_nothing: object) -> None:
    """The same, because somebody asked."""
    find_knowledge_gaps()
