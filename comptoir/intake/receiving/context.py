"""Posts that are nobody's message to us, kept to be shown above the threads they began."""

from __future__ import annotations

import json
from collections.abc import Sequence

from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import clipped, storable_json
from comptoir.intake.receiving.rows import run

_KEEP = """
INSERT INTO intake_contextpost
    (account_id, external_id, thread_id, author, is_ours, text, sent_at, url, attachments, received_at)
SELECT %s, external_id, thread_id, author::jsonb, is_ours, text, sent_at, url, attachments::jsonb, %s
FROM unnest(%s::text[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
    AS new (external_id, thread_id, author, is_ours, text, sent_at, url, attachments)
ORDER BY external_id
ON CONFLICT (account_id, external_id) DO NOTHING
"""


def keep_context(account_id: int, posts: Sequence[Arrival]) -> None:
    """Keep public posts, each once."""
    if posts:
        columns = zip(*(_columns(post) for post in posts), strict=True)
        run(_KEEP, [account_id, now(), *map(list, columns)])


def _columns(post: Arrival) -> tuple[object, ...]:
    author = post.event.author
    shown = {"id": author.id, "handle": author.handle, "name": author.name, "avatar_url": author.avatar_url}
    files = [
        {"kind": file.kind, "url": file.url, "name": file.name, "alt_text": file.alt_text}
        for file in post.event.attachments
    ]
    return (
        post.external_id,
        post.thread_id or post.external_id[:128],
        json.dumps(storable_json(shown)),
        post.is_ours,
        post.text,
        post.at,
        clipped(post.event.url, 4000),
        json.dumps(storable_json(files)),
    )


def forget_deleted_context(account_id: int, deletions: Sequence[Arrival]) -> None:
    """A deleted post is no longer shown above its thread."""
    if deletions:
        gone = sorted({deletion.target_id for deletion in deletions})
        run(
            "UPDATE intake_contextpost SET text = '' WHERE account_id = %s AND external_id = ANY(%s)",
            [account_id, gone],
        )
