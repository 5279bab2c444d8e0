"""What connecting an app needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "package_name",
        ("Nom du paquet", "Package name"),
        (
            "Comme dans fr.exemple.app : la fin de son adresse sur Google Play.",
            "As in com.example.app, the end of its address.",
        ),
    ),
    CredentialField(
        "service_account",
        ("Clé du compte de service (JSON)", "Service account’s key (JSON)"),
        ("Tout le contenu du fichier JSON téléchargé.", "The whole content of the downloaded JSON file."),
        secret=True,
    ),
)

PREPARATIONS = (
    (
        (
            "Dans Google Cloud, créez un projet, activez « Google Play Android Developer API », puis créez un compte "
            "de "
            "service et une clé au format JSON."
        ),
        (
            "In Google Cloud, make a project, enable the “Google Play Android Developer API”, then make a service "
            "account and a key in JSON."
        ),
    ),
    (
        (
            "Dans la Play Console, Utilisateurs et autorisations, invitez l’adresse du compte de service et "
            "donnez-lui, "
            "pour l’app, « Voir les informations sur l’application » (lire les avis) et « Répondre aux avis »."
        ),
        (
            "In the Play Console, Users and permissions, invite the service account’s address and give it, for the "
            "app, "
            "“View app information” (reading reviews) and “Reply to reviews”."
        ),
    ),
    (
        "Collez ici tout le contenu du fichier JSON. L’autorisation peut demander quelques heures pour prendre effet.",
        "Paste the whole content of the JSON file here. The permission may take some hours to come into effect.",
    ),
)

ABSENCES = (
    (
        (
            "Google ne donne que les avis écrits ou modifiés dans les sept derniers jours : l’historique ne va pas "
            "au-delà."
        ),
        "Google only gives reviews written or changed within the last seven days: history goes no further.",
    ),
    (
        "Les notes sans texte ne sont pas transmises, et la note moyenne non plus.",
        "Ratings without words are not handed over, nor is the average.",
    ),
    (
        "Une réponse peut être remplacée mais pas retirée d’ici ; un avis ne peut être ni masqué ni supprimé.",
        "An answer can be replaced but not taken back from here; a review can neither be hidden nor removed.",
    ),
    (
        "Google Play n’a pas de messages privés et ne nomme pas les auteurs : chaque avis est une personne à part.",
        "Google Play has no private messages and does not name authors: each review is a person of its own.",
    ),
)
