"""What Outlook wraps in a winmail.dat, on computers that are not American."""

from __future__ import annotations

import struct

from comptoir.connectors.email.winmail import unpack_winmail


def _object(level: int, name: int, body: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(body)) + body + struct.pack("<H", sum(body) & 0xFFFF)


def _winmail(body: bytes, file_name: bytes, code_page: int = 1252) -> bytes:
    """As [MS-OXTNEF] lays it out: version, code page, the mail's text, then a file's head, name and bytes."""
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + _object(1, 0x00089006, struct.pack("<I", 0x00010000))
        + _object(1, 0x00069007, struct.pack("<II", code_page, 0))
        + _object(1, 0x0002800C, body)
        + _object(2, 0x00069002, struct.pack("<HIHHI", 1, 0, 0, 0, 0))
        + _object(2, 0x00018010, file_name)
        + _object(2, 0x0006800F, b"%PDF-1.4\n%%EOF\n")
    )


def test_a_french_file_name_keeps_neither_text_nor_file_away() -> None:
    unpacked = unpack_winmail(_winmail("Ma télé est en panne\0".encode("cp1252"), "été.pdf\0".encode("cp1252")))
    assert unpacked is not None
    assert (unpacked.text, unpacked.files) == ("Ma télé est en panne", [("été.pdf", b"%PDF-1.4\n%%EOF\n")])


def test_a_file_name_is_read_in_the_code_page_of_the_computer_that_wrote_it() -> None:
    unpacked = unpack_winmail(_winmail(b"see file\0", "счёт.pdf\0".encode("cp1251"), code_page=1251))
    assert unpacked is not None
    assert [name for name, _bytes in unpacked.files] == ["счёт.pdf"]


def test_a_code_page_that_does_not_exist_is_no_reason_to_lose_the_mail() -> None:
    unpacked = unpack_winmail(_winmail(b"see file\0", "reçu.pdf\0".encode("cp1252"), code_page=4_000_000_000))
    assert unpacked is not None
    assert [name for name, _bytes in unpacked.files] == ["reçu.pdf"]
