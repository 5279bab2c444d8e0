from __future__ import annotations

import io

import pytest

from comptoir.config.archive import ArchiveReader, ArchiveWriter, safe_path
from comptoir.config.errors import CommandError


def written(tmp_path) -> bytes:
    stream = io.BytesIO()
    archive = ArchiveWriter(stream, {"release": "0"})
    archive.add("secrets.json", b"{}")
    archive.add_pieces("database", io.BytesIO(b"x" * 40_000_000))
    (tmp_path / "a").write_bytes(b"attachment" * 1000)
    archive.add_file("files/a", tmp_path / "a")
    archive.finish()
    return stream.getvalue()


def read(content: bytes) -> dict[str, bytes]:
    return {name: member.read() for name, member in ArchiveReader(io.BytesIO(content)).members()}


def test_what_is_written_reads_the_same(tmp_path):
    members = read(written(tmp_path))
    assert members["secrets.json"] == b"{}"
    assert members["files/a"] == b"attachment" * 1000
    assert b"".join(content for name, content in members.items() if name.startswith("database/")) == b"x" * 40_000_000
    assert len(members) == 5  # the database in three pieces, each of bounded size


def test_one_changed_byte_is_noticed(tmp_path):
    content = bytearray(written(tmp_path))
    content[content.index(b"attachment") + 20] ^= 1
    with pytest.raises(CommandError, match="files/a"):
        read(bytes(content))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_cut_one_is_noticed(tmp_path, share):
    content = written(tmp_path)
    with pytest.raises((CommandError, Exception), match=r"cut|damaged|end of data|not a backup"):
        read(content[: int(len(content) * share)])


@pytest.mark.parametrize("content", [b"", b"hello" * 1000])
def test_what_is_no_backup_is_told(content):
    with pytest.raises(CommandError, match="not a backup"):
        ArchiveReader(io.BytesIO(content))


@pytest.mark.parametrize("name", ["../x", "files/../../x", "/etc/passwd", ""])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(CommandError):
        safe_path(name, tmp_path)
