"""What connecting a page needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, OAuth, Scope

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant client", "Client ID"),
        ("Sur linkedin.com/developers, onglet Auth.", "At linkedin.com/developers, tab Auth."),
    ),
    CredentialField(
        "client_secret", ("Secret client", "Client Secret"), ("Au même endroit.", "At the same place."), secret=True
    ),
    CredentialField(
        "organization_id",
        ("Numéro de la page", "Number of the page"),
        ("Rempli par la connexion.", "Filled in by signing in."),
        required=False,
    ),
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        ("Rempli par la connexion.", "Filled in by signing in."),
        secret=True,
        required=False,
    ),
)

OAUTH = OAuth(
    authorize_url="https://www.linkedin.com/oauth/v2/authorization",
    scopes=(
        Scope(
            "rw_organization_admin",
            ("Trouver vos pages et compter leurs abonnés.", "Finding your pages, counting followers."),
        ),
        Scope("r_organization_social", ("Lire les publications de la page.", "Reading the page’s posts.")),
        Scope("r_organization_social_feed", ("Lire commentaires et réactions.", "Reading comments and reactions.")),
        Scope("w_organization_social_feed", ("Répondre aux commentaires et réagir.", "Answering comments, reacting.")),
    ),
    uses_pkce=False,
)

PREPARATIONS = (
    (
        (
            "Sur linkedin.com/developers, créez une application rattachée à votre page et faites-la valider par un "
            "administrateur de la page."
        ),
        "At linkedin.com/developers, make an application tied to your page and have it verified by one of its admins.",
    ),
    (
        (
            "Dans Products, demandez « Community Management API ». LinkedIn examine la demande et exige une entreprise "
            "enregistrée ; ce produit doit être le seul de l’application."
        ),
        (
            "In Products, ask for the “Community Management API”. LinkedIn examines the request and wants a registered "
            "company; it must be the application’s only product."
        ),
    ),
    (
        "Dans Auth, ajoutez l’adresse de retour affichée ici, puis copiez l’identifiant et le secret.",
        "In Auth, add the return address shown here, then copy the ID and the secret.",
    ),
    (
        "Connectez-vous avec un compte LinkedIn administrateur de la page.",
        "Sign in with a LinkedIn account that administers the page.",
    ),
)

ABSENCES = (
    (
        "Les messages privés de LinkedIn ne sont pas ouverts aux applications : répondez-y dans LinkedIn.",
        "LinkedIn’s messages are not open to applications: answer them in LinkedIn.",
    ),
    (
        (
            "LinkedIn interdit de garder le nom des personnes qui commentent : elles sont connues par leur "
            "identifiant. Les pages, elles, sont nommées."
        ),
        (
            "LinkedIn forbids keeping the names of people who comment: they are known by their id. Pages are shown "
            "by name."
        ),
    ),
    (
        (
            "Une page ne peut pas masquer un commentaire d’ici. L’image d’un commentaire ne vient pas avec lui : "
            "regardez-la sur LinkedIn ; on y répond en texte seul."
        ),
        (
            "A page cannot hide a comment from here. The picture of a comment does not come with it: look at it on "
            "LinkedIn; it is answered by text alone."
        ),
    ),
    (
        (
            "Les notifications poussées sont lues si elles vous parviennent, mais l’abonnement se fait par l’API de "
            "LinkedIn ; sans lui, la page est interrogée toutes les cinq minutes."
        ),
        (
            "Pushed notifications are read if they reach you, but subscribing is done by LinkedIn’s interface; without "
            "it, the page is asked every five minutes."
        ),
    ),
)
