"""What connecting a location needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant du client OAuth", "OAuth client id"),
        (
            "Dans Google Cloud, API et services, Identifiants : se termine par .apps.googleusercontent.com.",
            "In Google Cloud, APIs and services, Credentials: ends in .apps.googleusercontent.com.",
        ),
    ),
    CredentialField(
        "client_secret",
        ("Code secret du client OAuth", "OAuth client secret"),
        ("À côté de l’identifiant du client.", "Beside the client id."),
        secret=True,
    ),
    CredentialField(
        "location",
        ("Établissement", "Location"),
        (
            "Rempli par la connexion ; de la forme accounts/…/locations/….",
            "Filled in by signing in; reads accounts/…/locations/….",
        ),
        required=False,
    ),
    CredentialField(
        "refresh_token",
        ("Jeton d’actualisation", "Refresh token"),
        ("Rempli par la connexion.", "Filled in by signing in."),
        secret=True,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Dans Google Cloud, créez un projet, puis demandez l’accès aux API Business Profile avec le formulaire de "
            "Google : sans son accord, le quota du projet est de zéro."
        ),
        (
            "In Google Cloud, make a project, then ask for access to the Business Profile APIs by Google’s form: "
            "without its consent, the project’s quota is zero."
        ),
    ),
    (
        (
            "Activez les trois API : « Google My Business API » (avis et réponses), « My Business Account Management » "
            "(vos comptes) et « My Business Business Information » (vos établissements)."
        ),
        (
            "Enable three APIs: “Google My Business API” (reviews and answers), “My Business Account Management” (your "
            "accounts) and “My Business Business Information” (your locations)."
        ),
    ),
    (
        (
            "Configurez l’écran de consentement et passez-le « En production » : en test, l’accès cesse au bout de "
            "sept jours."
        ),
        "Set the consent screen up and publish it (“In production”): while testing, the access ends after seven days.",
    ),
    (
        (
            "Créez un identifiant client OAuth de type « Application Web » et donnez-lui l’adresse de retour affichée "
            "ici ; copiez l’identifiant et le code secret."
        ),
        (
            "Make an OAuth client id of the type “Web application” and give it the return address shown here; copy "
            "the id and the secret."
        ),
    ),
    (
        "Connectez-vous avec un compte Google propriétaire ou administrateur des établissements.",
        "Sign in with a Google account that owns or manages the locations.",
    ),
)

ABSENCES = (
    (
        "Google n’a plus de messages privés : Business Messages a fermé le 31 juillet 2024.",
        "Google has no private messages any more: Business Messages closed on 31 July 2024.",
    ),
    (
        "Les questions et réponses ne sont plus ouvertes aux applications depuis novembre 2025.",
        "Questions and answers have not been open to applications since November 2025.",
    ),
    (
        "Un avis ne peut être ni masqué ni supprimé par l’établissement : signalez-le à Google.",
        "A location can neither hide nor remove a review: report it to Google.",
    ),
    (
        (
            "Les notifications par Pub/Sub ne nomment que l’avis, sans son contenu : les avis sont donc relevés chaque "
            "minute."
        ),
        "Notifications by Pub/Sub only name the review, without its content: reviews are therefore read every minute.",
    ),
    (
        "Google ne dit pas quand un avis est supprimé par son auteur.",
        "Google does not tell when a review is removed by its author.",
    ),
    (
        "Les publications et les statistiques de recherche de la fiche ne sont pas reprises.",
        "Posts and search statistics of the profile are not taken over.",
    ),
)
