"""What a person wrote, apart from history and signature."""

from __future__ import annotations

import pytest

from comptoir.connectors.email.quotes import split_reply

SAID = "Merci, c'est noté.\n\nBonne journée,\nJeanne"

ATTRIBUTIONS = [
    "Le 3 mai 2024 à 10:12, Service <s@x.fr> a écrit :",
    "Le ven. 3 mai 2024 à 10:12, Service clients de la boutique <service-clients@la-boutique.example>\na écrit :",
    "Le 03/05/2024 à 10:12, Service a écrit :",
    "Service a écrit le 03/05/2024 à 10:12 :",
    "On Fri, May 3, 2024 at 10:12 AM Service <s@x.fr> wrote:",
    "On Fri, 3 May 2024 at 10:12,\nService\n<s@x.fr> wrote:",
    "Am 03.05.2024 um 10:12 schrieb Service:",
    "Service <s@x.fr> schrieb am Fr., 3. Mai 2024, 10:12:",
    "El vie, 3 may 2024 a las 10:12, Service (<s@x.fr>) escribió:",
    "Il giorno ven 3 mag 2024 alle ore 10:12 Service <s@x.fr> ha\nscritto:",
    "Op vr 3 mei 2024 om 10:12 schreef Service <s@x.fr>:",
    "Em sex., 3 de mai. de 2024 às 10:12, Service <s@x.fr>\nescreveu:",
    "pt., 3 maj 2024 o 10:12 Service <s@x.fr> napisał(a):",
    "Den fre 3 maj 2024 kl 10:12 skrev Service <s@x.fr>:",
    "пт, 3 мая 2024 г. в 10:12, Service <s@x.fr>:",
    "2024年5月3日(金) 10:12 Service <s@x.fr>:",
    "在 2024年5月3日，10:12，Service <s@x.fr> 写道：",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("history", ["\n\n> Bonjour,\n> Voici.\n", "\n> Bonjour\n", "\n\nBonjour,\n\nVoici.\n"])
def test_history_below_an_attribution_is_folded(attribution: str, history: str) -> None:
    split = split_reply(f"{SAID}\n\n{attribution}{history}")
    assert split.text == SAID
    assert split.quoted is not None
    assert split.quoted.startswith(attribution.split("\n")[0][:10])


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_answer_below_the_quotation_is_what_was_said(attribution: str) -> None:
    assert split_reply(f"{attribution}\n\n> Bonjour\n> Voici\n\n{SAID}\n").text == SAID


@pytest.mark.parametrize(
    "block",
    [
        "De : Service <s@x.fr>\nEnvoyé : vendredi 3 mai 2024 10:12\nÀ : Jeanne <j@x.fr>\nObjet : RE: Commande",
        "From: Service <s@x.fr>\nSent: Friday, May 3, 2024 10:12 AM\nTo: J\nSubject: Re: x",
        "Von: Service <s@x.fr>\nGesendet: Freitag, 3. Mai 2024 10:12\nAn: J\nBetreff: AW: x",
        "De: Service <s@x.fr>\nEnviado el: viernes, 3 de mayo de 2024 10:12\nPara: J\nAsunto: RE: x",
        "Da: Service <s@x.fr>\nInviato: venerdì 3 maggio 2024 10:12\nA: J\nOggetto: R: x",
        "Van: Service <s@x.fr>\nVerzonden: vrijdag 3 mei 2024 10:12\nAan: J\nOnderwerp: RE: x",
        "De: Service <s@x.fr>\nEnviada em: sexta-feira, 3 de maio de 2024\nPara: J\nAssunto: RES: x",
        "*De :* Service [mailto:s@x.fr]\n*Envoyé :* vendredi 3 mai 2024\n*À :* Jeanne\n*Objet :* Commande",
        "-----Message d'origine-----\nblabla",
        "________ Message original ________\nblabla",
        "Début du message réexpédié :\n\nblabla",
    ],
)
def test_history_below_its_headers_is_folded(block: str) -> None:
    assert split_reply(f"{SAID}\n\n________________________________\n{block}\n\nBonjour,\n\nVoici.\n").text == SAID


@pytest.mark.parametrize(
    "signature",
    [
        "Envoyé de mon iPhone",
        "Envoyé à partir d'Outlook pour Android",
        "Télécharger Outlook pour iOS",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Enviado do meu iPhone",
        "-- \nJeanne Dupont\n01 02 03 04 05",
    ],
)
@pytest.mark.parametrize("tail", ["", "\n\nLe 3 mai 2024 à 10:12, Service <s@x.fr> a écrit :\n\n> Bonjour\n"])
def test_signature_stands_apart(signature: str, tail: str) -> None:
    split = split_reply(f"{SAID}\n\n{signature}\n{tail}")
    assert split.text == SAID
    assert split.signature is not None
    assert signature.split("\n")[0].strip() in split.signature


@pytest.mark.parametrize(
    "said",
    [
        "Bonjour,\n\nLe technicien m'a écrit :\n\nil viendra mardi.\n\nMerci",
        "Mes dates :\nDe : Paris\nÀ : Lyon\nDate : 3 mai\n\nMerci",
        "Horaires :\n- 10:00 à 12:00\n- 14:00 à 16:00\n\nJe préfère le matin",
        "Commande : 123\nNom : Dupont\nDate : 3 mai\nObjet : réclamation\n\nMon texte",
        "Envoyé par la poste le 3 mai.\nJe l'attends toujours.",
        "> Rien que la citation.",
    ],
)
def test_what_only_resembles_history_stays(said: str) -> None:
    assert split_reply(said).text == said


def test_forwarded_mail_without_a_word_is_kept_whole() -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: S <s@x.fr>\nDate: x\nSubject: y\nTo: z\n\nVoyez ceci."
    assert split_reply(forwarded).text == forwarded
