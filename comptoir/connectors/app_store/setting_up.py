"""What connecting an app needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "app_id",
        ("Identifiant Apple de l’app", "The app’s Apple ID"),
        (
            "Les chiffres qui suivent « id » dans son adresse sur l’App Store.",
            "The digits after “id” in its address in the App Store.",
        ),
    ),
    CredentialField(
        "key_id",
        ("Identifiant de la clé", "Key ID"),
        (
            "Dans App Store Connect, Utilisateurs et accès, Intégrations, API App Store Connect.",
            "In App Store Connect, Users and Access, Integrations, App Store Connect API.",
        ),
    ),
    CredentialField(
        "issuer_id",
        ("Identifiant de l’émetteur", "Issuer ID"),
        (
            "Au-dessus de la liste des clés d’équipe ; vide pour une clé individuelle.",
            "Above the list of team keys; empty for an individual key.",
        ),
        required=False,
    ),
    CredentialField(
        "private_key",
        ("Clé privée (.p8)", "Private key (.p8)"),
        (
            "Tout le contenu du fichier .p8, qui ne se télécharge qu’une fois.",
            "The whole content of the .p8 file, which can be downloaded only once.",
        ),
        secret=True,
    ),
    CredentialField(
        "country",
        ("Pays de la note moyenne", "Country of the average rating"),
        ("Deux lettres ; la note de l’App Store est tenue par pays.", "Two letters; the store rates by country."),
        required=False,
        default="fr",
    ),
)

PREPARATIONS = (
    (
        (
            "Dans App Store Connect, ouvrez Utilisateurs et accès, puis Intégrations, API App Store Connect, et créez "
            "une clé d’équipe avec le rôle « Assistance client » : il permet de lire les avis et d’y répondre."
        ),
        (
            "In App Store Connect, open Users and Access, then Integrations, App Store Connect API, and make a team "
            "key with the role “Customer Support”: it allows reading reviews and answering them."
        ),
    ),
    (
        "Téléchargez le fichier .p8 (une seule fois possible), notez l’identifiant de la clé et celui de l’émetteur.",
        "Download the .p8 file (possible only once) and note the key’s ID and the issuer’s.",
    ),
)

ABSENCES = (
    (
        "Apple ne nomme pas les auteurs : chaque avis est une personne à part, connue par son pseudonyme.",
        "Apple does not name authors: each review is a person of its own, known by a nickname.",
    ),
    (
        "L’App Store n’a pas de messages privés, et un avis ne peut être ni masqué ni supprimé : signalez-le à Apple.",
        "The App Store has no private messages, and a review can neither be hidden nor removed: report it to Apple.",
    ),
    (
        (
            "Une réponse paraît avec retard (jusqu’à 24 h). Apple ne prévient ni d’un avis modifié ni d’un avis "
            "supprimé : les modifications sont remarquées parmi les 500 derniers avis rencontrés."
        ),
        (
            "An answer appears with a delay (up to 24 h). Apple does not tell of an edited or a removed review: edits "
            "are noticed among the latest 500 reviews met."
        ),
    ),
    (
        "Les notes sans texte ne sont pas des avis : elles ne comptent que dans la moyenne.",
        "Ratings without words are no reviews: they only count in the average.",
    ),
)
