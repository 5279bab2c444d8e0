"""The two letters by which a channel is told from another at a glance."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.connectors.registry import connector_classes
from comptoir.web.templatetags.inbox import channel_mark


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_channels_have_the_same_mark(language: str) -> None:
    with translation.override(language):
        marks = {kind: channel_mark(kind) for kind in connector_classes()}
    assert len(set(marks.values())) == len(marks)
