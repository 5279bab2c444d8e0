"""What people are told about their replies exists in their language."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation

import comptoir.delivery
from comptoir.conversations.models import Message
from comptoir.delivery.outcomes import GAVE_UP
from comptoir.delivery.recovery import CUT

PART = Path(comptoir.delivery.__file__).parent.parent / "locale" / "fr" / "parts" / "delivery.po"


def msgids() -> set[str]:
    """Every msgid of our part of the catalogue, its lines joined."""
    found = re.findall(r'^msgid ((?:".*"\n)+)', PART.read_text(), flags=re.MULTILINE)
    return {"".join(re.findall(r'"(.*)"\n', one)) for one in found}


def test_a_reason_of_ours_is_kept_as_one_the_catalogue_knows() -> None:
    assert {CUT, GAVE_UP} <= msgids()


def test_a_networks_own_words_are_shown_as_they_are() -> None:
    with translation.override("fr"):
        assert Message(failure="The network answered 500.").failure_text == "The network answered 500."


def test_a_plain_failure_is_said_line_by_line() -> None:
    plain = "Comptoir was stopped while it was sending this reply, before the network had answered.\nerror 500"
    with translation.override("fr"):
        assert Message(failure=plain).failure_text == (
            "Comptoir a été arrêté pendant l’envoi de cette réponse, avant que le réseau n’ait répondu.\nerror 500"
        )


def test_no_failure_is_no_text() -> None:
    with translation.override("fr"):
        assert Message(failure="").failure_text == ""
