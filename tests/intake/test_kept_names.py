"""What a network's people are called, kept between messages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.intake.kept_names import KeptNames

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_name_is_kept_for_the_account_that_asked_for_it_and_for_no_other() -> None:
    KeptNames(1, kept_for=DAY)["U1"] = "Paul"
    assert (KeptNames(1, kept_for=DAY).get("U1"), KeptNames(2, kept_for=DAY).get("U1")) == ("Paul", None)


def test_that_somebody_is_called_nothing_is_known_too() -> None:
    KeptNames(1, kept_for=DAY)["U1"] = ""
    assert KeptNames(1, kept_for=DAY).get("U1") == ""


def test_a_name_is_asked_for_again_when_it_was_kept_long_enough() -> None:
    KeptNames(1, kept_for=timedelta(0))["U1"] = "Paul"
    assert KeptNames(1, kept_for=DAY).get("U1") is None
