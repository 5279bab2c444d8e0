"""Promises with the webhooks that their warnings are posted to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import transaction

from comptoir.events.record import SYSTEM, Actor, record
from comptoir.sla.models import SLAPolicy
from comptoir.sla.policies import Terms, create_policy, edit_policy


@transaction.atomic
def keep_policy(
    policy_id: int | None, terms: Terms, *, posts: Mapping[timedelta, Collection[int]], by: Actor = SYSTEM
) -> SLAPolicy:
    """Make a promise, or change one, with the endpoints (by id) that each of its warnings, named by its distance from
    the due time, is posted to.

    Raises ValidationError with words, SLAPolicy.DoesNotExist.
    """
    policy = create_policy(terms, by=by) if policy_id is None else edit_policy(policy_id, terms, by=by)
    warnings = list(policy.warnings.prefetch_related("endpoints"))
    former = {one.pk: {endpoint.pk for endpoint in one.endpoints.all()} for one in warnings}
    wanted = {one.pk: set(posts.get(one.from_due, ())) for one in warnings}
    for one in warnings:
        if former[one.pk] != wanted[one.pk]:
            one.endpoints.set(wanted[one.pk])
    if former != wanted:
        chosen = {str(pk): sorted(endpoints) for pk, endpoints in wanted.items() if endpoints}
        record("policy.webhooks_chosen", subject=policy, by=by, warnings=chosen)
    return policy
