"""What particular mail programs, telephones and webmails put around a reply, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from comptoir.connectors.email.armour import without_armour
from comptoir.connectors.email.quotes import split_reply

SAID = "Bonjour,\n\nJe n’ai rien reçu.\n\nCordialement\nJeanne"
HISTORY = "Bonjour Jeanne,\nvotre colis est parti."
QUOTED = "> Bonjour Jeanne,\n> votre colis est parti."


@pytest.mark.parametrize(
    "attribution",
    [
        "4 mai 2026, 10:15 de s@x.example:",
        "May 4, 2026, 10:15 by s@x.example:",
        "4. Mai 2026, 10:15 von s@x.example:",
        "4 mag 2026, 10:15 da s@x.example:",
        "4 mei 2026 10:15 van s@x.example:",
        "4 de mai de 2026 10:15 por s@x.example:",
        "En date de : Lun 4.5.26, Service <s@x.example> a écrit :",
        "In a message dated 5/4/2026 10:15:11 A.M. Eastern Daylight Time, s@x.example writes:",
        "Quoting Service <s@x.example>:",
        "Zitat von Service <s@x.example>:",
        "Selon Service <s@x.example>:",
    ],
)
@pytest.mark.parametrize("history", [QUOTED, HISTORY])
def test_attributions_of_less_common_programs_begin_the_history(attribution: str, history: str) -> None:
    assert split_reply(f"{SAID}\n\n{attribution}\n\n{history}\n").text == SAID


@pytest.mark.parametrize(
    "separator",
    [
        "-------- Message d’origine --------De : S <s@x.example> Date : 04/05/2026 10:15 (GMT+01:00) À : j@x Objet : y",
        "-------- Original message --------From: S <s@x.example> Date: 04/05/2026 10:15 (GMT+00:00) To: j@x Subject: y",
        "-------- Ursprüngliche Nachricht --------Von: S <s@x.example> Datum: 04.05.26 10:15 An: j@x Betreff: y",
    ],
)
@pytest.mark.parametrize("between", ["\n\n", "\n", " ", ""])
def test_a_separator_may_share_its_line_with_words_and_headers(separator: str, between: str) -> None:
    assert split_reply(f"{SAID}{between}{separator} {HISTORY}").text == SAID


@pytest.mark.parametrize(
    "block",
    [
        'Message du 04/05/26 10:15\nDe : "S" <s@x.example>\nA : j@x.example\nCopie à :\nObjet : Commande',
        '> Message du 04/05/26 10:15\n> De : "S" <s@x.example>\n> A : j@x.example\n> Copie à :\n> Objet : Commande',
        "==========\n\nMessage du : 04/05/2026 10:15\nDe : S <s@x.example>\nA : j@x.example\nSujet : Commande",
        '---------- Original ----------\nFrom:  "S"<s@x.example>;\nDate:  May 4, 2026\nTo:  "J"<j@x.example>;',
        "------ Origineel bericht ------\nVan S <s@x.example>\nAan J <j@x.example>\nDatum 4-5-2026 10:15\nOnderwerp y",
        "Original Message processed by david®\n\ny 4. Mai 2026, 10:15 Uhr\nVon S\nAn j@x.example",
        "От: Служба\nОтправлено: понедельник, 4 мая 2026 г. 10:15\nКому: Жанна",
        "De : Service\nEnvoyé : lundi 4 mai 2026 10:15\nÀ : Jeanne",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_what_stands_above_the_headers_of_history_belongs_to_it(block: str, gap: str) -> None:
    assert split_reply(f"{SAID}{gap}{block}\n\n{HISTORY}\n").text == SAID


@pytest.mark.parametrize(
    "footer",
    [
        "Garanti sans virus. www.avast.com",
        "Virus-free.www.avg.com",
        "Virenfrei.www.avast.com",
        "Libre de virus. www.avast.com",
        "Privo di virus.www.avast.com",
        "Virusvrij. www.avast.com",
        "Livre de vírus. www.avast.com",
        "Cet e-mail a été vérifié par le logiciel antivirus d'Avast.\nwww.avast.com",
        "Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.\nwww.avast.com",
        "El software de antivirus Avast ha analizado este correo electrónico en busca de virus.\nwww.avast.com",
        "Questa e-mail è stata controllata per individuare virus con Avast antivirus.",
        "Yahoo Mail : Recherchez, organisez, maîtrisez",
        "Outlook für Android herunterladen",
        "Outlook voor iOS downloaden<https://aka.ms/o0ukef>",
        "Obter o Outlook para iOS<https://aka.ms/o0ukef>",
        "Get BlueMail for Android",
        "Please excuse brevity, sent from my phone.",
    ],
)
def test_advertisements_of_programs_are_signature(footer: str) -> None:
    split = split_reply(f"{SAID}\n\n{footer}\n\nLe 4 mai 2026 à 10:15, S <s@x.example> a écrit :\n\n{QUOTED}\n")
    assert (split.text, (split.signature or "").strip()) == (SAID, footer)


def test_a_device_that_lost_its_line_break_is_signature() -> None:
    split = split_reply("Merci, bien reçu !Envoyé depuis mon appareil Galaxy")
    assert (split.text, split.signature) == ("Merci, bien reçu !", "Envoyé depuis mon appareil Galaxy")


@pytest.mark.parametrize(
    "said",
    [
        "Bonjour,\n\nLe 4 mai 2026, votre conseiller m’a écrit :\n« Votre colis est parti. »\nDepuis, rien du tout.",
        "Hello,\n\nOn Monday 4 May 2026 your agent said:\n“It will be there tomorrow.”\nIt never came.",
        "Guten Tag,\n\nam 04.05.2026 hat Ihr Mitarbeiter geschrieben:\n„Das Paket ist unterwegs.“\nEs ist nicht da.",
        "Bonjour,\n\nDe : Paris\nÀ : Lyon\nDate : 4 mai 2026, 10:15\n\nPouvez-vous annuler ce trajet ?",
        "Bonjour\n\n--\nje n’ai pas reçu ma commande, pouvez-vous me dire où elle en est depuis ces trois semaines ?",
        "Bonjour,\n\nMon logiciel Avast antivirus ne fonctionne plus",
        "Bonjour,\n\nJ’ai vérifié avec Avast, il n’y a pas de virus !",
        "Message du 04/05/2026 10:15 : je n’ai rien compris à votre réponse.",
    ],
)
def test_what_a_person_tells_is_no_history(said: str) -> None:
    assert split_reply(said).text == said


@pytest.mark.parametrize(
    "body",
    [
        " " * 400_000 + "-----",
        ("-" * 11 + " ") * 33_000,
        ("-----original message" + " " * 30) * 8_000,
        "Quoting " + "a " * 100_000 + "@:",
        "avast virus checked " * 20_000,
        "outlook for ios " * 20_000,
    ],
)
def test_it_takes_no_longer_than_its_length(body: str) -> None:
    start = time.process_time()
    split_reply(body)
    assert time.process_time() - start < 2


def test_words_that_are_signed_with_pgp_stand_without_its_armour() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nBonjour,\n\n- - une lampe\n- -- deux abat-jour\n\nMerci\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    assert without_armour(signed) == "Bonjour,\n\n- une lampe\n-- deux abat-jour\n\nMerci"
    assert without_armour("-----BEGIN PGP SIGNED MESSAGE-----\n\ncut") == "-----BEGIN PGP SIGNED MESSAGE-----\n\ncut"
