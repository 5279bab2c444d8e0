"""Where customers are: what each network counts, and how far one depends on one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from comptoir.channels.models import ChannelAccount, Figure
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(make_agent(role=Agent.Role.ADMINISTRATOR, language="fr").user)
    return browser


def counted(account: ChannelAccount, name: str, value: float, *, days_ago: int = 0, best: float | None = None) -> None:
    day = localdate() - timedelta(days=days_ago)
    Figure.objects.create(account=account, measured_on=day, name=name, value=value, best=best)


def test_each_account_shows_its_share_and_its_figures(client: Client) -> None:
    large, small = make_account(name="Grande page"), make_account(name="Petite page")
    counted(large, "received", 70)
    counted(small, "received", 30)
    counted(large, "followers", 1000, days_ago=31)
    counted(large, "followers", 1250)
    page = client.get("/accounts/figures/")
    assert [(place.account, place.share_percent) for place in page.context["places"]] == [(large, 70), (small, 30)]
    text = page.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "1 250" in text
    assert "+250 en 30 jours" in text


def test_depending_on_one_network_is_said_however_many_accounts_are_there(client: Client) -> None:
    first, second = (make_account(kind="mastodon", own_id=str(number)) for number in range(2))
    elsewhere = make_account(kind="bluesky", own_id="us")
    for account, received in ((first, 40), (second, 40), (elsewhere, 20)):
        counted(account, "received", received)
    page = client.get("/accounts/figures/")
    assert (page.context["depends"].kind, page.context["depends"].share_percent) == ("mastodon", 80)
    assert "« Mastodon » apporte" in page.content.decode().replace("\xa0", " ")
    counted(elsewhere, "received", 95, days_ago=1)
    assert client.get("/accounts/figures/").context["depends"] is None


def test_places_of_ones_own_are_no_network_to_depend_on(client: Client) -> None:
    counted(make_account(kind="email", own_id="us"), "received", 95)
    counted(make_account(kind="mastodon", own_id="us"), "received", 5)
    assert client.get("/accounts/figures/").context["depends"] is None


def test_before_the_first_night_it_says_when_figures_come(client: Client) -> None:
    assert "cette nuit" in client.get("/accounts/figures/").content.decode()


def test_a_rating_is_shown_with_its_best(client: Client) -> None:
    account = make_account()
    counted(account, "rating", 4.4, best=5)
    assert "4,4 sur 5" in client.get(f"/accounts/{account.pk}/").content.decode()


def test_a_rating_is_shown_over_time_as_it_stood_at_the_end_of_each_week(client: Client) -> None:
    account = make_account()
    for days_ago, value in ((400, 2.0), (28, 4.4), (14, 4.2), (0, 3.8)):
        counted(account, "rating", value, days_ago=days_ago, best=5)
    page = client.get(f"/accounts/{account.pk}/")
    assert [week.text for week in page.context["rating"].stands] == ["4,4", "4,2", "3,8"]
    assert page.context["rating"].points == "0.0,18.0 360.0,24.0 720.0,36.0"
    assert "De 4,4 à 3,8, sur 5." in page.content.decode()


def test_a_rating_that_is_young_is_shown_day_by_day(client: Client) -> None:
    account = make_account()
    for days_ago, value in ((3, 3.9), (2, 3.6), (1, 4.0), (0, 4.3)):
        counted(account, "rating", value, days_ago=days_ago, best=5)
    page = client.get(f"/accounts/{account.pk}/")
    assert [day.text for day in page.context["rating"].stands] == ["3,9", "3,6", "4,0", "4,3"]


def test_one_rating_alone_makes_no_line(client: Client) -> None:
    account = make_account()
    counted(account, "rating", 4.4, best=5)
    assert client.get(f"/accounts/{account.pk}/").context["rating"] is None
