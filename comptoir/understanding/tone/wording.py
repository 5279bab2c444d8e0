"""The line that explains each hint; translated by whoever shows it."""

from __future__ import annotations

from typing import Final


def gettext_noop(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text


EXPLANATIONS: Final[dict[str, str]] = {
    "first_name": gettext_noop("The person’s first name is known: use it."),
    "point": gettext_noop("They also complain of this, and the reply does not take it up: “{words}”."),
    "reassures": gettext_noop("Say that you see what they go through, and that it is taken care of."),
    "next_step": gettext_noop("End on a next step with a day or an hour."),
    "stock": gettext_noop("This would fit any reply: say it for this person."),
    "known": gettext_noop("This is held already, or the message says it: no need to ask."),
    "blame": gettext_noop("This may be read as putting the fault on the customer."),
    "register": gettext_noop("“Tu” and “vous” are mixed: keep to one."),
    "personal_data": gettext_noop("This is personal data, and the reply is public."),
    "shouting": gettext_noop("Capitals or repeated signs read as shouting."),
    "jargon": gettext_noop("A word of the house: say it in the customer’s words."),
    "spacing": gettext_noop("French puts a no-break space here."),
    "ellipsis": gettext_noop("An ellipsis is one sign of three dots, and leaves things unsaid."),
    "familiar": gettext_noop("This is familiar for this channel."),
    "stiff": gettext_noop("This is stiff for this channel."),
    "long": gettext_noop("This is long for this channel: {count} characters, {most} at most."),
}
