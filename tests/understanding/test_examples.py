"""Messages that anybody reads the same way."""

from __future__ import annotations

import pytest

from comptoir.understanding.reader import understand


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Merci beaucoup, service impeccable et livraison rapide, je recommande !", "positive"),
        ("C'est une honte, trois semaines de retard et personne ne répond", "negative"),
        ("Terrible service, I will never order again", "negative"),
        ("Ich bin sehr zufrieden, danke für die schnelle Hilfe!", "positive"),
    ],
)
def test_plain_sentiment_is_read(text: str, label: str, light: bool):
    assert understand([text], light=light)[0].sentiment.label == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Bonjour, quels sont vos horaires d'ouverture le samedi ?", "question"),
        ("Merci de résilier mon abonnement à la fin du mois svp", "request"),
        ("Toujours rien reçu, votre service est nul, j'attends depuis un mois !", "complaint"),
        ("Bravo à toute l'équipe, accueil parfait, merci !", "praise"),
        ("Vous avez ce modèle en taille 42 ? C'est à quel prix ?", "purchase_intent"),
        ("ok merci bonne journée", "chatter"),
    ],
)
def test_plain_intents_are_read(text: str, label: str):
    assert understand([text])[0].intent.label == label


@pytest.mark.parametrize(
    "text",
    [
        "Il y a une odeur de gaz très forte dans l'immeuble, venez vite",
        "On est en train de vider mon compte, bloquez ma carte tout de suite !!",
        "My son swallowed a piece of your toy and he can't breathe properly",
    ],
)
def test_what_cannot_wait_is_put_first(text: str):
    assert understand([text])[0].urgency.level == 3


def test_grounds_say_why():
    found = understand(["Sans réponse demain je résilie tout et mon avocat saisira le tribunal"])[0].urgency
    assert found.level >= 2
    assert {"legal", "churn"} <= set(found.grounds)


def test_nothing_presses_in_praise():
    assert understand(["Très joli magasin, merci à Sophie pour ses conseils !"])[0].urgency.level <= 1


def test_a_question_needs_an_answer_and_thanks_do_not():
    asks, thanks = understand(["Comment suivre ma commande ?", "Merci, tout est parfait, bonne journée !"])
    assert asks.needs_answer
    assert not thanks.needs_answer


def test_insults_are_told_from_anger():
    insult, anger = understand(
        ["bande de connards, allez tous crever", "Je suis très en colère, mon colis est encore en retard"]
    )
    assert insult.toxicity > 0.5 > anger.toxicity


def test_advertising_is_spam():
    spam, message = understand(
        [
            "Gagnez 900€ par jour sans rien faire !! Cliquez ici https://x.example et écrivez sur WhatsApp",
            "Mon colis n'est pas arrivé, pouvez-vous vérifier ?",
        ]
    )
    assert spam.spam > 0.5 > message.spam
