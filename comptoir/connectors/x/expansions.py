"""What API v2 puts beside its objects: the users, posts and media that they name by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comptoir.connectors.base import Attachment, Author
from comptoir.connectors.shared.untrusted import inside, items, mapping, mappings, name, whole

#: What X calls its media, and what we call them; an animated GIF is delivered as a video without sound.
MEDIA_KINDS = {"photo": "image", "video": "video", "animated_gif": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Expansions:
    """The ``includes`` of an answer, by id. ``referenced``: the posts beside it, in their order; ``writers``: who
    wrote each of them, by its id, so that no post looks through all of them.
    """

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    referenced: tuple[Mapping[str, Any], ...] = ()
    writers: Mapping[str, str | None] = field(default_factory=dict)

    def author(self, user_id: str | None) -> Author:
        """The user with that id, by name where the answer names them."""
        user = self.users.get(user_id or "", {})
        return Author(
            id=user_id,
            handle=name(user.get("username")),
            name=name(user.get("name")),
            avatar_url=name(user.get("profile_image_url")),
        )

    def attachments(self, keys: object) -> tuple[Attachment, ...]:
        """The media with those keys; one that the answer does not describe is known by its key alone."""
        known = (name(key) for key in items(keys))
        return tuple(_medium(self.media.get(key, {})) for key in known if key)


def expansions_of(includes: object) -> Expansions:
    """Read ``includes`` as both generations of the API name it (tweets before, posts now)."""
    found = mapping(includes)
    referenced = (*mappings(found.get("tweets")), *mappings(found.get("posts")))
    return Expansions(
        users=_by(mappings(found.get("users")), "id"),
        media=_by(mappings(found.get("media")), "media_key"),
        referenced=referenced,
        writers={key: name(one.get("author_id")) for key, one in _by(reversed(referenced), "id").items()},
    )


def _by(objects: Iterable[Mapping[str, Any]], key: str) -> Mapping[str, Mapping[str, Any]]:
    named = ((name(one.get(key)), one) for one in objects)
    return {identifier: one for identifier, one in named if identifier}


def _medium(medium: Mapping[str, Any]) -> Attachment:
    kind = MEDIA_KINDS.get(name(medium.get("type")) or "", "image" if medium.get("url") else "file")
    playable = best_variant(medium.get("variants"), rate="bit_rate")
    return Attachment(
        kind=kind,
        url=name(medium.get("url")) or playable[0] or name(medium.get("preview_image_url")),
        mime_type=playable[1],
        alt_text=name(medium.get("alt_text")),
    )


def best_variant(variants: object, *, rate: str) -> tuple[str | None, str | None]:
    """Address and type of the video file with the highest bit rate; a playlist is none."""
    files = [one for one in mappings(variants) if name(one.get("content_type")) != "application/x-mpegURL"]
    best = max(files, key=lambda one: whole(one.get(rate)) or 0, default={})
    return name(inside(best, "url")), name(inside(best, "content_type"))
