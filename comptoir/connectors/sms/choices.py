"""Answers to press below a text, by RCS at Twilio: they want a template, which is made for the one message.

Source: Twilio, "Content API" (Create a Content resource), "twilio/card": on RCS, QUICK_REPLY is a suggested reply, and
a card without media is a text above a list of chips. Outside WhatsApp a template wants no approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, TransientError
from comptoir.connectors.shared.twilio import TwilioAccount
from comptoir.connectors.shared.untrusted import mapping, name

MAX_CHOICES = 10
MAX_CHOICE_CHARS = 20
MAX_TEXT_CHARS = 1024
_CONTENT = "https://content.twilio.com/v1/Content"
_NO_LANGUAGE = "fr"
#: A text may hold the signs that open a blank of a template: they are filled in themselves.
_BLANK_OPENS = "{{"


def template_with(account: TwilioAccount, outgoing: Outgoing, media: Sequence[str]) -> dict[str, str]:
    """What a message says instead of its text and files: a new template with them and the answers to press.

    Raises PermanentError where it would hold more than one file, and what a call raises.
    """
    if len(media) > 1:
        raise PermanentError("With answers to press, one picture may be sent: send the others after it.")
    actions = [{"type": "QUICK_REPLY", "title": choice, "id": choice} for choice in outgoing.choices]
    card: dict[str, Any] = {"body": outgoing.text.replace(_BLANK_OPENS, "{{1}}"), "actions": actions}
    if media:
        card["media"] = list(media)
    asked = {
        "friendly_name": f"comptoir {outgoing.key}"[:64],
        "language": outgoing.language or _NO_LANGUAGE,
        "variables": {"1": _BLANK_OPENS},
        "types": {"twilio/card": card},
    }
    made = mapping(account.call("POST", _CONTENT, repeatable=True, json=asked).content)  # one too many harms nobody
    identifier = name(made.get("sid"))
    if identifier is None:
        raise TransientError("Twilio took the answers to press without saying under which id it keeps them.")
    return {"ContentSid": identifier}
