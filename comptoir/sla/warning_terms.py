"""The warnings of a policy as they are kept: one at a moment, those taken off kept for what was given by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comptoir.core.clock import now
from comptoir.sla.models import PolicyWarning, SLAPolicy

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WarningTerms:
    """What is done at one moment: ``from_due`` before (negative) or after the promise is due."""

    from_due: timedelta
    tells: Sequence[str] = ()
    raises_priority: bool = False
    gives_back: bool = False
    escalates_to_id: int | None = None


def put_warnings(policy: SLAPolicy, wanted: Sequence[WarningTerms]) -> None:
    """These are all that hold from now on, in the caller's transaction. Raises ValidationError, with words."""
    _check(policy, wanted)
    kept = {one.from_due: one for one in policy.warnings.select_for_update(of=("self",))}
    for terms in wanted:
        warning = kept.pop(terms.from_due, None) or PolicyWarning(policy=policy, from_due=terms.from_due)
        if not warning.is_active:
            warning.is_active, warning.holds_from = True, now()
        warning.tells, warning.escalates_to_id = list(terms.tells), terms.escalates_to_id
        warning.raises_priority, warning.gives_back = terms.raises_priority, terms.gives_back
        warning.full_clean(validate_unique=False, validate_constraints=False)
        warning.save()
    policy.warnings.filter(pk__in=[one.pk for one in kept.values()]).update(is_active=False)


def _check(policy: SLAPolicy, wanted: Sequence[WarningTerms]) -> None:
    moments = [one.from_due for one in wanted]
    if len(moments) != len(set(moments)):
        raise ValidationError(_("Two warnings fall at the same moment: make one of them, it can do several things."))
    whole = policy.target if policy.target is not None else (policy.target_working_days or 0) * _ONE_DAY
    if any(-moment >= whole for moment in moments):
        raise ValidationError(_("A warning falls before the promise begins: bring it nearer to the due time."))


def written_warnings(policy: SLAPolicy) -> list[dict[str, Any]]:
    """All that counts, as JSON."""
    return [
        {
            "minutes_from_due": one.from_due.total_seconds() / 60,
            "tells": one.tells,
            "raises_priority": one.raises_priority,
            "gives_back": one.gives_back,
            "escalates_to": one.escalates_to_id,
        }
        for one in policy.warnings.filter(is_active=True).order_by("from_due")
    ]
