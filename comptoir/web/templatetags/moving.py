"""What the head of a conversation shows, read where it is shown."""

from __future__ import annotations

from typing import Any

from django import template

from comptoir.web.presenting.head import head_context

register = template.Library()


@register.simple_tag(takes_context=True)
def head_of(context: Any) -> dict[str, Any]:
    """All that the head of the open conversation needs."""
    return head_context(context["request"], context["conversation"])
