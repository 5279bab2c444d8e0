"""Where the cluster lives and under which user it runs.

PostgreSQL refuses to run as root. Started as root, it runs under a user number of its own that nothing else uses, in a
folder that this user can reach: below the data folder, or, where a parent of that is closed to others (root's home),
below /var/lib/comptoir. The data folder then says where.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from comptoir.config.postgres.binaries import Binaries
from comptoir.config.postgres.errors import PostgresError

#: A range that neither Debian, Red Hat nor systemd gives out.
_OWN_USER_NUMBERS = range(61100, 61180)
_LONGEST_SOCKET_FOLDER = 88  # of the 107 bytes of a socket's path, .s.PGSQL.5432 takes 14


@dataclass(frozen=True, slots=True)
class Owner:
    """The user and group that PostgreSQL runs under when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Placement:
    """``home`` belongs to ``owner`` (None: to ourselves) and holds the cluster in ``data``."""

    home: Path
    owner: Owner | None

    @property
    def data(self) -> Path:
        return self.home / "data"


def outside_root() -> Path:
    """Where clusters and copies of binaries go that could not be reached where they should be."""
    return Path(os.environ.get("COMPTOIR_POSTGRES_DIR") or "/var/lib/comptoir")


def place(data_dir: Path) -> Placement:
    """Where the cluster of this data folder is, or will be; the folder is made. Raises PostgresError."""
    recorded = data_dir / "postgres.json"
    if os.geteuid() != 0:
        home = Path(json.loads(recorded.read_text())["home"]) if recorded.exists() else data_dir / "postgres"
        return Placement(_made(home, None), None)
    if recorded.exists():
        home = Path(json.loads(recorded.read_text())["home"])
        return Placement(_made(home, owner := _owner_of(home)), owner)
    home = data_dir / "postgres"
    owner = _owner_of(home)
    if not reachable(data_dir, owner):
        home = outside_root() / secrets.token_hex(6)
        _make_passable(home.parent, owner)
        recorded.write_text(json.dumps({"home": str(home)}))
    return Placement(_made(home, owner), owner)


def placed(data_dir: Path) -> Path:
    """The home of the cluster, without making anything."""
    recorded = data_dir / "postgres.json"
    return Path(json.loads(recorded.read_text())["home"]) if recorded.exists() else data_dir / "postgres"


def reachable(path: Path, owner: Owner) -> bool:
    """Whether ``owner`` can pass through ``path`` and every folder above it."""
    for folder in (path, *path.resolve().parents):
        state = folder.stat()
        allowed = stat.S_IXUSR if state.st_uid == owner.uid else stat.S_IXOTH
        if not state.st_mode & allowed:
            return False
    return True


def reachable_binaries(binaries: Binaries, owner: Owner | None) -> Binaries:
    """The same binaries, copied to a place that ``owner`` can reach if it cannot reach these. Raises PostgresError."""
    if owner is None or _usable(binaries.bin_dir, owner):
        return binaries
    if not binaries.folders:
        raise PostgresError(
            "%(folder)s cannot be reached by user %(uid)s: open it with `chmod a+rx`, "
            "or run Comptoir as an ordinary user.",
            folder=str(binaries.bin_dir),
            uid=owner.uid,
        )
    root = outside_root()
    copy = root / f"postgresql-{binaries.version[0]}.{binaries.version[1]}"
    _make_passable(root, owner)
    if not copy.exists():
        _copy_folders(binaries.folders, copy)
    return Binaries(copy / binaries.bin_dir.relative_to(binaries.folders[0].parent), binaries.version, ())


def socket_folder(home: Path, owner: Owner | None) -> Path:
    """A folder for the socket that only the database's user (and root) may enter, its path short enough."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
        return _made(inside, owner)
    recorded = home / "socket-folder"
    if recorded.exists():
        folder = Path(recorded.read_text())
        if _is_private(folder, owner):
            return folder
    folder = Path(tempfile.mkdtemp(prefix="comptoir-", dir="/tmp"))  # mkdtemp makes it 0700 under a new name
    _give(folder, owner)
    recorded.write_text(str(folder))
    return folder


def initdb_user() -> Owner:
    """A user that has a name, which initdb insists on; its files are given to the true owner afterwards."""
    for name in ("nobody", "postgres", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root and there is no user “nobody” here: run Comptoir as an ordinary user."
    )


def give_tree(folder: Path, owner: Owner) -> None:
    """Give a folder and all in it to ``owner``."""
    for parent, _folders, files in os.walk(folder):
        for path in (parent, *(os.path.join(parent, file) for file in files)):
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def _owner_of(home: Path) -> Owner:
    if home.exists() and home.stat().st_uid != 0:
        state = home.stat()
        return Owner(state.st_uid, state.st_gid)
    for number in _OWN_USER_NUMBERS:
        try:
            pwd.getpwuid(number)
        except KeyError:
            return Owner(number, number)
    raise PostgresError("No free user number for the database: run Comptoir as an ordinary user.")


def _made(folder: Path, owner: Owner | None) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_private(folder, owner):
        _give(folder, owner)
        folder.chmod(0o700)
    return folder


def _give(folder: Path, owner: Owner | None) -> None:
    if owner is None:
        return
    try:
        os.chown(folder, owner.uid, owner.gid)
    except OSError as error:
        raise PostgresError(
            "%(folder)s cannot be given to user %(uid)s (%(error)s): PostgreSQL does not run as root, "
            "so run Comptoir as an ordinary user here.",
            folder=str(folder),
            uid=owner.uid,
            error=error.strerror or "",
        ) from error


def _is_private(folder: Path, owner: Owner | None) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    state = folder.stat()
    return state.st_uid == (owner.uid if owner else os.geteuid()) and state.st_mode & 0o777 == 0o700


def _make_passable(folder: Path, owner: Owner) -> None:
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        folder.chmod(folder.stat().st_mode | 0o111)
    except OSError as error:
        raise PostgresError(
            "%(folder)s cannot be made (%(error)s): set COMPTOIR_POSTGRES_DIR to a folder that can.",
            folder=str(folder),
            error=error.strerror or "",
        ) from error
    if not reachable(folder, owner):
        raise PostgresError(
            "%(folder)s cannot be reached by user %(uid)s: set COMPTOIR_POSTGRES_DIR to a folder that can.",
            folder=str(folder),
            uid=owner.uid,
        )


def _usable(bin_dir: Path, owner: Owner) -> bool:
    postgres, share = bin_dir / "postgres", bin_dir.parent / "share"
    readable = all(path.stat().st_mode & 0o005 == 0o005 for path in (postgres, share) if path.exists())
    samples = list(share.rglob("postgres.bki"))
    return readable and reachable(bin_dir, owner) and all(path.stat().st_mode & 0o004 for path in samples)


def _copy_folders(folders: tuple[Path, ...], copy: Path) -> None:
    beside = copy.with_name(f".{copy.name}.{secrets.token_hex(6)}")
    for folder in folders:
        shutil.copytree(folder, beside / folder.name, ignore=shutil.ignore_patterns("include", "__pycache__", "*.a"))
    for parent, _folders, files in os.walk(beside):
        os.chmod(parent, 0o755)  # noqa: S103  # programs, not data: the database's user must read them
        for file in files:
            path = os.path.join(parent, file)
            os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)
    try:
        beside.rename(copy)
    except OSError:  # another start was faster
        shutil.rmtree(beside)
