"""The page behind an expert's link, and what strangers try with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client

from comptoir.conversations.models import Consultation, Conversation, Note
from comptoir.core.clock import at_instant
from comptoir.desk.consultation_links import link_token
from comptoir.desk.consultations import answer_consultation, ask_expert, withdraw_consultation
from comptoir.people.models import Agent
from comptoir.public.counter import buckets
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team

pytestmark = pytest.mark.django_db

QUESTION = "La pompe fuit après quatorze mois. Est-ce <b>couvert</b> ?"
SECRETS = ("Nadia Benali", "Ma cafetière fuit", "Boutique en ligne", "note entre nous")


@pytest.fixture(autouse=True)
def patient() -> None:
    buckets.clear()


@pytest.fixture
def awa(db: None) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team()])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    team = awa.teams.get()
    account = make_account(team=team, name="Boutique en ligne")
    made = make_conversation(account=account, identity=make_identity(name="Nadia Benali"), team=team, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit")
    Note.objects.create(conversation=made, agent=awa, text="note entre nous")
    return made


@pytest.fixture
def asked(conversation: Conversation, awa: Agent) -> Consultation:
    return ask_expert(conversation.pk, question=QUESTION, email="dr.roy@labo.example", language="fr", by=awa)


def opened(token: str) -> Any:
    return Client().get(f"/question/{token}")


def sent(token: str, answer: str = "Oui, deux ans.") -> Any:
    return Client(enforce_csrf_checks=True).post(f"/question/{token}", {"answer": answer})


def test_it_shows_the_question_and_nothing_else(asked: Consultation) -> None:
    page = opened(link_token(asked)).content.decode()
    assert "La pompe fuit" in page
    assert "&lt;b&gt;couvert&lt;/b&gt;" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert f"/conversations/{asked.conversation_id}" not in page


def test_it_takes_one_answer_and_shows_nothing_after_it(asked: Consultation) -> None:
    token = link_token(asked)
    assert sent(token).status_code == 200
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by_way) == ("Oui, deux ans.", "link")
    assert opened(token).status_code == 410
    assert sent(token, "Autre chose").status_code == 410
    assert Note.objects.exclude(text="note entre nous").count() == 1


def test_looking_at_it_uses_nothing_up(asked: Consultation) -> None:
    for _time in range(3):
        assert opened(link_token(asked)).status_code == 200


@pytest.mark.parametrize("answer", ["", "   \n"])
def test_an_empty_answer_is_asked_for_again(asked: Consultation, answer: str) -> None:
    assert sent(link_token(asked), answer).status_code == 422
    asked.refresh_from_db()
    assert asked.is_open


def test_a_refused_answer_is_kept_in_the_form(asked: Consultation) -> None:
    answer = sent(link_token(asked), "Oui. " * 5000)
    assert answer.status_code == 422
    assert "Oui. Oui. " in answer.content.decode()


def test_it_is_over_when_it_is_taken_back(asked: Consultation, awa: Agent) -> None:
    withdraw_consultation(asked.pk, by=awa)
    page = opened(link_token(asked))
    assert page.status_code == 410
    assert "La pompe" not in page.content.decode()


def test_it_is_over_when_its_time_is(asked: Consultation) -> None:
    token = link_token(asked)
    assert asked.link_expires_at is not None
    with at_instant(asked.link_expires_at + timedelta(seconds=1)):
        assert opened(token).status_code == 410
        assert sent(token).status_code == 410


def test_another_key_makes_earlier_links_worthless(asked: Consultation) -> None:
    token = link_token(asked)
    Consultation.objects.update(link_key="another")
    assert opened(token).status_code == 410


def test_no_link_is_made_of_another(asked: Consultation, conversation: Conversation, awa: Agent) -> None:
    other = ask_expert(conversation.pk, question="Un autre secret", email="x@labo.example", by=awa)
    token = link_token(asked)
    mine, _dot, signature = token.rpartition(".")
    forged = [
        f"{other.pk}-{asked.link_key}.{signature}",
        f"{other.pk}-{other.link_key}.{signature}",
        f"{mine}.{signature[:-1]}{'B' if signature.endswith('A') else 'A'}",
        f"{mine}x.{signature}",
        mine,
        signature,
        f"{asked.pk}-{asked.link_key}",
        Signer(sep=".").sign(f"{other.pk}-{other.link_key}"),
        Signer(sep=".", salt="comptoir.consultation", key="guess").sign(f"{other.pk}-{other.link_key}"),
        "%00",
        "0",
        "-",
        ".",
        "é.é",
        "a" * 5000,
        f"{'9' * 400}-x.{signature}",
    ]
    for one in forged:
        buckets.clear()
        assert opened(one).status_code in (404, 410), one
        assert "secret" not in opened(one).content.decode()


def test_a_signature_over_a_wrong_key_opens_nothing(asked: Consultation) -> None:
    signer = Signer(sep=".", salt="comptoir.consultation")
    for named in (f"{asked.pk}-", f"{asked.pk}-wrong", f"-{asked.link_key}", f"²-{asked.link_key}", f"{10**30}-x"):
        assert opened(signer.sign(named)).status_code == 410


def test_a_colleagues_question_has_no_link(conversation: Conversation, awa: Agent) -> None:
    inside = ask_expert(conversation.pk, question="Un secret", expert=make_agent(role="expert"), by=awa)
    assert opened(link_token(inside)).status_code == 410


def test_over_or_never_there_it_says_the_same(asked: Consultation, awa: Agent) -> None:
    token = link_token(asked)
    withdraw_consultation(asked.pk, by=awa)
    assert opened(token).content == opened("0-never.there").content


def test_the_link_opens_no_other_address(asked: Consultation) -> None:
    token = link_token(asked)
    for address in (
        f"/conversations/{asked.conversation_id}/",
        "/asked/",
        f"/private/{token}",
        f"/files/{token}/x.png",
    ):
        assert Client().get(address).status_code in (302, 404, 410)
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/conversations", headers=bearer).status_code == 401


def test_it_is_kept_by_nobody_and_framed_by_nobody(asked: Consultation) -> None:
    page = opened(link_token(asked))
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "script" not in page.headers["Content-Security-Policy"]
    assert not page.cookies


def test_whoever_tries_links_is_slowed_down(db: None) -> None:
    tried = [opened("0-x.y").status_code for _time in range(40)]
    assert tried.count(429) >= 8


def test_what_is_answered_is_shown_as_text_to_colleagues(asked: Consultation, awa: Agent) -> None:
    sent(link_token(asked), "<script>alert(1)</script> @Awa Diop")
    client = Client()
    client.force_login(awa.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_second_of_two_answers_is_told_so(asked: Consultation) -> None:
    token = link_token(asked)
    assert opened(token).status_code == 200
    answer_consultation(asked.pk, text="Par e-mail", way=Consultation.Way.EMAIL)
    assert sent(token, "Par le lien").status_code == 410
