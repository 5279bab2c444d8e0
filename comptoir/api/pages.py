"""Lists in pages: each tells where the next begins, so that nothing is skipped or shown twice while rows come in."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query

from comptoir.api.problems import ProblemError

Row = TypeVar("Row", bound=Model)

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str, Query(max_length=500, description="Where to go on: from the `next` of the page before.")]

_LARGEST_ID = 2**63 - 1


def page_of(
    rows: QuerySet[Row], *, by: Sequence[str], cursor: str, limit: int, request: HttpRequest
) -> tuple[list[Row], str | None]:
    """One page in the order of ``by`` (fields, "-" for falling, the last one unique), and the address of the next.

    Raises ProblemError for a cursor that is not ours.
    """
    if cursor:
        rows = rows.filter(_after(by, _read(cursor, by)))
    found = list(rows.order_by(*by)[: limit + 1])
    if len(found) <= limit:
        return found, None
    shown = found[:limit]
    values = [getattr(shown[-1], field.lstrip("-")) for field in by]
    return shown, next_address(request, _written(values))


def next_address(request: HttpRequest, cursor: str) -> str:
    """This same list, from ``cursor`` on."""
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def encoded(parts: Sequence[Any]) -> str:
    """A cursor: opaque to whoever gets it."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def decoded(cursor: str) -> list[Any]:
    """What `encoded` was given. Raises ProblemError."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise bad_cursor() from error
    if not isinstance(parts, list):
        raise bad_cursor()
    return parts


def bad_cursor() -> ProblemError:
    return ProblemError("bad-cursor", _("Take the cursor from “next” as it is, or begin without one."))


def whole_number(part: Any) -> int:
    """A part of a cursor that must be an id. Raises ProblemError."""
    if isinstance(part, bool) or not isinstance(part, int) or not 0 <= part <= _LARGEST_ID:
        raise bad_cursor()
    return part


def _written(values: Sequence[Any]) -> str:
    return encoded([value.isoformat() if isinstance(value, datetime) else value for value in values])


def _read(cursor: str, by: Sequence[str]) -> list[Any]:
    parts = decoded(cursor)
    if len(parts) != len(by):
        raise bad_cursor()
    return [
        _instant(part) if field.endswith("_at") else whole_number(part) for field, part in zip(by, parts, strict=True)
    ]


def _instant(part: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(part)
        if instant.tzinfo is None:
            raise bad_cursor()
        return instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise bad_cursor() from error


def _after(by: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after ``values``; its first condition alone lets the database use the index."""
    first, value = by[0], values[0]
    beyond = Q(**{f"{first.lstrip('-')}__{'lt' if first.startswith('-') else 'gt'}": value})
    if len(by) == 1:
        return beyond
    bound = Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": value})
    return bound & (beyond | _after(by[1:], values[1:]))
