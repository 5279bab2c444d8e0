"""Reading a mailbox over IMAP: nothing is marked, moved or deleted; where we are is a cursor per folder.

A cursor is ``{folder: {"uidvalidity": n, "uidnext": n, "seen_until": day}}``. When the server numbers a folder anew
(UIDVALIDITY), everything since the last day seen is read again, and each delivery's key, the digest of its bytes, keeps
it from being stored twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from comptoir.connectors.base import AuthError, Delivery, Page, PermanentError, TransientError
from comptoir.connectors.email.credentials import port_number
from comptoir.connectors.email.refusals import NO_SERVER, NOT_NOW, NOT_TRUSTED, REFUSED, REFUSED_SIGN_IN, unreachable
from comptoir.core.reasons import template

BATCH_MESSAGES = 50
BATCH_BYTES = 40_000_000
MAX_MAIL_BYTES = 35_000_000
#: SEARCH SINCE counts in days of the server's own zone.
REREAD_MARGIN = timedelta(days=2)

_TICK_SECONDS = 1.0
_TICKS_BETWEEN_FOLDERS = 50
_TICKS_PER_IDLE = 280  # far under the 29 minutes of RFC 2177, so that a dead connection is noticed
_WAIT_WITHOUT_IDLE_SECONDS = 20.0

_BYTES = re.compile(r"""b(?P<mark>['"])(?P<said>.*)(?P=mark)""", re.DOTALL)
_CONNECTION_FAILED = template("The connection to the mailbox at %(host)s failed: “%(said)s”.")

Cursor = dict[str, dict[str, Any]]


@contextlib.contextmanager
def mailbox(credentials: Mapping[str, str]) -> Iterator[IMAPClient]:
    """A connection that is signed in. Whatever goes wrong comes out as one of the connector's errors."""
    host = credentials["imap_host"]
    client = None
    try:
        client = _connected(credentials, host)
        _sign_in(client, credentials["username"], credentials["password"])
        yield client
    except LoginError as error:
        raise _refusal(host, _said(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise PermanentError(NOT_TRUSTED, host=host, said=error.verify_message) from error
    except UnicodeError as error:
        raise PermanentError(NO_SERVER, host=host) from error
    except (IMAPClientAbortError, OSError) as error:
        raise unreachable(host, error, otherwise=_CONNECTION_FAILED) from error
    except IMAPClientError as error:
        raise PermanentError(REFUSED, host=host, said=_said(error)) from error
    finally:
        if client is not None:
            with contextlib.suppress(Exception):  # it may be gone already
                client.logout()


def _connected(credentials: Mapping[str, str], host: str) -> IMAPClient:
    security = credentials.get("imap_security") or "ssl"
    port = port_number(credentials.get("imap_port"), 993 if security == "ssl" else 143)
    context = ssl.create_default_context() if security != "none" else None
    limits = SocketTimeout(connect=20, read=60)
    client = IMAPClient(host, port=port, ssl=security == "ssl", ssl_context=context, timeout=limits)
    if security == "starttls":
        client.starttls(context)
    client.normalise_times = False
    return client


def _sign_in(client: IMAPClient, username: str, password: str) -> None:
    if (username + password).isascii():
        client.login(username, password)
    else:  # the LOGIN command knows only ASCII
        client.sasl_login("PLAIN", lambda _: f"\0{username}\0{password}".encode())


def _said(error: Exception) -> str:
    """What the server said: imapclient hands its bytes on as Python writes them, ``b'…'``."""
    said = str(error)
    written = _BYTES.fullmatch(said)
    return written["said"] if written else said


def _refusal(host: str, answer: str) -> AuthError | TransientError:
    if any(word in answer.upper() for word in ("UNAVAILABLE", "INUSE", "TEMPORAR", "TRY AGAIN", "TOO MANY")):
        return TransientError(NOT_NOW, host=host, said=answer)
    return AuthError(REFUSED_SIGN_IN, host=host, said=answer)


def folder_names(credentials: Mapping[str, str]) -> list[str]:
    """The folders to read, the first one watched."""
    named = [one.strip() for one in (credentials.get("folders") or "INBOX").split(",") if one.strip()]
    sent = (credentials.get("sent_folder") or "").strip()
    return list(dict.fromkeys([*named, sent] if sent else named))


def read_folders(client: IMAPClient, folders: Sequence[str], state: Cursor, history_days: int) -> Iterator[Page]:
    """Everything new in the folders; ``state`` moves on with each page."""
    for folder in folders:
        yield from _read_folder(client, folder, state, history_days)


def _read_folder(client: IMAPClient, folder: str, state: Cursor, history_days: int) -> Iterator[Page]:
    selected = client.select_folder(folder, readonly=True)
    validity = int(selected.get(b"UIDVALIDITY", 0))
    known = state.get(folder)
    if known is None:
        newest = _newest_day(client, selected)
        since = newest - timedelta(days=history_days) if newest and history_days else None
        uids = _uids_since(client, since) if since else []
    elif known["uidvalidity"] != validity:
        newest = _day(known.get("seen_until"))
        uids = _uids_since(client, newest - REREAD_MARGIN if newest else None)
    else:
        newest = _day(known.get("seen_until"))
        uids = _uids_from(client, selected, known["uidnext"])
    yield from _batches(client, folder, state, uids, validity, newest)
    following = max(int(selected.get(b"UIDNEXT", 0)), (uids[-1] + 1 if uids else 0), _next_uid(client, selected))
    if known is None or known["uidvalidity"] != validity or known["uidnext"] < following:
        latest = state.get(folder, {}).get("seen_until") or (newest.isoformat() if newest else None)
        state[folder] = {"uidvalidity": validity, "uidnext": following, "seen_until": latest}
        yield Page((), _copy(state))


def _next_uid(client: IMAPClient, selected: Mapping[bytes, Any]) -> int:
    """For the few servers that do not say UIDNEXT."""
    if b"UIDNEXT" in selected or not selected.get(b"EXISTS"):
        return 0
    return max(client.search("ALL"), default=0) + 1


def _uids_from(client: IMAPClient, selected: Mapping[bytes, Any], uidnext: int) -> list[int]:
    if not selected.get(b"EXISTS") or int(selected.get(b"UIDNEXT", uidnext + 1)) <= uidnext:
        return []
    # "n:*" always names the last message, even when its number is lower
    return sorted(uid for uid in client.search(["UID", f"{uidnext}:*"]) if uid >= uidnext)


def _uids_since(client: IMAPClient, since: date | None) -> list[int]:
    return sorted(client.search(["SINCE", since] if since else "ALL"))


def _newest_day(client: IMAPClient, selected: Mapping[bytes, Any]) -> date | None:
    """The day of the newest mail: history is counted back from it, so that no clock is needed."""
    if not selected.get(b"EXISTS"):
        return None
    fetched = client.fetch(client.search(["UID", "*"]), ["INTERNALDATE"])
    days = [_internal_day(item) for item in fetched.values()]
    return max((day for day in days if day), default=None)


def _batches(
    client: IMAPClient, folder: str, state: Cursor, uids: Sequence[int], validity: int, newest: date | None
) -> Iterator[Page]:
    for start in range(0, len(uids), BATCH_MESSAGES):
        chunk = uids[start : start + BATCH_MESSAGES]
        sizes = client.fetch(chunk, ["RFC822.SIZE", "INTERNALDATE"])
        for group in _groups(chunk, sizes):
            deliveries = _fetched(client, folder, group, sizes)
            days = [day for uid in group if uid in sizes and (day := _internal_day(sizes[uid]))]
            newest = max([*days, *([newest] if newest else [])], default=None)
            previous = state.get(folder)
            if previous is None or previous["uidvalidity"] == validity:
                reached = {"uidvalidity": validity, "uidnext": group[-1] + 1}
            else:  # until a folder that was numbered anew is read whole, a cut starts it over
                reached = {"uidvalidity": previous["uidvalidity"], "uidnext": previous["uidnext"]}
            keep = newest if reached["uidvalidity"] == validity else _day((previous or {}).get("seen_until"))
            state[folder] = {**reached, "seen_until": keep.isoformat() if keep else None}
            yield Page(deliveries, _copy(state))


def _groups(uids: Sequence[int], sizes: Mapping[int, Mapping[bytes, Any]]) -> Iterator[list[int]]:
    """Groups small enough to be held in memory at once."""
    group: list[int] = []
    total = 0
    for uid in uids:
        size = min(_size(sizes, uid), MAX_MAIL_BYTES)
        if group and total + size > BATCH_BYTES:
            yield group
            group, total = [], 0
        group.append(uid)
        total += size
    if group:
        yield group


def _fetched(
    client: IMAPClient, folder: str, uids: list[int], sizes: Mapping[int, Mapping[bytes, Any]]
) -> list[Delivery]:
    large = {uid for uid in uids if _size(sizes, uid) > MAX_MAIL_BYTES}
    whole = [uid for uid in uids if uid not in large]
    bodies = client.fetch(whole, ["BODY.PEEK[]"]) if whole else {}
    heads = client.fetch(sorted(large), ["BODY.PEEK[HEADER]"]) if large else {}
    deliveries = []
    for uid in uids:
        if uid in large and uid in heads:
            deliveries.append(_cut_delivery(bytes(heads[uid].get(b"BODY[HEADER]") or b""), folder, _size(sizes, uid)))
        elif uid in bodies and bodies[uid].get(b"BODY[]"):
            deliveries.append(_delivery(bytes(bodies[uid][b"BODY[]"]), folder))
    return deliveries


def _delivery(raw: bytes, folder: str) -> Delivery:
    return Delivery(
        raw, "message/rfc822", {"x-comptoir-folder": folder}, key=f"sha256:{hashlib.sha256(raw).hexdigest()}"
    )


def _cut_delivery(head: bytes, folder: str, size_bytes: int) -> Delivery:
    """A mail too large to read: its headers, and where to find the rest."""
    megabytes, limit = round(size_bytes / 1_000_000), round(MAX_MAIL_BYTES / 1_000_000)
    note = (
        f"Ce message pèse {megabytes}\u00a0Mo, plus que les {limit}\u00a0Mo que Comptoir lit. "
        f"Il est intact dans le dossier «\u00a0{folder}\u00a0» de la boîte.\r\n"
        f"This message is {megabytes} MB, more than the {limit} MB that Comptoir reads. "
        f"It is whole in the folder “{folder}” of the mailbox.\r\n"
    )
    kind = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    raw = kind + head.rstrip(b"\r\n") + b"\r\n\r\n" + note.encode()
    headers = {"x-comptoir-folder": folder, "x-comptoir-cut": f"{size_bytes} bytes"}
    return Delivery(raw, "message/rfc822", headers, key=f"sha256:{hashlib.sha256(head).hexdigest()}")


def _size(sizes: Mapping[int, Mapping[bytes, Any]], uid: int) -> int:
    return int(sizes.get(uid, {}).get(b"RFC822.SIZE", 0))


def _internal_day(item: Mapping[bytes, Any]) -> date | None:
    moment = item.get(b"INTERNALDATE")
    return moment.date() if isinstance(moment, datetime) else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _copy(state: Cursor) -> Cursor:
    return {folder: dict(reached) for folder, reached in state.items()}


def watch(
    client: IMAPClient, folders: Sequence[str], state: Cursor, history_days: int, stop: threading.Event
) -> Iterator[Page]:
    """New mail as the server announces it in the first folder; the others are looked into about once a minute."""
    can_idle = client.has_capability("IDLE")
    others_due = True
    while not stop.is_set():
        yield from read_folders(client, folders if others_due else folders[:1], state, history_days)
        others_due = True
        if stop.is_set():
            return
        if not can_idle:
            stop.wait(_WAIT_WITHOUT_IDLE_SECONDS)
            continue
        if len(folders) > 1:  # the last one read is selected: listen to the first, unless it moved meanwhile
            selected = client.select_folder(folders[0], readonly=True)
            if int(selected.get(b"UIDNEXT", 0)) > state.get(folders[0], {}).get("uidnext", 0):
                others_due = False
                continue
        others_due = not _idle(client, stop, _TICKS_BETWEEN_FOLDERS if len(folders) > 1 else _TICKS_PER_IDLE)


def _idle(client: IMAPClient, stop: threading.Event, ticks: int) -> bool:
    """Listen until something happens (True), the time is over or we are to stop."""
    client.idle()
    try:
        for _ in range(ticks):
            announced = client.idle_check(timeout=_TICK_SECONDS)
            if any(isinstance(item, tuple) and item[-1:] and b"EXISTS" in item for item in announced):
                return True
            if any(isinstance(item, tuple) and item[:1] == (b"BYE",) for item in announced):
                raise OSError("the server said goodbye")
            if stop.is_set():
                return False
        return False
    finally:
        with contextlib.suppress(IMAPClientAbortError, OSError):
            client.idle_done()


def append_sent(credentials: Mapping[str, str], raw: bytes) -> None:
    """Leave a copy in the folder for sent mail."""
    with mailbox(credentials) as client:
        client.append(credentials["sent_folder"].strip(), raw, flags=(b"\\Seen",))
