"""What connecting an account needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, OAuth, Scope

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant de l’application", "App ID"),
        ("Sur developers.pinterest.com, My apps.", "At developers.pinterest.com, My apps."),
    ),
    CredentialField(
        "client_secret",
        ("Clé secrète de l’application", "App secret key"),
        ("Au même endroit.", "At the same place."),
        secret=True,
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
    authorize_url="https://www.pinterest.com/oauth/",
    scopes=(
        Scope("user_accounts:read", ("Connaître le compte et ses abonnés.", "Knowing the account and its followers.")),
        Scope("boards:read", ("Lire les tableaux.", "Reading boards.")),
        Scope("pins:read", ("Lire les épingles et leurs chiffres.", "Reading Pins and their figures.")),
    ),
    scope_separator=",",
    uses_pkce=False,
)

PREPARATIONS = (
    (
        (
            "Passez le compte Pinterest en compte professionnel. Sur developers.pinterest.com, créez une application "
            "et "
            "demandez l’accès (d’abord « Trial », puis « Standard »)."
        ),
        (
            "Make the Pinterest account a business account. At developers.pinterest.com, make an app and ask for "
            "access "
            "(“Trial” first, then “Standard”)."
        ),
    ),
    (
        "Ajoutez-y l’adresse de retour affichée ici, copiez l’identifiant et la clé secrète, puis connectez-vous.",
        "Add the return address shown here, copy the ID and the secret key, then sign in.",
    ),
)

ABSENCES = (
    (
        (
            "L’interface de Pinterest (version 5) ne donne ni les commentaires ni les messages : ils se lisent et "
            "reçoivent leur réponse dans Pinterest. Seul leur nombre est connu ici."
        ),
        (
            "Pinterest’s interface (version 5) gives neither comments nor messages: they are read and answered in "
            "Pinterest. Only their number is known here."
        ),
    ),
    (
        "Les publicités, catalogues et audiences ne sont pas repris.",
        "Advertisements, catalogues and audiences are not taken over.",
    ),
)
