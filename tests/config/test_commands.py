"""The sub-commands that change something, each on the test database."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError

from comptoir.api.models import ApiToken
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.config.cli import run_command
from comptoir.config.commands import manage, restore, up
from comptoir.config.doctor.application import application_findings
from comptoir.config.doctor.finding import CHECKS, Finding
from comptoir.config.doctor.machine import environment_findings
from comptoir.config.paths import make_data_directory
from comptoir.config.postgres import PostgresError
from comptoir.config.postgres.binaries import find_binaries
from comptoir.config.rotation import encrypt_again
from comptoir.intake.models import RawDelivery
from comptoir.people.models import Agent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch):
    """The test database is not the one that the environment names, and logging is pytest's."""
    monkeypatch.setattr("comptoir.config.starting.is_up_to_date", lambda _url: True)
    monkeypatch.setattr("comptoir.config.starting.configure_logging", lambda _name: None)
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "en")


def test_an_agent_is_created_with_teams_and_a_link(capsys):
    code = run_command(
        ["agent", "create", "a@example.com", "--name", "Awa", "--role", "supervisor", "--team", "Nord", "--team", "Sud"]
    )
    agent = Agent.objects.get(user__email="a@example.com")
    assert (code, agent.role, [team.name for team in agent.teams.all()]) == (0, "supervisor", ["Nord", "Sud"])
    assert "/sign-in/" in capsys.readouterr().out


def test_the_same_address_twice_is_told(capsys):
    run_command(["agent", "create", "a@example.com", "--name", "Awa"])
    assert run_command(["agent", "create", "A@example.com", "--name", "Other"]) == 1
    assert "already. Nothing was changed." in capsys.readouterr().err
    assert Agent.objects.count() == 1


def test_what_is_no_address_is_told(capsys):
    assert run_command(["agent", "create", "nobody", "--name", "Awa"]) == 2
    assert capsys.readouterr().err == "comptoir: “nobody” is not an e-mail address.\n"


def test_the_command_line_speaks_french(capsys, monkeypatch):
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    run_command(["agent", "create", "nobody", "--name", "Awa"])
    assert "n’est pas une adresse" in capsys.readouterr().err


def test_the_help_speaks_french_and_leaves_no_trace(capsys, monkeypatch):
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    for asked, said in ((["--help"], "démarrer tout"), (["up", "--help"], "charger la marque de démonstration")):
        with pytest.raises(SystemExit):
            run_command(asked)
        shown = " ".join(capsys.readouterr().out.split())
        assert said in shown
        assert "afficher cette aide" in shown
    assert "LANGUAGE" not in os.environ


def test_a_command_that_does_not_exist_is_told_in_french(capsys, monkeypatch):
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    with pytest.raises(SystemExit):
        run_command(["acount", "list"])
    assert "erreur : argument command : 'acount' n’est pas un choix possible" in capsys.readouterr().err.replace(
        "\u00a0", " "
    )


def test_every_check_of_the_doctor_has_a_name_in_french(monkeypatch):
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    assert Finding("data folder", True, "").title == "dossier de données"
    assert Finding("account 3 (Boutique)", True, "").title == "compte 3 (Boutique)"
    assert all(check in CHECKS for check in (found.check for found in environment_findings()))


def test_the_doctor_tells_of_accounts_in_french(monkeypatch):
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    account = factories.make_account(name="Boutique", status="paused")
    told = {finding.title: finding.found for finding in application_findings()}
    assert told[f"compte {account.pk} (Boutique)"] == "En pause"


def test_a_database_that_cannot_be_used_is_told_in_french(capsys, monkeypatch):
    def refuse(_options):
        raise PostgresError("The database (process %(pid)s) does not stop.", pid=7)

    monkeypatch.setenv("COMPTOIR_LANGUAGE", "fr")
    monkeypatch.setattr(manage, "run", refuse)
    assert run_command(["manage", "check"]) == 1
    assert "La base de données (processus 7) ne s’arrête pas." in capsys.readouterr().err


@pytest.mark.parametrize("named", ["garbage", "mysql://user:hush@host/name"])
def test_an_address_that_is_none_is_told_without_what_it_hides(capsys, monkeypatch, named):
    monkeypatch.setenv("COMPTOIR_DATABASE_URL", named)
    assert run_command(["doctor"]) == 1
    said = capsys.readouterr()
    assert "COMPTOIR_DATABASE_URL is no address of a PostgreSQL" in said.out
    assert "hush" not in said.out + said.err


def test_a_folder_without_a_postgresql_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("COMPTOIR_DATABASE_URL", raising=False)
    monkeypatch.setenv("COMPTOIR_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="where there is no PostgreSQL"):
        find_binaries()


def test_a_busy_port_leaves_no_data_folder_behind(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(up, "end_with_supervisor", lambda: None)
    monkeypatch.setenv("COMPTOIR_DATA_DIR", str(tmp_path / "var"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("COMPTOIR_PORT", str(taken.getsockname()[1]))
        assert run_command(["up"]) == 1
    assert "COMPTOIR_PORT" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_a_restored_folder_is_started_by_its_name(monkeypatch, tmp_path):
    monkeypatch.delenv("COMPTOIR_DATA_DIR", raising=False)
    assert restore._start(tmp_path) == "comptoir up"
    monkeypatch.setenv("COMPTOIR_DATA_DIR", "elsewhere")
    assert restore._start(Path("/srv/mon comptoir")) == "COMPTOIR_DATA_DIR='/srv/mon comptoir' comptoir up"


def test_a_token_is_printed_once_and_only_its_digest_kept(capsys):
    factories.make_agent(role=Agent.Role.ADMINISTRATOR)
    assert run_command(["token", "create", "CRM", "--scope", "events:read"]) == 0
    secret = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    assert token.scopes == ["events:read"]
    assert secret.startswith(token.prefix)
    assert secret not in (token.digest, token.prefix)


def test_a_token_for_a_scope_there_is_not_is_refused(capsys):
    factories.make_agent(role=Agent.Role.ADMINISTRATOR)
    assert run_command(["token", "create", "CRM", "--scope", "everything"]) == 2
    assert "There is no scope everything" in capsys.readouterr().err
    assert not ApiToken.objects.exists()


def test_without_an_administrator_the_way_to_make_one_is_told(capsys):
    assert run_command(["sign-in"]) == 1
    assert "comptoir agent create" in capsys.readouterr().err


def test_an_account_that_lacks_a_field_is_not_stored(capsys):
    factories.make_brand()
    factories.make_team()
    assert run_command(["account", "connect", "email", "--name", "Post"]) == 2
    assert "is missing: give it with --set" in capsys.readouterr().err
    assert not ChannelAccount.objects.exists()


def test_an_unknown_field_of_an_account_is_told(capsys):
    factories.make_brand()
    factories.make_team()
    assert run_command(["account", "connect", "email", "--name", "Post", "--set", "colour=blue"]) == 2
    assert "colour" in capsys.readouterr().err


def test_whoever_connects_an_account_is_told_what_the_other_side_needs(capsys):
    factories.make_brand(name="Lueur")
    factories.make_team()
    assert run_command(["account", "connect", "webhook", "--name", "Forum", "--set", "secret=un secret partagé"]) == 0
    assert run_command(["account", "connect", "chat", "--name", "Chat"]) == 0
    forum, chat = ChannelAccount.objects.order_by("pk")
    said = capsys.readouterr().out
    assert f"/hooks/webhook/{forum.hook_key}/" in said
    assert f'data-key="{chat.hook_key}"' in said


def test_a_secret_that_can_be_guessed_is_refused_where_it_is_typed(capsys):
    factories.make_brand()
    factories.make_team()
    assert run_command(["account", "connect", "webhook", "--name", "Forum", "--set", "secret=court"]) == 2
    assert "16" in capsys.readouterr().err
    assert not ChannelAccount.objects.exists()


def test_the_doctor_tells_of_one_that_is_in_use(monkeypatch):
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "en")
    account = factories.make_account(kind="webhook", name="Forum", credentials={"secret": "court"})
    told = {finding.title: finding for finding in application_findings()}
    finding = told[f"account {account.pk} (Forum)"]
    assert not finding.ok
    assert "fewer than 16 characters" in finding.found


def test_an_account_that_is_connected_already_is_told_when_it_is_checked(capsys, monkeypatch):
    account = factories.make_account(kind="webhook", name="Encore")
    AccountHealth.objects.filter(account=account).update(last_error="The same account is connected here.")
    monkeypatch.setattr("comptoir.channels.actions.check_account", _refuse_as_connected)
    assert run_command(["account", "check", "Encore"]) == 1
    assert "The same account is connected here." in capsys.readouterr().out


def _refuse_as_connected(account):
    raise IntegrityError


def test_a_mailbox_that_is_connected_already_is_not_connected_again(capsys):
    factories.make_account(kind="email", own_id="sav@maison.example")
    named = {"address": "sav@maison.example", "username": "sav", "password": "x", "imap_host": "m", "smtp_host": "m"}
    given = [part for name, text in named.items() for part in ("--set", f"{name}={text}")]
    assert run_command(["account", "connect", "email", "--name", "Encore", *given]) == 2
    assert "connected already" in capsys.readouterr().err
    assert ChannelAccount.objects.count() == 1


def test_the_files_of_customers_are_closed_to_everybody_else_on_the_machine(tmp_path):
    (tmp_path / "files").mkdir(mode=0o755)
    make_data_directory(tmp_path)
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700
    assert settings.STORAGES["default"]["OPTIONS"]["file_permissions_mode"] == 0o600


def test_secrets_that_are_gone_beside_a_database_are_to_be_put_back(monkeypatch, tmp_path):
    monkeypatch.setenv("COMPTOIR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "en")
    assert _remedy("secrets") == "Start once with: comptoir up"
    (tmp_path / "postgres").mkdir()
    assert _remedy("secrets") == "Put secrets.json back from a backup."


def _remedy(check):
    return next(finding.remedy for finding in environment_findings() if finding.check == check)


def test_accounts_are_listed_and_an_unknown_one_is_told(capsys):
    account = factories.make_account(name="Notre page")
    assert run_command(["account", "list"]) == 0
    assert "Notre page" in capsys.readouterr().out
    assert run_command(["account", "check", str(account.pk + 1)]) == 2


def test_what_was_set_aside_is_listed_and_replayed(capsys):
    account = factories.make_account()
    aside = RawDelivery.objects.create(
        account=account, body=b'{"odd": 1}', state="set_aside", reason="Not\nunderstood."
    )
    assert run_command(["deliveries", "list"]) == 0
    assert f"{account.name}: Not understood." in capsys.readouterr().out
    assert run_command(["deliveries", "replay", str(aside.pk)]) == 0
    aside.refresh_from_db()
    assert aside.state == RawDelivery.State.NEW


def test_every_stored_secret_is_encrypted_with_the_newest_key(settings):
    account = factories.make_account()
    account.credentials = {"token": "s3cret"}
    account.save()
    former = settings.ENCRYPTION_KEYS
    from cryptography.fernet import Fernet

    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *former]
    assert encrypt_again() >= 1
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    account.refresh_from_db()
    assert account.credentials == {"token": "s3cret"}


def test_health_names_the_part_that_does_not_work(client):
    answer = client.get("/healthz")
    parts = json.loads(answer.content)["parts"]
    assert answer.status_code == 503
    assert parts["database"] == {"ok": True}
    assert parts["worker"] == {"ok": False, "reason": "no worker has started yet"}
    assert parts["live"]["ok"] is False


def test_a_beating_worker_is_healthy_and_a_silent_one_is_not(client):
    from django.db import connection

    from comptoir.core.heartbeat import beat

    beat(f"worker:here:{os.getpid()}")
    assert json.loads(client.get("/healthz").content)["parts"]["worker"] == {"ok": True}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_heartbeat SET at = at - interval '1 minute'")
    assert re.search(
        r"no sign of life for 6\d s", json.loads(client.get("/healthz").content)["parts"]["worker"]["reason"]
    )


def test_a_delivery_that_waits_long_is_unhealthy(client):
    from django.utils import timezone

    account = factories.make_account()
    RawDelivery.objects.create(account=account, body=b"", received_at=timezone.now() - timezone.timedelta(minutes=5))
    assert re.search(r"30\d s", json.loads(client.get("/healthz").content)["parts"]["intake"]["reason"])


def test_an_agent_is_changed_by_command_and_the_rest_stays(capsys):
    agent = factories.make_agent(email="a@example.com", name="Awa", teams=[factories.make_team(name="Nord")])
    assert run_command(["agent", "edit", "a@example.com", "--role", "supervisor"]) == 0
    agent.refresh_from_db()
    assert (agent.role, agent.name, [team.name for team in agent.teams.all()]) == ("supervisor", "Awa", ["Nord"])


def test_an_agent_is_deactivated_by_command(capsys):
    agent = factories.make_agent(email="a@example.com")
    factories.make_conversation(assignee=agent)
    assert run_command(["agent", "deactivate", "a@example.com"]) == 0
    agent.refresh_from_db()
    assert not agent.is_active
    assert "teams: 1." in capsys.readouterr().out


def test_the_last_administrator_is_not_deactivated(capsys):
    factories.make_agent(email="a@example.com", role=Agent.Role.ADMINISTRATOR)
    assert run_command(["agent", "deactivate", "a@example.com"]) == 1


def test_tokens_are_listed_and_revoked_by_command(capsys):
    factories.make_agent(role=Agent.Role.ADMINISTRATOR)
    run_command(["token", "create", "CRM", "--scope", "events:read"])
    secret = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    run_command(["token", "list"])
    listed = capsys.readouterr().out
    assert "live" in listed
    assert secret not in listed
    assert run_command(["token", "revoke", str(token.pk)]) == 0
    token.refresh_from_db()
    assert token.revoked_at is not None
