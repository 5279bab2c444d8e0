from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import resolve
from django.utils import translation

from comptoir.core.clock import now
from comptoir.events.record import record
from comptoir.notifications.digests import agents_to_mail, mail_digest
from comptoir.notifications.models import Notice
from comptoir.notifications.notices import keep_notices
from comptoir.notifications.queries import notices_for
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent

pytestmark = pytest.mark.django_db


def test_lost_account_is_told_to_administrators_until_it_is_back() -> None:
    administrator = make_agent(role="administrator")
    account = make_account(name="Boutique")
    keep_notices([record("account.disconnected", subject=account, reason="Token expired.")])
    (notice,) = notices_for(administrator)
    assert (notice.subject_name, notice.reason) == ("Boutique", "Token expired.")
    keep_notices([record("account.reconnected", subject=account)])
    assert notices_for(administrator) == []


def test_account_lost_twice_is_one_notice() -> None:
    account = make_account()
    keep_notices([record("account.disconnected", subject=account) for _time in range(2)])
    assert Notice.objects.count() == 1


def test_account_lost_again_after_it_came_back_is_a_new_notice() -> None:
    account = make_account()
    names = ("account.disconnected", "account.reconnected", "account.disconnected")
    keep_notices([record(name, subject=account) for name in names])
    assert [notice.settled_at is None for notice in Notice.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize("role", [role for role in Agent.Role if role != "administrator"])
def test_others_are_not_told_what_they_cannot_mend(role: str) -> None:
    keep_notices([record("account.disconnected", subject=make_account())])
    assert notices_for(make_agent(role=role)) == []


def test_notice_speaks_the_readers_language() -> None:
    keep_notices([record("account.disconnected", subject=make_account(name="Boutique"))])
    notice = Notice.objects.get()
    with translation.override("en"):
        assert notice.text.startswith("The account “Boutique” no longer opens.")
    with translation.override("fr"):
        assert notice.text.startswith("Le compte « Boutique » ne s’ouvre plus.")


def _lost(name: str = "Boutique", *, minutes_ago: int = 20) -> Notice:
    keep_notices([record("account.disconnected", subject=make_account(name=name), reason="Token expired.")])
    notice = Notice.objects.get(subject_name=name)
    Notice.objects.filter(pk=notice.pk).update(created_at=now() - timedelta(minutes=minutes_ago))
    return notice


def test_an_administrator_is_told_by_mail_once_of_what_stays_unmended(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    administrator = make_agent(role="administrator")
    notice = _lost()
    assert agents_to_mail() == [administrator.pk]
    assert mail_digest(administrator.pk)
    (sent,) = mail.outbox
    assert sent.to == [administrator.user.email]
    assert "ne s’ouvre plus" in sent.body
    assert f"/accounts/{notice.subject_id}/" in sent.body
    assert "Token expired" not in sent.body
    assert agents_to_mail() == []
    assert not mail_digest(administrator.pk)


def test_what_is_mended_within_a_quarter_of_an_hour_is_not_mailed(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    make_agent(role="administrator")
    _lost(minutes_ago=14)
    assert agents_to_mail() == []


def test_a_second_account_lost_is_mailed_though_the_first_was(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    administrator = make_agent(role="administrator")
    _lost()
    mail_digest(administrator.pk)
    _lost("Atelier")
    assert agents_to_mail() == [administrator.pk]
    assert mail_digest(administrator.pk)
    assert "Boutique" not in mail.outbox[1].body


@pytest.mark.parametrize("role", [role for role in Agent.Role if role != "administrator"])
def test_others_get_no_mail_of_what_they_cannot_mend(role: str, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    agent = make_agent(role=role)
    _lost()
    assert agents_to_mail() == []
    assert not mail_digest(agent.pk)


@pytest.mark.parametrize("kind", Notice.Kind)
def test_each_kind_of_notice_leads_to_a_page(kind: str) -> None:
    assert resolve(Notice(kind=kind, subject_id=7).path).kwargs == {"pk": 7}
