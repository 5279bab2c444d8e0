from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from comptoir.config.secrets import SecretsError, add_encryption_key, drop_former_keys, load_secrets


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COMPTOIR_SECRETS_FILE", raising=False)
    return tmp_path / "var"


def test_they_are_made_once_and_closed_to_others(folder):
    first = load_secrets(folder)
    assert load_secrets(folder) == first
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) & 0o066 == 0
    Fernet(first.encryption_keys[0])


def test_two_installations_share_none(tmp_path, folder):
    mine, theirs = load_secrets(folder), load_secrets(tmp_path / "other")
    assert not {mine.secret_key, mine.database_password, *mine.encryption_keys} & {
        theirs.secret_key, theirs.database_password, *theirs.encryption_keys
    }  # fmt: skip


def test_processes_that_start_at_once_agree(folder):
    folder.mkdir()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _number: load_secrets(folder), range(16)))
    assert len({one.secret_key for one in made}) == 1
    assert sorted(os.listdir(folder)) == ["files", "secrets.json", "static"]


def test_a_new_key_encrypts_and_the_former_one_still_reads(folder):
    before = load_secrets(folder)
    after = add_encryption_key(folder)
    assert after.encryption_keys[1:] == before.encryption_keys
    assert after.secret_key == before.secret_key
    assert drop_former_keys(folder).encryption_keys == after.encryption_keys[:1]
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"secret_key": "x"})])
def test_a_damaged_file_is_told_and_kept(folder, content):
    folder.mkdir()
    (folder / "secrets.json").write_text(content)
    with pytest.raises(SecretsError, match="damaged"):
        load_secrets(folder)
    assert (folder / "secrets.json").read_text() == content


def test_another_file_can_be_named(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPTOIR_SECRETS_FILE", str(tmp_path / "shared.json"))
    load_secrets(folder)
    assert (tmp_path / "shared.json").exists()
    assert not (folder / "secrets.json").exists()
