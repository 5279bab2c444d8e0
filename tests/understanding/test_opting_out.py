"""Messages that only ask to be left alone."""

from __future__ import annotations

import pytest

from comptoir.connectors.shared.opting_out import wish_of
from comptoir.understanding.opting_out import opts_out
from comptoir.understanding.reader import understand

WORDS = [
    "STOP", "Stop.", "« Stop »", "stop sms", "STOP PUB", "Arrêt", "ARRETEZ !", "Unsubscribe", "UNSUBSCRIBE",
    "Désabonnez-moi", "Bonjour, désabonnez-moi svp. Merci", "désinscription", "BAJA", "Darme de baja por favor",
    "Abmelden", "STOPP!!!", "Afmelden", "Ne m’écrivez plus", "STOP 36180", "Stop au 36180", "STOP36180",
]  # fmt: skip
#: What networks take for such a wish and may be another one where it is read by itself.
MEANT_OTHERWISE = ["cancel", "end", "quit", "revoke", "start", "unstop", "reprise"]


@pytest.mark.parametrize("light", [True, False])
def test_a_word_that_asks_not_to_be_written_to_is_a_calm_request_to_which_nobody_writes(light: bool) -> None:
    found = understand(WORDS, light=light)
    told = [(one.intent.label, one.sentiment.label, one.needs_answer, one.urgency.level) for one in found]
    assert dict(zip(WORDS, told, strict=True)) == dict.fromkeys(WORDS, ("request", "neutral", False, 0))


@pytest.mark.parametrize(
    "text",
    [
        "", "stop de mentir", "Arrêtez de me balader !", "Arrêt de bus fermé", "STOP, mon colis est perdu",
        "baja el volumen", "La baja médica de mi hija", "Je veux résilier", "Bitte", "merci", *MEANT_OTHERWISE,
        "STOP 12", "stop la commande 36180", "stop " * 5_000,
    ],
)  # fmt: skip
def test_words_that_say_more_are_read_as_ever(text: str) -> None:
    assert not opts_out(text)


@pytest.mark.parametrize("text", [one for one in WORDS if len(one.split()) == 1])
def test_what_is_read_so_is_heeded_on_networks_that_know_such_wishes(text: str) -> None:
    assert wish_of(text, None) == {"opted_out": True}
