"""Kinds of files as people call them."""

from __future__ import annotations

from django.utils import translation

from comptoir.delivery.formats import in_words


def test_kinds_of_files_are_named_as_people_call_them_each_once() -> None:
    types = ["image/jpeg", "image/png", "video/mp4", "audio/mpeg", "audio/mp4", "audio/x-m4a", "video/quicktime"]
    assert in_words(types) == "JPEG, PNG, MP4, MP3, M4A, MOV"


def test_whole_families_and_kinds_nobody_named_have_words_too() -> None:
    with translation.override("en"):
        assert in_words(["image/*", "application/pdf", "audio/x-flac"]) == "pictures, PDF, FLAC"
