"""One-time sign-in links."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from comptoir.core.clock import now
from comptoir.people.actions import create_agent, create_sign_in_link
from comptoir.people.models import SignInLink
from tests.factories import make_agent


@pytest.mark.django_db
def test_a_link_signs_its_agent_in() -> None:
    agent = make_agent()
    link = SignInLink.redeem(create_sign_in_link(agent=agent))
    assert link is not None
    assert link.user == agent.user


@pytest.mark.django_db
def test_a_link_is_used_up_by_its_first_use() -> None:
    token = create_sign_in_link(agent=make_agent())
    SignInLink.redeem(token)
    assert SignInLink.redeem(token) is None


@pytest.mark.django_db
def test_a_link_expires() -> None:
    token = create_sign_in_link(agent=make_agent())
    SignInLink.objects.update(expires_at=now() - timedelta(seconds=1))
    assert SignInLink.redeem(token) is None


@pytest.mark.django_db
def test_the_token_itself_is_not_kept() -> None:
    token = create_sign_in_link(agent=make_agent())
    assert token not in str(SignInLink.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_a_link_used_by_many_at_once_signs_one_in() -> None:
    token = create_sign_in_link(agent=make_agent())

    def use(_try: int) -> SignInLink | None:
        try:
            return SignInLink.redeem(token)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(link is not None for link in pool.map(use, range(16))) == 1


@pytest.mark.django_db
def test_an_address_has_one_login_whatever_its_case() -> None:
    create_agent(email="Awa@maison.example", name="Awa")
    with pytest.raises(IntegrityError):
        create_agent(email="awa@MAISON.example", name="Awa again")
