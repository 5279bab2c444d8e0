from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Note
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_team

pytestmark = pytest.mark.django_db


# --- accounts ---


def test_account_is_shown_with_its_health_and_without_its_credentials(administrator: Program) -> None:
    account = make_account(credentials={"password": "hunter2", "host": "mail.maison.example"})
    AccountHealth.objects.filter(account=account).update(last_error="Refused.", last_error_at=now())
    response = administrator.get(f"/accounts/{account.pk}")
    shown = response.json()
    assert (shown["name"], shown["status"], shown["health"]["last_error"]) == (account.name, "active", "Refused.")
    for secret in ("hunter2", "credential", "password", account.hook_key, "mail.maison.example"):
        assert secret not in response.content.decode()


def test_account_without_health_is_shown(administrator: Program) -> None:
    account = make_account()
    AccountHealth.objects.filter(account=account).delete()
    assert administrator.get(f"/accounts/{account.pk}").json()["health"]["last_error"] == ""


def test_agent_sees_the_accounts_of_own_teams() -> None:
    team = make_team()
    mine = make_account(team=team)
    make_account()
    agent = program_for(make_agent(teams=[team]))
    assert [one["id"] for one in agent.get("/accounts").json()["items"]] == [mine.pk]
    assert ChannelAccount.objects.count() == 2


def test_account_that_is_hidden_from_the_agent_is_not_there() -> None:
    reserved = make_account()
    reserved.reserved_for.add(make_team())
    shown = make_account()
    supervisor = program_for(make_agent(role=Agent.Role.SUPERVISOR))
    assert [one["id"] for one in supervisor.get("/accounts").json()["items"]] == [shown.pk]
    assert supervisor.get(f"/accounts/{reserved.pk}").status_code == 404


# --- contacts ---


def test_contact_is_shown_with_every_name(administrator: Program) -> None:
    identity = make_identity(name="Lou Petit")
    make_identity(contact=identity.contact, channel="email", external_id="lou@exemple.fr")
    shown = administrator.get(f"/contacts/{identity.contact_id}").json()
    assert shown["name"] == "Lou Petit"
    assert [one["external_id"] for one in shown["identities"]] == [identity.external_id, "lou@exemple.fr"]


def test_contact_without_a_conversation_of_ones_team_is_not_there() -> None:
    team = make_team()
    known = make_conversation(account=make_account(team=team)).contact
    make_conversation()
    agent = program_for(make_agent(teams=[team]))
    assert [one["id"] for one in agent.get("/contacts").json()["items"]] == [known.pk]


@pytest.mark.parametrize("role", [Agent.Role.SUPERVISOR, Agent.Role.DIRECTOR])
def test_contact_of_an_account_that_is_hidden_is_not_there(role: str) -> None:
    reserved = make_account()
    reserved.reserved_for.add(make_team())
    hidden, known = make_conversation(account=reserved).contact, make_conversation().contact
    program = program_for(make_agent(role=role))
    assert [one["id"] for one in program.get("/contacts").json()["items"]] == [known.pk]
    assert program.get(f"/contacts/{hidden.pk}").status_code == 404


def test_change_of_a_contact_is_recorded_once(administrator: Program) -> None:
    contact = make_identity().contact
    for _time in range(2):
        shown = administrator.patch(f"/contacts/{contact.pk}", {"name": "Lou", "language": "fr"}).json()
    assert (shown["name"], shown["language"]) == ("Lou", "fr")
    assert [event.details for event in Event.objects.filter(name="contact.changed")] == [
        {"fields": ["name", "language"]}
    ]


def test_name_left_out_stays(administrator: Program) -> None:
    contact = make_identity(name="Lou").contact
    administrator.patch(f"/contacts/{contact.pk}", {"language": "en"})
    assert Contact.objects.get(pk=contact.pk).name == "Lou"


@pytest.mark.parametrize("language", ["français", "f", "fr;DROP"])
def test_language_that_is_none_is_invalid(administrator: Program, language: str) -> None:
    contact = make_identity().contact
    assert administrator.patch(f"/contacts/{contact.pk}", {"language": language}).status_code == 422


# --- notes ---


def test_note_is_kept_in_the_agents_name(administrator: Program) -> None:
    conversation = make_conversation()
    shown = administrator.post(f"/conversations/{conversation.pk}/notes", {"text": " Cliente fidèle "}).json()
    assert (shown["text"], shown["agent_id"]) == ("Cliente fidèle", administrator.agent.pk)
    assert [one["id"] for one in administrator.get(f"/conversations/{conversation.pk}/notes").json()["items"]] == [
        shown["id"]
    ]


def test_blank_note_is_pointed_at(administrator: Program) -> None:
    response = administrator.post(f"/conversations/{make_conversation().pk}/notes", {"text": "   "})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/text")
    assert not Note.objects.exists()


# --- deliveries set aside ---


def aside(**fields: object) -> RawDelivery:
    account = fields.pop("account", None) or make_account()
    return RawDelivery.objects.create(account=account, body=b"{", state="set_aside", reason="Not JSON.", **fields)


def test_only_what_was_set_aside_is_listed(administrator: Program) -> None:
    kept = aside()
    RawDelivery.objects.create(account=kept.account, body=b"[]", state="done")
    items = administrator.get("/deliveries").json()["items"]
    assert [(one["id"], one["reason"], one["size_bytes"]) for one in items] == [(kept.pk, "Not JSON.", 1)]
    assert administrator.get(f"/deliveries?account={make_account().pk}").json()["items"] == []


def test_delivery_is_read_again_on_request(administrator: Program) -> None:
    first, second = aside(), aside()
    assert administrator.post(f"/deliveries/{first.pk}/replay").json() == {"count": 1}
    assert administrator.post(f"/deliveries/{first.pk}/replay").status_code == 404
    assert administrator.post("/deliveries/replay").json() == {"count": 1}
    assert set(RawDelivery.objects.values_list("pk", "state")) == {(first.pk, "new"), (second.pk, "new")}
    assert Event.objects.filter(name="delivery.replayed", actor_kind="token").count() == 2


# --- tokens ---


def test_token_tells_whom_it_acts_for_and_what_it_may(administrator: Program) -> None:
    shown = administrator.get("/tokens/current").json()
    assert (shown["agent"]["id"], shown["role"]) == (administrator.agent.pk, "administrator")
    assert "conversations:read" in shown["scopes"]


def test_list_of_tokens_has_no_secret(administrator: Program) -> None:
    response = administrator.get("/tokens")
    assert administrator.secret not in response.content.decode()
    assert response.json()["items"][0]["prefix"] == administrator.secret[:12]


def test_revoked_token_stays_listed_and_is_recorded_once(administrator: Program) -> None:
    other = program_for(make_agent())
    for _time in range(2):
        assert administrator.delete(f"/tokens/{other.token_id}").status_code == 204
    assert other.get("/tokens/current").status_code == 401
    listed = {one["id"]: one["revoked_at"] for one in administrator.get("/tokens").json()["items"]}
    assert listed[other.token_id] is not None
    assert Event.objects.filter(name="token.revoked").count() == 1


def test_token_can_be_used_until_it_expires(administrator: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from comptoir.api.actions import create_token

    _token, secret = create_token(
        name="short", agent=administrator.agent, scopes=[], expires_at=now() + timedelta(hours=1)
    )
    short = Program(secret, administrator.agent, 0)
    assert short.get("/tokens/current").status_code == 200
    later = now() + timedelta(hours=2)
    monkeypatch.setattr("comptoir.api.models.now", lambda: later)
    assert short.get("/tokens/current").status_code == 401


def test_scope_that_there_is_not_makes_no_token(administrator: Program) -> None:
    from comptoir.api.actions import create_token

    with pytest.raises(ValueError, match="everything"):
        create_token(name="x", agent=administrator.agent, scopes=["everything"])


def test_delivery_of_an_account_that_is_hidden_is_not_there() -> None:
    reserved = make_account()
    reserved.reserved_for.add(make_team())
    hidden, shown = aside(account=reserved), aside()
    supervisor = program_for(make_agent(role=Agent.Role.SUPERVISOR))
    assert [one["id"] for one in supervisor.get("/deliveries").json()["items"]] == [shown.pk]
    assert supervisor.post(f"/deliveries/{hidden.pk}/replay").status_code == 404
    assert supervisor.post("/deliveries/replay").json() == {"count": 1}
