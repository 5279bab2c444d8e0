"""Making brands and changing them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.text import slugify

from comptoir.brands.models import Brand
from comptoir.events.record import SYSTEM, Actor, record


class UnknownTimeZoneError(Exception):
    """There is no time zone of that name."""


@transaction.atomic
def create_brand(
    *, name: str, language: str, time_zone: str, slug: str = "", order_forms: Sequence[str] = (),
    customer_forms: Sequence[str] = (), by: Actor = SYSTEM,
) -> Brand:  # fmt: skip
    """Make a brand. Raises UnknownTimeZoneError, and IntegrityError when ``slug`` is taken; without one it is made."""
    _check_zone(time_zone)
    brand = Brand.objects.create(
        name=name, slug=slug or _free_slug(name), language=language, time_zone=time_zone,
        order_forms=list(order_forms), customer_forms=list(customer_forms),
    )  # fmt: skip
    record("brand.created", subject=brand, by=by)
    return brand


@transaction.atomic
def edit_brand(
    brand_id: int, *, name: str, language: str, time_zone: str, order_forms: Sequence[str] | None = None,
    customer_forms: Sequence[str] | None = None, by: Actor = SYSTEM,
) -> Brand:  # fmt: skip
    """Change what a brand is called, its language, its zone and, where they are given, the forms of its numbers.

    Raises UnknownTimeZoneError, Brand.DoesNotExist.
    """
    _check_zone(time_zone)
    brand = Brand.objects.select_for_update().get(pk=brand_id)
    wanted = {
        "name": name,
        "language": language,
        "time_zone": time_zone,
        "order_forms": brand.order_forms if order_forms is None else list(order_forms),
        "customer_forms": brand.customer_forms if customer_forms is None else list(customer_forms),
    }
    changes = {}
    for field, value in wanted.items():
        if getattr(brand, field) != value:
            changes[field] = [getattr(brand, field), value]
            setattr(brand, field, value)
    brand.save(update_fields=list(wanted))
    if changes:
        record("brand.changed", subject=brand, by=by, changes=changes)
    return brand


def _check_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZoneError(time_zone) from error


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "marque"
    taken = set(Brand.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
