"""Who is who on WhatsApp: telephone numbers, and the ids that hold for one business (user_id), which replace them.

A customer who took a user name may show no number any more, and older deliveries have no user_id: the number counts
where there is one, the user_id where there is none. What a delivery tells of both makes one an alias of the other, so
that somebody who hides their number later, or gets another user_id with another number, stays the same person.

Source: WhatsApp Business Platform, "Business-scoped user IDs", "System messages webhook reference".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from comptoir.connectors.base import Author
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name


@dataclass(frozen=True, slots=True)
class Company:
    """Our number in a delivery: its id, and itself as people read it."""

    phone_number_id: str | None
    number: str | None

    def is_own(self, written: str | None) -> bool:
        """Whether a number is ours, however it is written."""
        if not written:
            return False
        return written == self.phone_number_id or (bool(self.number) and digits(written) == digits(self.number))


def company_of(value: Mapping[str, Any]) -> Company:
    """Which of our numbers a delivery is about."""
    metadata = mapping(value.get("metadata"))
    return Company(name(metadata.get("phone_number_id")), name(metadata.get("display_phone_number")))


class Contacts:
    """The people whom a delivery introduces, found by number or by user_id."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._known: dict[str, Mapping[str, Any]] = {}
        listed = mappings(value.get("contacts"))
        for one in listed:
            for identifier in (name(one.get("wa_id")), name(one.get("user_id"))):
                if identifier:
                    self._known.setdefault(identifier, one)
        self._only = listed[0] if len(listed) == 1 else {}

    def person(self, number: str | None, user_id: str | None) -> Author:
        """Somebody, with the name and user name that the delivery tells; nobody named is the one it introduces."""
        told = self._known.get(number or "") or self._known.get(user_id or "")
        if told is None and not number and not user_id:
            told = self._only
        told = told or {}
        number, user_id = number or name(told.get("wa_id")), user_id or name(told.get("user_id"))
        profile = mapping(told.get("profile"))
        return Author(
            number or user_id,
            name((name(profile.get("username")) or "").removeprefix("@")),
            name(profile.get("name")),
            name(inside(profile, "picture")),
            aliases=(user_id,) if number and user_id else (),
        )

    def user_id(self, person: Author) -> str | None:
        """The business's own id of somebody whom the delivery introduces."""
        return name(self._known.get(person.id or "", {}).get("user_id"))


def renamed(author: Author, system: Mapping[str, Any]) -> Author:
    """Somebody of whom WhatsApp tells that their number or their user_id is another one now."""
    told = (name(system.get(key)) for key in ("previous_user_id", "wa_id", "new_wa_id", "user_id"))
    names = list(dict.fromkeys(one for one in (author.id, *author.aliases, *told) if one))
    return replace(author, id=names[0] if names else None, aliases=tuple(names[1:]))


def digits(written: str | None) -> str:
    """A number without what people put between its figures."""
    return "".join(letter for letter in written or "" if letter.isdecimal())
