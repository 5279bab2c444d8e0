"""Making promises, changing them and putting them in order. Each act is one event, and what runs is computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.events.record import SYSTEM, Actor, record
from comptoir.sla.models import SLAPolicy
from comptoir.sla.sweeping import request_recomputation
from comptoir.sla.warning_terms import WarningTerms, put_warnings, written_warnings


class PolicyInUseError(Exception):
    """The promise was given to customers already: it can be switched off, not forgotten."""

    def __init__(self) -> None:
        super().__init__(_("This promise was given to customers already: switch it off instead."))


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised, and to whom: exactly one of the two targets; conditions left empty hold for everybody."""

    promise: str
    target: timedelta | None = None
    target_working_days: int | None = None
    is_in_working_time: bool = False
    kinds: Sequence[str] = ()
    is_public: bool | None = None
    brand_id: int | None = None
    team_id: int | None = None
    least_priority: int | None = None
    languages: Sequence[str] = ()
    topic_id: int | None = None
    intents: Sequence[str] = ()
    customer_tags: Sequence[str] = ()
    card_field: str = ""
    card_values: Sequence[str] = ()
    working_week: str = SLAPolicy.WorkingWeek.OPENING
    pauses: str = SLAPolicy.Pauses.NEVER
    warnings: Sequence[WarningTerms] = ()


@transaction.atomic
def create_policy(terms: Terms, *, by: Actor = SYSTEM) -> SLAPolicy:
    """Make a promise; it is tried before the others. Raises ValidationError with words."""
    in_order = _held()
    policy = SLAPolicy()
    _fill(policy, terms)
    _put_in_order([policy, *in_order])
    record("policy.created", subject=policy, by=by, terms=_written(policy))
    request_recomputation()
    return policy


@transaction.atomic
def edit_policy(policy_id: int, terms: Terms, *, by: Actor = SYSTEM) -> SLAPolicy:
    """Change a promise. Raises ValidationError with words, SLAPolicy.DoesNotExist."""
    policy = SLAPolicy.objects.select_for_update(of=("self",)).get(pk=policy_id)
    before = _written(policy)
    _fill(policy, terms)
    if _written(policy) != before:
        record("policy.changed", subject=policy, by=by, before=before, after=_written(policy))
        request_recomputation()
    return policy


@transaction.atomic
def switch_policy(policy_id: int, *, on: bool, by: Actor = SYSTEM) -> SLAPolicy:
    """Give the promise from now on, or no longer; what was promised stands. Raises SLAPolicy.DoesNotExist."""
    policy = SLAPolicy.objects.select_for_update(of=("self",)).get(pk=policy_id)
    if policy.is_active != on:
        policy.is_active = on
        policy.save(update_fields=["is_active"])
        record("policy.switched", subject=policy, by=by, on=on)
        request_recomputation()
    return policy


@transaction.atomic
def move_policy(policy_id: int, *, up: bool, by: Actor = SYSTEM) -> None:
    """Change places with the one above or below. Raises SLAPolicy.DoesNotExist."""
    in_order = _held()
    at = next((place for place, policy in enumerate(in_order) if policy.pk == policy_id), None)
    if at is None:
        raise SLAPolicy.DoesNotExist
    to = at - 1 if up else at + 1
    if not 0 <= to < len(in_order):
        return
    in_order[at], in_order[to] = in_order[to], in_order[at]
    _put_in_order(in_order)
    record("policy.moved", subject=in_order[to], by=by, position=to + 1)
    request_recomputation()


@transaction.atomic
def delete_policy(policy_id: int, *, by: Actor = SYSTEM) -> None:
    """Forget a promise that was never given. Raises PolicyInUseError, SLAPolicy.DoesNotExist."""
    policy = SLAPolicy.objects.select_for_update(of=("self",)).get(pk=policy_id)
    if policy.clocks.exists():
        raise PolicyInUseError
    record("policy.deleted", subject=policy, by=by, was=_written(policy))
    policy.delete()


def _held() -> list[SLAPolicy]:
    return list(SLAPolicy.objects.select_for_update(of=("self",)).in_order())


def _fill(policy: SLAPolicy, terms: Terms) -> None:
    for name in (one.name for one in fields(terms) if one.name != "warnings"):
        value = getattr(terms, name)
        setattr(policy, name, list(value) if isinstance(value, list | tuple) else value)
    policy.customer_tags, policy.card_values = _in_small(terms.customer_tags), _in_small(terms.card_values)
    policy.is_in_working_time = terms.is_in_working_time or terms.target_working_days is not None
    policy.full_clean()
    policy.save()
    put_warnings(policy, terms.warnings)


def _in_small(words: Sequence[str]) -> list[str]:
    """Each once; as they are compared."""
    return list(dict.fromkeys(folded for one in words if (folded := " ".join(one.split()).lower())))


def _put_in_order(policies: Sequence[SLAPolicy]) -> None:
    for position, policy in enumerate(policies, start=1):
        if policy.position != position:
            policy.position = position
            policy.save(update_fields=["position"])


def _written(policy: SLAPolicy) -> dict[str, Any]:
    """All that counts, as JSON."""
    return {
        "promise": policy.promise,
        "target_minutes": policy.target.total_seconds() / 60 if policy.target is not None else None,
        "target_working_days": policy.target_working_days,
        "is_in_working_time": policy.is_in_working_time,
        "working_week": policy.working_week,
        "kinds": policy.kinds,
        "is_public": policy.is_public,
        "brand": policy.brand_id,
        "team": policy.team_id,
        "least_priority": policy.least_priority,
        "languages": policy.languages,
        "topic": policy.topic_id,
        "intents": policy.intents,
        "customer_tags": policy.customer_tags,
        "card_field": policy.card_field,
        "card_values": policy.card_values,
        "pauses": policy.pauses,
        "warnings": written_warnings(policy),
    }
