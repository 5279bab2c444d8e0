"""`comptoir sla due`: when a promise is due, and why; one JSON line in, one out, nothing stored, Django not loaded.
`comptoir sla explain ID`: the same of what was promised in a conversation, or of another subject (`--of matter`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.core.reasons import said, template
from comptoir.sla.cases import Case, CaseError, case_from
from comptoir.sla.clock import NeverDueError, due_after, due_after_working_days
from comptoir.sla.telling import sentences

if TYPE_CHECKING:
    from comptoir.sla.queries import Given

#: Of what something may have been promised, and what is said where there is none; the first where nothing else is.
_MISSING = {
    "conversation": template("There is no conversation {number}."),
    "hand-off": template("There is no hand-off {number}."),
    "consultation": template("There is no consultation {number}."),
    "matter": template("There is no matter {number}."),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two things one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    due = names.add_parser("due", help=_("say when each promise read from the standard input is due, and why"))
    explain = names.add_parser("explain", help=_("say what was promised, and why until then"))
    explain.add_argument("number", type=int, metavar="ID", help=_("the number, as in the address or the API"))
    explain.add_argument(
        "--of",
        choices=tuple(_MISSING),
        default="conversation",
        help=_("what the number is of; a conversation’s where it is not said"),
    )
    for one in (due, explain):
        one.add_argument("--json", action="store_true", help=_("one JSON object for each"))


def run(options: argparse.Namespace) -> int:
    """Answer line by line; 1 where one of them could not be understood."""
    if options.what == "explain":
        return _explain(options.of, options.number, as_json=options.json)
    failed = False
    for line in sys.stdin.buffer:
        answer = _answered(line)
        failed |= "error" in answer
        text = json.dumps(answer, ensure_ascii=False) if options.json else _in_words(answer)
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0


def _answered(line: bytes) -> dict[str, Any]:
    try:
        case = case_from(json.loads(line))
        due = _due(case)
    except CaseError as error:
        return {"error": said(error.reason, _)}
    except NeverDueError:
        return {"error": _("The counter does not open often enough for this promise ever to be due.")}
    except (ValueError, RecursionError):  # neither JSON nor UTF-8
        return {"error": _("The line is no JSON object.")}
    return {
        "due_at": due.astimezone(case.calendar.zone).isoformat() if due else None,
        "explanation": " ".join(sentences(case, due, _)),
    }


def _in_words(answer: dict[str, Any]) -> str:
    return str(answer.get("error") or answer["explanation"])


def _due(case: Case) -> datetime | None:
    if isinstance(case.target, timedelta):
        return due_after(case.calendar, case.start, case.target, case.pauses)
    return due_after_working_days(case.calendar, case.start, case.target, case.pauses)


def _explain(kind: str, number: int, *, as_json: bool) -> int:
    from comptoir.config.starting import django_ready

    with django_ready("sla"):
        given = _promised(kind, number)
        if not given and not as_json:
            print(
                _("Nothing was promised in this conversation.")
                if kind == "conversation"
                else _("Nothing was promised.")
            )
        for one in given:
            print(json.dumps(_as_json(one), ensure_ascii=False) if as_json else "\n".join(_explained(one)))
    return 0


def _promised(kind: str, number: int) -> Sequence[Given]:
    """Raises CommandError where there is no such subject."""
    from comptoir.conversations.models import Consultation, Conversation, HandOff, Matter
    from comptoir.sla.places import Subject, promise_given
    from comptoir.sla.queries import promises_given

    if kind == "conversation":
        conversation = Conversation.objects.select_related("account__brand").filter(pk=number).first()
        if conversation is None:
            raise _missing(kind, number)
        return promises_given(conversation)
    models: dict[str, type[Subject]] = {"hand-off": HandOff, "consultation": Consultation, "matter": Matter}
    subject = models[kind]._default_manager.filter(pk=number).first()
    if subject is None:
        raise _missing(kind, number)
    given = promise_given(subject)
    return [given] if given is not None else []


def _missing(kind: str, number: int) -> CommandError:
    return CommandError(_(_MISSING[kind]).format(number=number))


def _explained(one: Given) -> list[str]:
    lines = [one.terms(_) + ("" if not one.calendar_name else f" · {one.calendar_name}")]
    lines += [f"  {sentence}" for sentence in sentences(one.case, one.due_at, _)]
    ended = one.end(_)
    if ended:
        lines.append(f"  {ended}")
    return lines


def _as_json(one: Given) -> dict[str, Any]:
    zone, clock = one.case.calendar.zone, one.clock
    return {
        "promise": clock.promise,
        "terms": one.terms(_),
        "calendar": one.calendar_name or None,
        "started_at": clock.started_at.astimezone(zone).isoformat(),
        "due_at": one.due_at.astimezone(zone).isoformat() if one.due_at else None,
        "paused_since": clock.paused_at.astimezone(zone).isoformat() if clock.paused_at else None,
        "stopped_at": clock.stopped_at.astimezone(zone).isoformat() if clock.stopped_at else None,
        "is_abandoned": clock.is_abandoned,
        "is_waived": clock.is_waived,
        "explanation": " ".join(sentences(one.case, one.due_at, _)),
    }
