"""Learning the company's own heads from what its people corrected, in the background.

A correction alone says where the head was wrong, never where it was right; so the messages that people answered and
left as they were count too, as many as there really are of them. A third of all conversations is held out: what was
learnt is kept only if it reads those better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from comptoir.analysis.models import Correction, Figure, TrainedHeads
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.record import record
from comptoir.understanding.adapting import CLASSES, Figures, Lesson
from comptoir.understanding.workshop import Works

#: So many new corrections of one figure are worth learning from.
ENOUGH = 30
#: With fewer corrected messages among those held out, nobody could say whether it is better.
LEAST_HELD_OUT = 5
#: What can be taught to a head; reasons are taught to theirs, and a language is not learnt here.
TAUGHT = tuple(Figure(name) for name in CLASSES)
_HELD_OUT_ONE_IN = 3
_MOST_CORRECTED = 3000
_MOST_LEFT = 600
#: How many of the newest messages are looked through for what people left as it was.
_LOOKED_THROUGH = 10_000

_CORRECTED = """
SELECT DISTINCT ON (correction.message_id) correction.id, message.conversation_id,
    COALESCE(NULLIF(btrim(message.text), ''), message.subject), correction.after
FROM analysis_correction AS correction JOIN conversations_message AS message ON message.id = correction.message_id
WHERE correction.figure = %s AND message.deleted_at IS NULL
ORDER BY correction.message_id DESC, correction.id DESC LIMIT %s
"""
# A message that a person answered was read by them: what they left as it was, was right, or at least not wrong enough.
_LEFT = """
SELECT message.conversation_id, COALESCE(NULLIF(btrim(message.text), ''), message.subject), {shown}
FROM (
    SELECT * FROM analysis_messageanalysis ORDER BY message_id DESC LIMIT %s
) AS analysis JOIN conversations_message AS message ON message.id = analysis.message_id
WHERE NOT %s = ANY(analysis.corrected) AND message.deleted_at IS NULL AND {wanted} AND EXISTS (
    SELECT FROM conversations_message AS answer WHERE answer.conversation_id = message.conversation_id
        AND answer.sent_at > message.sent_at AND answer.direction = 'outgoing' AND answer.agent_id IS NOT NULL)
ORDER BY message.id DESC
"""
_SHOWN = {
    Figure.TOXICITY: "(analysis.toxicity >= 0.5)",
    Figure.SPAM: "(analysis.spam >= 0.5)",
    Figure.TOPIC: "(SELECT reason_id FROM analysis_messagetopic WHERE analysis_id = message.id "
    "ORDER BY confidence DESC, id LIMIT 1)",
}
_WANTED = {Figure.TOPIC: "EXISTS (SELECT FROM analysis_messagetopic WHERE analysis_id = message.id)"}


def new_corrections(figure: Figure) -> int:
    """How many there are that no attempt to learn has known, up to ENOUGH."""
    known = (
        TrainedHeads.objects.filter(figure=figure)
        .order_by("-last_correction")
        .values_list("last_correction", flat=True)
    )
    fresh = Correction.objects.filter(figure=figure, pk__gt=known.first() or 0)
    return fresh[:ENOUGH].count()


def ask_to_learn(figure: Figure) -> None:
    """Have somebody learn, where there is enough to learn from."""
    if figure in (*TAUGHT, Figure.TOPIC) and new_corrections(figure) >= ENOUGH:
        defer("analysis.learn", lock="analysis.learn", only_once="analysis.learn")


@dataclass(frozen=True, slots=True)
class Schooling:
    """What one figure is taught from; ``last`` is the newest correction among it."""

    lessons: Sequence[Lesson]
    corrected: int
    held_out: int
    last: int

    @property
    def is_enough(self) -> bool:
        """Whether enough corrected messages are on both sides, and as many that were right: of errors alone a head
        would learn that everything is one.
        """
        learnt_from = self.corrected - self.held_out
        return min(self.held_out, learnt_from) >= LEAST_HELD_OUT and len(self.lessons) >= 2 * self.corrected


def schooling(figure: Figure) -> Schooling:
    """The corrected messages of a figure, and those that people answered and left as they were."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED, [figure.value, _MOST_CORRECTED])
        corrected = cursor.fetchall()
        shown = _SHOWN.get(figure, f"analysis.{figure.value}")
        cursor.execute(_LEFT.format(shown=shown, wanted=_WANTED.get(figure, "true")), [_LOOKED_THROUGH, figure.value])
        left = cursor.fetchall()
    label = _label_of(figure)
    lessons = [
        Lesson(text, label(after), is_held_out=_is_held_out(conversation), is_corrected=True)
        for _pk, conversation, text, after in corrected
    ]
    weight = max(1.0, len(left) / _MOST_LEFT)
    rest = [
        Lesson(text, label(value), weight=weight, is_held_out=_is_held_out(conversation))
        for conversation, text, value in left[:: max(1, len(left) // _MOST_LEFT)][:_MOST_LEFT]
    ]
    held_out = sum(one.is_held_out for one in lessons)
    return Schooling([*lessons, *rest], len(lessons), held_out, max((row[0] for row in corrected), default=0))


def _label_of(figure: Figure) -> Callable[[object], str]:
    if figure in (Figure.NEEDS_ANSWER, Figure.TOXICITY, Figure.SPAM):
        return lambda value: "yes" if value in (True, "true") else "no"
    return lambda value: "" if value in (None, "null") else str(value).strip('"')


def _is_held_out(conversation_id: int) -> bool:
    """Whole conversations, the same ones every time: what is said twice in one is not on both sides."""
    return conversation_id % _HELD_OUT_ONE_IN == 0


def learn(works: Works, *, at_once: bool = False) -> list[TrainedHeads]:
    """Learn every figure of which there are enough new corrections; ``at_once``: any at all. What came of it."""
    least = 1 if at_once else ENOUGH
    return [attempt for figure in TAUGHT if new_corrections(figure) >= least for attempt in learn_figure(works, figure)]


def learn_figure(works: Works, figure: Figure) -> list[TrainedHeads]:
    """Learn one figure in both forms; nothing where there is too little to judge by."""
    found = schooling(figure)
    if not found.is_enough:
        return []
    attempts = []
    for form in ("full", "light"):
        taught = works.teach_head(figure.value, form, found.lessons, present_head(figure, form))
        is_better = taught.after.share_right > taught.before.share_right
        attempts.append(
            attempt_at(figure, form, found, taught.before, taught.after, taught.adjustment if is_better else None)
        )
    return keep_attempts(attempts)


def present_head(figure: Figure, form: str) -> bytes | None:
    """The coefficients that are used now; None where nothing was learnt yet."""
    kept = TrainedHeads.objects.filter(figure=figure, form=form, is_kept=True).order_by("-id").first()
    return bytes(kept.coefficients or b"") if kept else None


def attempt_at(
    figure: Figure, form: str, found: Schooling, before: Figures, after: Figures, coefficients: bytes | None
) -> TrainedHeads:
    """An attempt with its figures, not kept yet; ``coefficients`` is None where it is not better."""
    return TrainedHeads(
        figure=figure,
        form=form,
        is_kept=coefficients is not None,
        coefficients=coefficients,
        learnt_from=found.corrected - found.held_out,
        last_correction=found.last,
        trained_at=now(),
        texts=after.texts,
        corrected=after.corrected,
        share_before=before.share_right,
        share_after=after.share_right,
        corrected_before=before.corrected_right,
        corrected_after=after.corrected_right,
    )


@transaction.atomic
def keep_attempts(attempts: Sequence[TrainedHeads]) -> list[TrainedHeads]:
    """Store what was tried, and record it."""
    for attempt in attempts:
        attempt.save()
        record(
            "heads.trained",
            subject=attempt,
            figure=attempt.figure,
            form=attempt.form,
            is_kept=attempt.is_kept,
            before=round(attempt.share_before, 4),
            after=round(attempt.share_after, 4),
        )
    return list(attempts)
