"""The settings: what is made, shown once, closed, and read again."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client

from comptoir.api.models import ApiToken
from comptoir.brands.models import Brand
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.hours import spans_read
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.intake.models import RawDelivery
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Agent, SignInLink
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team
from tests.web.conftest import Counter, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Agent:
    return make_agent(role="administrator", name="Camille")


@pytest.fixture
def client(administrator: Agent) -> Client:
    return client_of(administrator)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("9h-12h30, 14:00 – 18:00", [["09:00", "12:30"], ["14:00", "18:00"]]),
        ("14h à 24h et 9h30 à 12h", [["09:30", "12:00"], ["14:00", "24:00"]]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, spans: list[list[str]]) -> None:
    assert spans_read(typed) == spans


@pytest.mark.parametrize("typed", ["9 to 5pm", "25-26", "demain"])
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        spans_read(typed)


def test_hours_are_kept_with_several_spans_a_day(client: Client) -> None:
    account = make_account()
    client.post(f"/accounts/{account.pk}/hours/", {"opens": "weekly", "mon": "9h-12h, 14h-18h", "tue": ""})
    account.refresh_from_db()
    assert account.weekly_hours == {"mon": [["09:00", "12:00"], ["14:00", "18:00"]]}


def test_overlapping_hours_keep_what_was_typed(client: Client) -> None:
    account = make_account()
    answer = client.post(f"/accounts/{account.pk}/hours/", {"opens": "weekly", "mon": "9h-14h, 12h-18h"})
    assert answer.status_code == 422
    assert "9h-14h, 12h-18h" in answer.content.decode()


def test_a_brand_gets_a_short_name_of_its_own(client: Client) -> None:
    for _number in range(2):
        client.post("/brands/new/", {"name": "Maison Lueur", "language": "fr", "time_zone": "Europe/Paris"})
    assert sorted(Brand.objects.values_list("slug", flat=True)) == ["maison-lueur", "maison-lueur-2"]


def test_an_invitation_waits_a_week_and_is_shown_once(client: Client) -> None:
    answer = client.post(
        "/people/new/", {"name": "Awa", "email": "awa@maison.example", "role": "agent", "language": "fr"}
    )
    link = SignInLink.objects.get()
    assert link.is_invitation
    assert (link.expires_at - link.created_at).days >= 6
    assert "/sign-in/" in answer.content.decode()
    assert "/sign-in/" not in client.get("/people/").content.decode()


def test_who_comes_by_an_invitation_chooses_a_password(client: Client) -> None:
    page = client.post(
        "/people/new/", {"name": "Awa", "email": "awa@maison.example", "role": "agent", "language": "fr"}
    ).content.decode()
    address = "/sign-in/" + page.split("/sign-in/")[1].split("<")[0]
    guest = Client()
    assert guest.post(address).headers["Location"] == "/welcome/"
    password = "une lampe de chevet"
    assert guest.post("/welcome/", {"new_password1": password, "new_password2": password}).status_code == 302
    assert guest.get("/inbox/all/").status_code == 200
    assert Agent.objects.get(name="Awa").user.check_password(password)


def test_the_welcome_says_once_what_a_password_must_be(client: Client) -> None:
    guest = Client()
    guest.force_login(make_agent().user, backend="django.contrib.auth.backends.ModelBackend")
    page = guest.get("/welcome/").content.decode()
    assert "huit caractères au moins" in page
    assert "au minimum 8 caractères" not in page


def test_a_weak_password_is_refused_at_the_welcome(client: Client) -> None:
    guest = Client()
    agent = make_agent()
    guest.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = guest.post("/welcome/", {"new_password1": "password", "new_password2": "password"})
    assert answer.status_code == 422


def test_a_second_invitation_ends_the_first_one(client: Client) -> None:
    agent = make_agent()
    first = SignInLink.issue(agent.user, is_invitation=True)
    SignInLink.issue(agent.user, is_invitation=True)
    assert SignInLink.redeem(first) is None


def test_closing_an_access_gives_the_conversations_back(client: Client) -> None:
    team = make_team()
    agent = make_agent(teams=[team])
    held = make_conversation(account=make_account(team=team), assignee=agent)
    theirs = client_of(agent)
    answer = client.post(f"/people/{agent.pk}/close/", follow=True)
    held.refresh_from_db()
    assert (held.assignee, held.team) == (None, team)
    assert "1 conversation" in answer.content.decode()
    assert theirs.get("/inbox/all/").status_code == 302
    assert Event.objects.filter(name="conversation.assigned", conversation_id=held.pk).exists()


def test_the_last_administrator_stays_one(client: Client, administrator: Agent) -> None:
    fields = {"name": "Camille", "role": "agent", "language": "fr"}
    assert client.post(f"/people/{administrator.pk}/", fields).status_code == 422
    client.post(f"/people/{administrator.pk}/close/")
    administrator.refresh_from_db()
    assert administrator.role == "administrator"
    assert administrator.is_active


def test_a_tokens_secret_is_shown_once(client: Client, administrator: Agent) -> None:
    page = client.post(
        "/tokens/new/", {"name": "CRM", "agent": administrator.pk, "scopes": ["events:read"], "days": "30"}
    ).content.decode()
    token = ApiToken.objects.get()
    assert "cpt_" in page
    secret = "cpt_" + page.split("cpt_")[1].split("<")[0]
    assert secret not in client.get("/tokens/").content.decode()
    assert token.expires_at is not None


def test_a_webhook_is_paused_and_told_again_only_when_on(client: Client) -> None:
    endpoint = WebhookEndpoint(url="https://crm.example/ici")
    endpoint.secret = "whsec_secret"
    endpoint.save()
    client.post(f"/webhooks/{endpoint.pk}/switch/")
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    page = client.post(f"/webhooks/{endpoint.pk}/replay/", {"span": "day"}, follow=True).content.decode()
    assert "is-error" in page
    assert "whsec_secret" not in page


def test_presence_is_set_from_anywhere_and_one_comes_back_there() -> None:
    agent = make_agent()
    answer = client_of(agent).post(
        "/me/availability/", {"availability": "busy"}, headers={"Referer": "http://testserver/inbox/mine/?sort=newest"}
    )
    agent.refresh_from_db()
    assert agent.availability == "busy"
    assert answer.headers["Location"] == "/inbox/mine/?sort=newest"


def test_the_first_steps_end_with_a_message_to_oneself(client: Client, administrator: Agent) -> None:
    make_account(kind="chat", team=make_team())
    answer = client.post("/guide/test/")
    conversation = Conversation.objects.get()
    assert answer.headers["Location"] == f"/conversations/{conversation.pk}/"
    administrator.refresh_from_db()
    assert administrator.preferences["guide"]["tested"]


def test_the_first_steps_can_be_left_and_come_back(client: Client) -> None:
    def in_the_rail() -> bool:
        return 'href="/guide/"' in client.get("/brands/").content.decode().split("</nav>")[0]

    assert in_the_rail()
    client.post("/guide/leave/")
    assert not in_the_rail()
    client.post("/guide/leave/")
    assert in_the_rail()


def test_reading_all_again_says_what_happens(counter: Counter) -> None:
    client = client_of(counter.people["supervisor"])
    RawDelivery.objects.update(received_at="2026-01-01T00:00:00Z")
    page = client.post("/deliveries/replay/", {}, follow=True).content.decode()
    assert "1 livraison est en cours de relecture" in page
    assert "Tout ce que les réseaux ont livré a été lu" not in page


def test_the_filters_limit_what_is_read_again(counter: Counter) -> None:
    other = RawDelivery.objects.create(account=make_account(), body=b"{", state="set_aside", reason="autre")
    client_of(counter.people["supervisor"]).post("/deliveries/replay/", {"reason": "autre", "account": ""})
    other.refresh_from_db()
    assert other.state == "new"
    counter.delivery.refresh_from_db()
    assert counter.delivery.state == "set_aside"


def test_brands_and_teams_are_listed_by_name(client: Client) -> None:
    for name in ("Savonnerie", "Brûlerie", "Lueur"):
        make_brand(name=name)
        make_team(name=name)
    for address in ("/brands/", "/teams/"):
        page = client.get(address).content.decode()
        assert page.index("Brûlerie") < page.index("Lueur") < page.index("Savonnerie")


def test_accounts_of_two_brands_with_one_name_are_told_apart(counter: Counter) -> None:
    make_account(name="Courriel", brand=make_brand(name="Lueur"))
    make_account(name="Courriel", brand=make_brand(name="Brûlerie"))
    page = client_of(counter.people["administrator"]).get("/deliveries/").content.decode()
    assert "Courriel · Lueur</option>" in page
    assert "Courriel · Brûlerie</option>" in page


def test_what_a_hidden_account_was_sent_is_not_shown(counter: Counter) -> None:
    reserved = make_account()
    reserved.reserved_for.add(make_team())
    hidden = RawDelivery.objects.create(account=reserved, body=b"secret", state="set_aside", reason="autre")
    client = client_of(counter.people["supervisor"])
    page = client.get("/deliveries/").content.decode()
    assert f"/deliveries/{hidden.pk}/" not in page
    assert f'<option value="{reserved.pk}">' not in page
    assert client.get(f"/deliveries/{hidden.pk}/").status_code == 404
    for asked in ({"id": hidden.pk}, {}, {"reason": "autre"}):
        client.post("/deliveries/replay/", asked)
    hidden.refresh_from_db()
    assert hidden.state == "set_aside"


def test_the_record_is_filtered_by_who_and_what(client: Client, administrator: Agent) -> None:
    client.post("/brands/new/", {"name": "Lueur", "language": "fr", "time_zone": "Europe/Paris"})
    record("agent.changed", subject=administrator)
    page = client.get(f"/record/?agent={administrator.pk}&what=brand.*").content.decode()
    assert "brand.created" in page
    assert "agent.changed" not in page


def test_the_record_goes_on_where_a_page_ends(client: Client, administrator: Agent) -> None:
    for _number in range(130):
        record("agent.changed", subject=administrator)
    page = client.get("/record/").content.decode()
    before = page.split("before=")[1].split('"')[0]
    assert client.get(f"/record/?before={before}").content.decode().count("agent.changed") == 30


def test_a_formula_in_the_record_is_text_in_the_spreadsheet(client: Client) -> None:
    make_brand()
    agent = make_agent(name="=HYPERLINK(1)")
    record("agent.changed", subject=agent, reason="+33 1 23")
    exported = b"".join(client.get("/record/export.csv?what=agent.*")).decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(exported), delimiter=";") if row["name"] == "agent.changed")
    assert (row["subject"], row["reason"]) == ("'=HYPERLINK(1)", "'+33 1 23")


def test_the_record_as_json_lines_has_every_event(client: Client, administrator: Agent) -> None:
    record("agent.changed", subject=administrator, to="x")
    lines = [json.loads(line) for line in b"".join(client.get("/record/export.jsonl")).decode().splitlines()]
    assert [line["name"] for line in lines][-2:] == ["agent.changed", "record.exported"]


def test_what_a_supervisor_may_not_see_is_not_in_their_record() -> None:
    hidden = make_conversation(account=make_account())
    supervisor = make_agent(role="supervisor")
    supervisor.brands.add(make_brand())
    record("conversation.resolved", subject=hidden)
    assert "conversation.resolved" not in client_of(supervisor).get("/record/").content.decode()


def test_an_account_shows_what_was_filled_in_but_no_secret(client: Client) -> None:
    account = make_account(
        kind="chat", credentials={"identity_secret": "tres-secret", "allowed_origins": "https://www.lueur.example"}
    )
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    assert "https://www.lueur.example" in page
    assert "tres-secret" not in page


def test_what_is_no_secret_can_be_emptied(client: Client) -> None:
    account = make_account(
        kind="chat", own_id="", credentials={"identity_secret": "s", "allowed_origins": "https://a.example"}
    )
    client.post(
        f"/accounts/{account.pk}/reconnect/", {"credential-allowed_origins": "", "credential-identity_secret": ""}
    )
    kept = ChannelAccount.objects.get(pk=account.pk).credentials
    assert (kept["identity_secret"], kept["allowed_origins"]) == ("s", "")


def test_one_entry_of_the_menu_is_marked_at_a_time(counter: Counter) -> None:
    client = client_of(counter.people["administrator"])
    page = client.get(f"/accounts/{counter.account.pk}/hours/").content.decode()
    menu = page[page.index('class="settings-menu"') : page.index("</nav>", page.index('class="settings-menu"'))]
    assert menu.count("aria-current") == 1


@pytest.mark.parametrize(("kind", "warns"), [("youtube", False), ("tripadvisor", True)])
def test_an_access_that_is_renewed_by_itself_is_no_reason_to_worry(counter: Counter, kind: str, warns: bool) -> None:
    account = make_account(kind=kind, team=counter.account.team, brand=counter.account.brand)
    AccountHealth.objects.filter(account=account).update(token_expires_at=now() + timedelta(hours=1))
    client = counter.client("administrator")
    assert ("expire bientôt" in client.get("/accounts/").content.decode()) is warns
    assert ("renouvelé de lui-même" in client.get(f"/accounts/{account.pk}/").content.decode()) is not warns


def test_a_time_zone_is_chosen_by_a_place(client: Client) -> None:
    page = client.get("/brands/new/").content.decode()
    assert "America/New York" in page
    assert not any(other in page for other in ("Etc/", "US/Eastern"))


def test_a_zone_that_was_kept_under_another_name_stays(client: Client) -> None:
    brand = make_brand(name="Lueur", time_zone="Etc/GMT+5")
    page = client.get(f"/brands/{brand.pk}/").content.decode()
    assert '<option value="Etc/GMT+5" selected>' in page
    answer = client.post(f"/brands/{brand.pk}/", {"name": "Lune", "language": "fr", "time_zone": "Etc/GMT+5"})
    assert answer.status_code == 302
    brand.refresh_from_db()
    assert (brand.name, brand.time_zone) == ("Lune", "Etc/GMT+5")


def test_a_mailbox_that_is_connected_already_is_refused_by_name_before_it_is_asked(client: Client) -> None:
    there = make_account(kind="email", own_id="sav@maison.example", name="Courriel du service")
    hosts = dict.fromkeys(("imap_host", "smtp_host"), "mail.maison.example")
    typed = {"address": "SAV@maison.example", "username": "sav", "password": "x"} | hosts
    sent = {f"credential-{name}": text for name, text in typed.items()}
    sent |= {"name": "Encore", "brand": str(there.brand_id), "team": str(there.team_id)}
    page = client.post("/accounts/connect/email/", sent)
    assert page.status_code == 422
    assert "«\N{NO-BREAK SPACE}Courriel du service\N{NO-BREAK SPACE}»" in page.content.decode()
    assert ChannelAccount.objects.count() == 1
