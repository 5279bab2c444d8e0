"""Mails that say by their subject alone what they answer."""

from __future__ import annotations

import pytest

from comptoir.connectors.email.subjects import answered_subject
from comptoir.connectors.email.tests.reading_mail import message

MAIL = b"From: j@client.example\r\nMessage-ID: <m@client.example>\r\nSubject: Re: Ma commande\r\n%s\r\nMerci\r\n"


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Re: Ma commande", "Ma commande"),
        ("RE : Re[2]: TR: Ma  commande", "Ma commande"),
        ("AW: WG: Bestellung 5", "Bestellung 5"),
        ("RÉP : Ma commande", "Ma commande"),
        ("Ma commande", ""),
        ("Tr: Ma commande", ""),
        ("Remboursement : 12 €", ""),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_the_words_of_mail_programs_are_no_part_of_what_is_answered(subject: str, answered: str) -> None:
    assert answered_subject(subject) == answered


def test_a_mail_says_what_it_answers_by_its_subject_too() -> None:
    assert message(MAIL % b"").answered_subject == "Ma commande"


def test_a_mail_that_brings_our_token_back_does_not_go_by_its_subject() -> None:
    assert message(MAIL % b"To: service+c-0123456789abcdef@b.example\r\n").answered_subject is None
