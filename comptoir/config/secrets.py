"""What only this installation knows: made at the first start, kept 0600 in the data folder."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from comptoir.config.paths import data_directory, make_data_directory
from comptoir.core.reasons import ReasonedError

__all__ = ["Secrets", "SecretsError", "add_encryption_key", "data_directory", "load_secrets", "secrets_file"]


class SecretsError(ReasonedError):
    """The secrets cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """``encryption_keys``: newest first; the first one encrypts, all of them decrypt."""

    secret_key: str
    encryption_keys: list[str]
    webhook_signing_key: str
    database_password: str


def secrets_file(data_dir: Path) -> Path:
    """COMPTOIR_SECRETS_FILE (which several machines may share), else secrets.json in the data folder."""
    named = os.environ.get("COMPTOIR_SECRETS_FILE")
    return Path(named).expanduser().absolute() if named else data_dir / "secrets.json"


def load_secrets(data_dir: Path) -> Secrets:
    """Read the secrets, making them when this is the first start. Raises SecretsError."""
    path = secrets_file(data_dir)
    if not path.exists():
        if _has_a_database(data_dir):
            raise SecretsError(
                "%(path)s is missing although this installation has a database: without it nothing stored encrypted "
                "can be read. Put the file back from a backup (`comptoir restore` writes it too).",
                path=str(path),
            )
        make_data_directory(data_dir)
        _write_first(path, _new_secrets())
    try:
        return Secrets(**json.loads(path.read_text()))
    except OSError as error:
        raise SecretsError(
            "%(path)s cannot be read (%(error)s). It belongs to the user that runs Comptoir.",
            path=str(path),
            error=error.strerror or "",
        ) from error
    except (ValueError, TypeError) as error:
        raise SecretsError(
            "%(path)s is damaged (%(error)s). Put it back from a backup.", path=str(path), error=str(error)
        ) from error


def add_encryption_key(data_dir: Path) -> Secrets:
    """Put a new encryption key before the others, which stay to read what they encrypted."""
    present = asdict(load_secrets(data_dir))
    present["encryption_keys"] = [_fernet_key(), *present["encryption_keys"]]
    path = secrets_file(data_dir)
    os.replace(_written_beside(path, present), path)
    return load_secrets(data_dir)


def drop_former_keys(data_dir: Path) -> Secrets:
    """Forget every encryption key but the newest: only once everything is encrypted with that one."""
    present = asdict(load_secrets(data_dir))
    present["encryption_keys"] = present["encryption_keys"][:1]
    path = secrets_file(data_dir)
    os.replace(_written_beside(path, present), path)
    return load_secrets(data_dir)


def _new_secrets() -> dict[str, object]:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "encryption_keys": [_fernet_key()],
        "webhook_signing_key": secrets.token_urlsafe(32),
        "database_password": secrets.token_urlsafe(24),
    }


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _has_a_database(data_dir: Path) -> bool:
    return (data_dir / "postgres").exists() or (data_dir / "postgres.json").exists()


def _written_beside(path: Path, content: object) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _write_first(path: Path, content: object) -> None:
    """Of several processes that start at once, one writes; the others read what it wrote."""
    beside = _written_beside(path, content)
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
