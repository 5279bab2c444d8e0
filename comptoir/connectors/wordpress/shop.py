"""Reviews of products, as the shop of WordPress lists them (WooCommerce REST API v3, "Product reviews")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, Direction, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import instant, mapping, name, number, text

_BEST = 5.0


def is_product_review(found: Mapping[str, Any]) -> bool:
    """Whether an object is a review of a product."""
    return "review" in found and "product_id" in found


def read_product_review(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A review; one in the trash is gone, one that is spam was sorted out by the shop."""
    status, identifier, product = name(found.get("status")), name(found.get("id")), name(found.get("product_id"))
    mail, faces = name(found.get("reviewer_email")), mapping(found.get("reviewer_avatar_urls"))
    author = Author(mail.lower() if mail else None, name=name(found.get("reviewer")), avatar_url=name(faces.get("96")))
    is_ours = own_id is not None and author.id == own_id
    direction: Direction = "outgoing" if is_ours else "incoming"
    stars = number(found.get("rating"))
    if status == "trash":
        return NetworkEvent(
            EventKind.DELETE, direction, "public", target_id=identifier, thread_id=product, author=author
        )
    spam = status == "spam"
    return NetworkEvent(
        EventKind.IGNORED if spam else EventKind.REVIEW,
        direction,
        "public",
        external_id=identifier,
        thread_id=product,
        author=author,
        text=html_to_text(text(found.get("review")) or ""),
        subject=name(found.get("product_name")),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=instant(found.get("date_created_gmt")) or instant(found.get("date_created")),
        reason="The blog took it for spam." if spam else None,
        url=name(found.get("product_permalink")),
    )
