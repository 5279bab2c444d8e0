from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from comptoir.conversations.models import Conversation, Message
from comptoir.events.models import Event
from comptoir.intake import importing
from comptoir.intake.import_sources import UnknownFormatError
from comptoir.intake.importing import import_messages
from comptoir.intake.models import ImportRun
from comptoir.sla.models import SLAClock
from tests.factories import make_account

pytestmark = pytest.mark.django_db

MAIL = b"""From: Lea <lea@client.example>
To: service@maison.example
Subject: Colis
Message-ID: <%d@client.example>
Date: Mon, 02 Mar 2020 09:0%d:00 +0100

Bonjour numero %d
>From here on, nothing.
"""


def line(number: int, **fields: Any) -> str:
    full = {
        "external_id": f"m{number}",
        "thread_id": "t",
        "author": {"id": "lea", "name": "Léa"},
        "direction": "incoming",
        "text": f"Bonjour {number}",
        "sent_at": f"2020-03-02T09:0{number}:00+01:00",
    }
    return json.dumps(full | fields)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def account():
    return make_account(kind="webhook", own_id="us")


@pytest.fixture
def mail_account():
    return make_account(
        kind="email", own_id="service@maison.example", credentials={"address": "service@maison.example"}
    )


def write(folder: Path, *lines: str) -> Path:
    file = folder / "history.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_lines_become_history_that_nobody_waits_for(account, tmp_path, told):
    answer = line(2, direction="outgoing", author={"id": "us"}, counterpart={"id": "lea"})
    imported = import_messages(write(tmp_path, line(1), answer), account, progress=told.append)
    assert (imported.items, imported.messages, imported.unreadable) == (2, 2, 0)
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since, conversation.messages.count()) == ("resolved", None, 2)
    assert not SLAClock.objects.exists()
    assert list(Event.objects.values_list("name", "details")) == [("messages.imported", {"messages": 2})]


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_imported(account, tmp_path, told):
    lines = [
        line(1),
        "{",
        json.dumps([1]),
        line(2, sent_at="2020-03-02T09:00:00"),
        line(3, event="dance"),
        line(4, rating=3),
        line(5),
    ]
    with translation.override("en"):
        imported = import_messages(write(tmp_path, *lines), account, progress=told.append)
    assert (imported.messages, imported.unreadable) == (2, 5)
    assert [text.split(":")[0] for text in told if text.startswith("line")] == [f"line {n}" for n in (2, 3, 4, 5, 6)]


def test_a_line_that_the_database_refuses_is_named_and_the_others_are_imported(account, tmp_path, told, monkeypatch):
    """Also where what it is too long for looks like a database that is away."""
    store = importing.receive

    def refuse(account: Any, events: Any, **how: Any) -> int:
        kept = list(events)
        if any(event.external_id == "m2" for event in kept):
            with connection.cursor() as cursor:
                cursor.execute("SELECT array_to_tsvector(ARRAY[repeat('x', 3000)])")
        return store(account, kept, **how)

    monkeypatch.setattr(importing, "receive", refuse)
    imported = import_messages(write(tmp_path, line(1), line(2), line(3)), account, progress=told.append)
    assert (imported.messages, imported.unreadable) == (2, 1)


def test_importing_the_same_again_makes_nothing_twice(account, tmp_path):
    file = write(tmp_path, line(1), line(2))
    import_messages(file, account)
    ImportRun.objects.all().delete()
    assert import_messages(file, account).messages == 0
    assert Message.objects.count() == 2


def test_an_interrupted_import_goes_on_where_it_stopped(account, tmp_path, told, monkeypatch):
    monkeypatch.setattr(importing, "BATCH_ITEMS", 2)
    file = write(tmp_path, *(line(number) for number in range(1, 6)))

    def interrupt(text: str) -> None:
        if text.startswith("4"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_messages(file, account, progress=interrupt)
    assert Message.objects.count() == 4
    assert import_messages(file, account, progress=told.append).messages == 1
    assert "4" in told[0]
    assert ImportRun.objects.get().finished_at is not None


@pytest.mark.parametrize("shape", ["mbox", "folder"])
def test_mails_are_imported_from_an_mbox_and_from_a_folder(shape, mail_account, tmp_path):
    mails = [MAIL % (number, number, number) for number in (1, 2)]
    if shape == "mbox":
        path = tmp_path / "old.mbox"
        path.write_bytes(b"\n".join(b"From lea Mon Mar 02 09:00:00 2020\n" + mail for mail in mails))
    else:
        path = tmp_path
        for number, mail in enumerate(mails):
            (tmp_path / f"{number}.eml").write_bytes(mail.replace(b">From", b"From"))
    assert import_messages(path, mail_account).messages == 2
    assert "From here on, nothing." in Message.objects.order_by("sent_at")[0].text
    assert Message.objects.get(external_id="<1@client.example>").subject == "Colis"


@pytest.mark.parametrize("before", [b"\n\n", b"\xef\xbb\xbf", b"\r\n"])
def test_an_mbox_is_known_whatever_stands_before_its_first_mail(before, mail_account, tmp_path):
    (tmp_path / "old").write_bytes(before + b"From lea Mon Mar 02 09:00:00 2020\n" + MAIL % (1, 1, 1))
    imported = import_messages(tmp_path / "old", mail_account)
    assert (imported.items, imported.messages) == (1, 1)


def test_a_sentence_that_begins_with_from_does_not_cut_a_mail_in_two(mail_account, tmp_path):
    mail = MAIL.replace(b">From", b"From") % (1, 1, 1)
    (tmp_path / "old.mbox").write_bytes(b"From lea Mon Mar 02 09:00:00 2020\n" + mail + b"\nFrom now on, write.\n")
    assert import_messages(tmp_path / "old.mbox", mail_account).items == 1
    assert "From now on, write." in Message.objects.get().text


def test_one_mail_needs_no_ending_to_be_known(mail_account, tmp_path):
    (tmp_path / "mail").write_bytes(MAIL % (1, 1, 1))
    assert import_messages(tmp_path / "mail", mail_account).messages == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"id,text\n1,Bonjour\n", b"[1, 2]"])
def test_what_cannot_be_imported_at_all_is_said_once_and_not_line_by_line(content, account, tmp_path, told):
    (tmp_path / "export").write_bytes(content)
    with pytest.raises(UnknownFormatError, match="neither JSON lines"):
        import_messages(tmp_path / "export", account, progress=told.append)
    assert (told, ImportRun.objects.count()) == ([], 0)


def test_a_folder_without_a_mail_is_said(mail_account, tmp_path):
    with pytest.raises(UnknownFormatError, match=r"no \.eml"):
        import_messages(tmp_path, mail_account)


def test_a_folder_is_read_whatever_else_lies_in_it(mail_account, tmp_path, told):
    (tmp_path / "folder.eml").mkdir()
    (tmp_path / "notes.txt").write_text("not a mail")
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "UPPER.EML").write_bytes(MAIL % (1, 1, 1))
    assert import_messages(tmp_path, mail_account, progress=told.append).messages == 1


def test_a_mail_that_the_disk_does_not_give_is_named_and_the_others_are_imported(
    mail_account, tmp_path, told, monkeypatch
):
    for number in (1, 2):
        (tmp_path / f"{number}.eml").write_bytes(MAIL % (number, number, number))
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "1.eml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    imported = import_messages(tmp_path, mail_account, progress=told.append)
    assert (imported.messages, imported.unreadable, told[0]) == (1, 1, "1.eml: Permission denied")


def test_a_mail_added_deep_in_a_folder_that_was_imported_is_not_passed_over(mail_account, tmp_path):
    deep = tmp_path / "2020" / "03"
    deep.mkdir(parents=True)
    (deep / "b.eml").write_bytes(MAIL % (1, 1, 1))
    import_messages(tmp_path, mail_account)
    (deep / "a.eml").write_bytes(MAIL % (2, 2, 2))
    assert import_messages(tmp_path, mail_account).messages == 1
    assert Message.objects.count() == 2
