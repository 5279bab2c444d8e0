"""A file of a page is told what it is, and nothing that only a page is told: some fifty of them go with each."""

from __future__ import annotations

import pytest
from django.test import Client

_OF_PAGES = ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Access-Control-Allow-Origin", "X-Request-ID")


@pytest.mark.django_db
def test_a_file_says_what_it_is_and_nothing_about_pages() -> None:
    answer = Client().get("/static/comptoir/mark.svg")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert [name for name in _OF_PAGES if name in answer.headers] == []


@pytest.mark.django_db
def test_a_page_says_all_of_it() -> None:
    page = Client().get("/account/login/")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
