"""What is filled in about the bot: what it may do on an account, and a person's word on what it decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.queries import reason_tree
from comptoir.bot.actions import Terms
from comptoir.bot.models import BotSettings, Mode, Ruling
from comptoir.bot.rulings import Word
from comptoir.web.confirming import is_confirmed

_MODES = [
    (Mode.SILENT.value, _("Silent: it decides, sends nothing, and is scored by what agents answer")),
    (Mode.PROPOSES.value, _("Proposes: its answers wait for a person, beside the composer and in arbitration")),
    (Mode.ANSWERS.value, _("Answers: by itself where it is proven and nothing forbids it; else it proposes")),
]
_TOPIC = "topic-"


class BotForm(forms.Form):
    """How far the bot goes on one account, and about which contact reasons it goes further or less far."""

    mode = forms.ChoiceField(label=_("The bot on this account"), choices=_MODES, widget=forms.RadioSelect)
    hours = forms.ChoiceField(
        label=_("When it may answer by itself"), choices=BotSettings.Hours.choices,
        help_text=_("The counter’s hours are those of its calendar, or else of the account."),
    )  # fmt: skip
    most_in_row = forms.IntegerField(
        label=_("Answers in a row, without a person between them"), min_value=1, max_value=9,
        help_text=_("Then a person takes over, with a summary."),
    )  # fmt: skip
    most_a_day = forms.IntegerField(label=_("Answers in 24 hours, at most"), min_value=0, max_value=100_000)

    def __init__(self, *arguments: Any, kept: BotSettings, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.initial = {
            "mode": kept.mode, "hours": kept.hours, "most_in_row": kept.most_in_row, "most_a_day": kept.most_a_day,
        }  # fmt: skip
        modes = dict(kept.topics.values_list("reason", "mode")) if kept.pk else {}
        like_account = [("", _("As on the account")), *Mode.choices]
        self.reasons = [one for one in reason_tree(active_only=True) if one.reason.brand_id in (None, _brand(kept))]
        for placed in self.reasons:
            name = f"{_TOPIC}{placed.reason.pk}"
            self.fields[name] = forms.ChoiceField(label=placed.path, choices=like_account, required=False)
            self.initial[name] = modes.get(placed.reason.pk, "")

    @property
    def topic_fields(self) -> list[forms.BoundField]:
        """One for each contact reason."""
        return [self[f"{_TOPIC}{placed.reason.pk}"] for placed in self.reasons]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Those about the account."""
        return [self[name] for name in ("mode", "hours", "most_in_row", "most_a_day")]

    @property
    def terms(self) -> Terms:
        """What was filled in, once it is valid."""
        kept = self.cleaned_data
        chosen = {one.reason.pk: kept[f"{_TOPIC}{one.reason.pk}"] for one in self.reasons}
        return Terms(
            mode=Mode(kept["mode"]),
            hours=kept["hours"],
            most_in_row=kept["most_in_row"],
            most_a_day=kept["most_a_day"],
            topics={reason: Mode(mode) for reason, mode in chosen.items() if mode},
        )


def _brand(kept: BotSettings) -> int:
    return kept.account.brand_id


class RulingForm(forms.Form):
    """A person's word on one decision."""

    verdict = forms.ChoiceField(choices=Ruling.Verdict.choices)
    text = forms.CharField(required=False, max_length=100_000, strip=False)
    version = forms.IntegerField(required=False)
    offered = forms.CharField(required=False, max_length=100_000, strip=False)
    cause = forms.CharField(required=False, max_length=14)
    words = forms.CharField(required=False, max_length=500)
    personal_data_confirmed = forms.CharField(required=False, max_length=64)
    without_files = forms.BooleanField(required=False)
    teaches_nothing = forms.BooleanField(required=False)

    @property
    def is_typed(self) -> bool:
        """Whether what they would send is not what they were shown."""
        said, offered = (str(self.cleaned_data[name]).replace("\r\n", "\n").strip() for name in ("text", "offered"))
        return said != offered

    @property
    def word(self) -> Word:
        """What was filled in, once it is valid."""
        kept = self.cleaned_data
        return Word(
            verdict=Ruling.Verdict(kept["verdict"]),
            text=kept["text"].replace("\r\n", "\n"),
            version_id=kept["version"],
            cause=kept["cause"],
            words=kept["words"],
            personal_data_confirmed=is_confirmed(kept["personal_data_confirmed"], kept["text"]),
            with_files=not kept["without_files"],
            teaches=not kept["teaches_nothing"],
        )
