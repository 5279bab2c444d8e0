"""What comes from the composer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.desk.sending import Then
from comptoir.desk.snoozing import snooze_ends
from comptoir.web.confirming import is_confirmed, seal_of

MODES = (("public", _("Public reply")), ("private", _("Private reply")), ("note", _("Note")))
#: Until the customer writes, and at a chosen instant.
_UNTIL_REPLY, _CHOSEN = "reply", "at"
_LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
#: What was asked for when it was refused, and still holds once the agent has said « all the same ».
_ASKED = ("then", "snooze", "snooze_at", "later", "later_at", "personal_data_confirmed", "answered_seen")


class ReplyForm(forms.Form):
    """A reply or a note; what it may hold is `send_reply`'s and `add_note`'s to say.

    ``snooze`` and ``later`` name an instant of `snooze_ends`, or the one in the field beside them.
    """

    mode = forms.ChoiceField(choices=MODES)
    text = forms.CharField(required=False, strip=False, max_length=100_000)
    choices = forms.CharField(required=False, max_length=20_000)
    key = forms.UUIDField(required=False)
    seen_up_to = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    personal_data_confirmed = forms.CharField(required=False, max_length=64)
    answered_seen = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    then = forms.ChoiceField(required=False, choices=[("resolve", "resolve")])
    snooze = forms.CharField(required=False, max_length=10)
    snooze_at = forms.DateTimeField(required=False, input_formats=_LOCAL)
    later = forms.CharField(required=False, max_length=10)
    later_at = forms.DateTimeField(required=False, input_formats=_LOCAL)

    def __init__(self, posted: Any, *arguments: Any, account: ChannelAccount, **named: Any) -> None:
        filled = posted.copy()
        if "personal_data_confirmed" in posted or "answered_seen" in posted:
            for name in _ASKED:
                filled.setdefault(name, posted.get(f"again_{name}", ""))
                filled[name] = filled[name] or posted.get(f"again_{name}", "")
        super().__init__(filled, *arguments, **named)
        self.account = account

    @property
    def again(self) -> dict[str, str]:
        """What was asked beside the words, to be asked again without asking."""
        return {name: text for name in _ASKED if (text := str(self.data.get(name, "")))}

    @property
    def seal(self) -> str:
        """What confirms that these words may be read by everybody."""
        return seal_of(self._read_by_all)

    @property
    def is_confirmed(self) -> bool:
        """Whether these very words were confirmed; typed on since, they are not."""
        return is_confirmed(self.cleaned_data["personal_data_confirmed"], self._read_by_all)

    @property
    def _read_by_all(self) -> str:
        return "\n".join([self.cleaned_data["text"].rstrip(), *self.offered])

    @property
    def offered(self) -> list[str]:
        """What the customer may press, one a line."""
        return [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    @property
    def chose_no_instant(self) -> bool:
        """Whether a day and time were to be chosen, and none was."""
        chosen = self.cleaned_data
        return (chosen["snooze"] == _CHOSEN and not chosen["snooze_at"]) or (
            chosen["later"] == _CHOSEN and not chosen["later_at"]
        )

    @property
    def follows(self) -> Then | None:
        """What becomes of the conversation."""
        if self.cleaned_data["then"] == "resolve":
            return Then("resolve")
        wanted = self.cleaned_data["snooze"]
        if not wanted:
            return None
        return Then("snooze", None if wanted == _UNTIL_REPLY else self._instant("snooze"))

    @property
    def departs_at(self) -> datetime | None:
        """When it leaves, where that is not at once."""
        return self._instant("later") if self.cleaned_data["later"] else None

    @property
    def last_seen(self) -> int | None:
        """The last message that the agent knows of; None where the page did not say."""
        seen = [self.cleaned_data[name] for name in ("seen_up_to", "answered_seen")]
        return max((one for one in seen if one is not None), default=None)

    def _instant(self, name: str) -> datetime | None:
        wanted = self.cleaned_data[name]
        chosen: datetime | None = self.cleaned_data[f"{name}_at"]
        return chosen if wanted == _CHOSEN else snooze_ends(self.account, now()).get(wanted)


class DraftForm(forms.Form):
    """How the composer keeps what somebody writes; without ``key`` it is kept whatever came before.

    The text itself is not looked at here: whatever it holds, it is kept.
    """

    mode = forms.ChoiceField(choices=MODES)
    key = forms.UUIDField(required=False)
    sequence = forms.IntegerField(required=False, min_value=0, max_value=2**62)
