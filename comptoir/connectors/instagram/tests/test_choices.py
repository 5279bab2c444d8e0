from __future__ import annotations

from dataclasses import replace

import pytest

from comptoir.connectors.base import PermanentError
from comptoir.connectors.instagram.tests.far_side import ANSWER, PRIVATE, instagram
from tests.connectors.meta import Meta, sent_json


def test_choices_are_quick_replies() -> None:
    meta = Meta({"POST /me/messages": {"recipient_id": "901", "message_id": "m1"}})
    instagram(meta).send(replace(PRIVATE, choices=("Oui",)))
    assert sent_json(meta.asked[0])["message"]["quick_replies"] == [
        {"content_type": "text", "title": "Oui", "payload": "Oui"}
    ]


def test_a_private_answer_to_a_comment_offers_none() -> None:
    with pytest.raises(PermanentError, match="choices"):
        instagram(Meta({})).send(replace(ANSWER, visibility="private", choices=("Oui",)))


def test_they_are_offered_in_private_only() -> None:
    limits = instagram(Meta({})).limits
    assert (limits.of("public").max_choices, limits.of("private").max_choices) == (0, 13)
