"""Who wrote a mail, and whom one of ours is for, also where a list or a form stands in the sender's place."""

from __future__ import annotations

import re
from collections.abc import Collection

from comptoir.connectors.base import Author, Direction
from comptoir.connectors.email import headers as h

_DISOWNED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)
#: "'Léa Martin' via Service": what a list that sends in its own name makes of a member's.
_VIA = re.compile(r"^\W*(?P<name>[^\n]{1,200}?)\W*\svia\s.", re.IGNORECASE)
#: What shows that a list, or a group that is a mailbox, passed it on.
_OF_LISTS = ("list-id", "list-post", "mailing-list", "x-beenthere", "x-google-group-id", "x-mailman-version")


def author_of(headers: h.Headers, own: Collection[str]) -> tuple[Author, Direction]:
    """Who wrote it, and on which side they stand. ``own`` are our addresses, lower case."""
    senders = h.addresses(headers, "from") or h.addresses(headers, "sender")
    if not senders:
        return _nameless(h.header_text(headers, "from")), "incoming"
    name, address = senders[0]
    behind = _behind_a_list(headers, name, address, own)
    if behind is not None:
        return _person(*behind), "incoming"
    if address.lower() not in own or _is_disowned(headers):
        return _person(name, address), "incoming"
    answer_to = h.addresses(headers, "reply-to")
    recipients = h.addresses(headers, "to", "cc")
    if (
        answer_to
        and answer_to[0][1].lower() not in own
        and recipients
        and all(to.lower() in own for _, to in recipients)
    ):
        return _person(*answer_to[0]), "incoming"  # a contact form that writes to us in our own name
    return _person(name, address), "outgoing"


def _is_disowned(headers: h.Headers) -> bool:
    """Whether our own mail server saw that who wrote does not own the address (RFC 8601): it is none of our words."""
    return _DISOWNED.search(h.raw_header(headers, "authentication-results")) is not None


def _nameless(written: str) -> Author:
    """A sender without an address, such as a mail server that calls itself MAILER-DAEMON."""
    handle, _, rest = written.replace("<>", "").strip().partition(" ")
    name = rest.strip(' ()"') or None
    if not handle or len(handle) > 320:
        return Author(name=written[:300] or None)
    return (
        Author(id=handle.lower(), handle=handle, name=name)
        if not rest or rest.startswith("(")
        else Author(name=written[:300])
    )


def _person(name: str, address: str) -> Author:
    return Author(id=address.lower(), handle=address, name=name or None)


def counterpart_of(headers: h.Headers, own: Collection[str]) -> Author | None:
    """Whom a mail of ours is for: its first recipient that is not us."""
    for name, address in h.addresses(headers, "to", "cc", "bcc"):
        if address.lower() not in own:
            return _person(name, address)
    return None


def _behind_a_list(headers: h.Headers, shown: str, address: str, own: Collection[str]) -> tuple[str, str] | None:
    """Who wrote to a list that sends in its own name; None where none does, or where it does not tell.

    Google Groups names them in X-Original-From, Mailman in Reply-To. Without this everybody who writes to a shared
    mailbox would be the mailbox itself.
    """
    via = _VIA.match(shown[:300])
    if via is None or not any(name in headers for name in _OF_LISTS):
        return None
    for wanted in ("x-original-from", "reply-to", "x-original-sender", "x-mailfrom"):
        found = [one for one in h.addresses(headers, wanted) if one[1].lower() not in (address.lower(), *own)]
        if len(found) == 1:
            name, behind = found[0]
            return name or via["name"].strip(), behind
    return None
