"""Words to put on a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import prefetch_related_objects

from comptoir.conversations.models import Conversation, Tag
from comptoir.web.queries.holdings import Holdings


def tags_on(conversation: Conversation, held: Holdings) -> Sequence[Tag]:
    """Those it has, by name; read once for all the parts of a page."""
    if not held.has_tags:
        return []
    prefetch_related_objects([conversation], "tags")
    return list(conversation.tags.all())


_MOST = 8
_LOOKED_AT = 200


def tag_suggestions(conversation: Conversation, begun: str) -> list[Tag]:
    """Those that begin with what is typed, else those put on conversations last; without those it has."""
    has = set(conversation.tags.values_list("pk", flat=True))
    word = " ".join(begun.replace("\x00", "").split()).lower()
    if word:
        return list(Tag.objects.filter(name__startswith=word).exclude(pk__in=has).order_by("name")[:_MOST])
    used = Conversation.tags.through.objects.order_by("-id").values_list("tag_id", flat=True)[:_LOOKED_AT]
    recent = [pk for pk in dict.fromkeys(used) if pk not in has][:_MOST]
    found = Tag.objects.in_bulk(recent)
    return [found[pk] for pk in recent]
