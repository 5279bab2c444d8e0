"""What the invented customers of the demonstration brand say. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message: who, where, how long ago (minutes), and what."""

    account: str
    thread: str
    person: str
    name: str
    minutes_ago: int
    text: str
    subject: str = ""
    language: str = "fr"
    kind: str = "message"
    by: str = "them"


_COMPLAINT = (
    "Bonjour,\n\nJe vous écris pour la troisième fois au sujet de ma suspension « Aube » reçue avec le verre fendu. "
    "La première fois on m’a répondu qu’un avoir allait partir sous 48 heures ; la deuxième, que le dossier était transmis à l’atelier. "
    "Nous sommes trois semaines plus tard et je n’ai ni avoir, ni lampe, ni nouvelles.\n\n"
    "Je précise que j’avais joint les photos du colis avant ouverture, du verre, et du bon de livraison signé avec réserves. "
    "Ma salle à manger est éclairée par un lampadaire de chantier, ce qui amuse mes enfants mais beaucoup moins mon mari.\n\n"
    "J’aime vos lampes, j’en ai quatre. J’aimerais simplement que quelqu’un prenne ce dossier et me dise, avec une date, ce qui va se passer.\n\n"
    "Bien à vous,\nMadeleine Kerguelen"
)

MESSAGES: tuple[Spoken, ...] = (
    Spoken(
        "bluesky",
        "aube-colis",
        "julien-b.example",
        "Julien B.",
        12,
        "@maison-lueur deuxième fois que le livreur marque « absent » alors que j’étais là. Vous comptez me livrer un jour ?",
        kind="comment",
    ),
    Spoken(
        "bluesky",
        "lancement",
        "lea.example",
        "Léa Fontaine",
        47,
        "La nouvelle lampe de bureau est superbe 😍 Elle existe en laiton brossé ?",
        kind="comment",
    ),
    Spoken(
        "bluesky",
        "lancement",
        "oskar.example",
        "Oskar Lindqvist",
        51,
        "Do you ship to Sweden? The page says EU but checkout refuses my postcode.",
        language="en",
        kind="comment",
    ),
    Spoken(
        "bluesky",
        "merci",
        "paul-henri.example",
        "Paul-Henri de La Rochebrochard-Montesquieu",
        190,
        "Merci à l’équipe du service clients, abat-jour remplacé en deux jours. Rare.",
        kind="comment",
    ),
    Spoken(
        "bluesky",
        "merci",
        "paul-henri.example",
        "Paul-Henri de La Rochebrochard-Montesquieu",
        160,
        "Merci à vous, Paul-Henri ! Belle lumière chez vous.",
        by="us",
        kind="comment",
    ),
    Spoken(
        "email",
        "madeleine",
        "madeleine.kerguelen@example.org",
        "Madeleine Kerguelen",
        1630,
        _COMPLAINT,
        subject="Suspension « Aube » : troisième relance",
    ),
    Spoken(
        "email",
        "facture",
        "compta@atelier-ormeaux.example",
        "Atelier des Ormeaux",
        220,
        "Bonjour,\n\nPourriez-vous nous renvoyer la facture de notre commande de septembre ? Notre comptable la demande avant vendredi.\n\n"
        "Merci d’avance,\nSolène",
        subject="Facture de septembre",
    ),
    Spoken(
        "email",
        "garantie",
        "g.weiss@example.net",
        "Gerda Weiß",
        95,
        "Guten Tag,\n\nmeine Schreibtischlampe flackert seit gestern. Gilt die Garantie auch für das Leuchtmittel?\n\nFreundliche Grüße\nGerda Weiß",
        subject="Garantie Schreibtischlampe",
        language="de",
    ),
    Spoken(
        "chat",
        "visiteur-1",
        "visiteur-1",
        "Nadia",
        4,
        "Bonjour, j’hésite entre deux ampoules pour une lecture du soir, vous pouvez me conseiller ?",
    ),
    Spoken("chat", "visiteur-2", "visiteur-2", "", 33, "👋"),
    Spoken("chat", "visiteur-2", "visiteur-2", "", 32, "C’est possible de retirer en magasin à Nantes ?"),
    Spoken("chat", "visiteur-3", "visiteur-3", "سلمى", 58, "مرحبا، هل يمكنني تغيير عنوان التوصيل؟", language="ar"),
    Spoken(
        "chat",
        "visiteur-5",
        "visiteur-5",
        "Madeleine Kerguelen",
        25,
        "Bonjour, je vous ai écrit trois fois pour ma suspension « Aube » fendue. Quelqu’un suit-il mon dossier ?",
    ),
    Spoken(
        "chat",
        "visiteur-4",
        "visiteur-4",
        "Bruno Castel",
        1300,
        "Le code de bienvenue ne marche pas, il me dit expiré alors que je viens de le recevoir.",
    ),
    Spoken(
        "chat",
        "visiteur-4",
        "visiteur-4",
        "Bruno Castel",
        1294,
        "Bonjour Bruno, je viens de le prolonger jusqu’à dimanche : vous pouvez réessayer dès maintenant.",
        by="us",
    ),
)
