"""What connecting an account needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, Scope
from comptoir.connectors.shared.graph.pages import VERIFY_TOKEN

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant de l’app Threads", "Threads app ID"),
        (
            "Sur developers.facebook.com, votre app, Paramètres, Général : « Threads app ID ».",
            "On developers.facebook.com, your app, Settings, Basic: “Threads app ID”.",
        ),
    ),
    CredentialField(
        "client_secret",
        ("Clé secrète de l’app Threads", "Threads app secret"),
        (
            "Au même endroit. Elle sert aussi à vérifier les livraisons.",
            "In the same place. Deliveries are checked with it, too.",
        ),
        secret=True,
    ),
    VERIFY_TOKEN,
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        ("Rempli par la connexion.", "Filled in by signing in."),
        secret=True,
        required=False,
    ),
)

SCOPES = (
    Scope("threads_basic", ("Lire le compte et ses publications.", "Reading the account and its posts.")),
    Scope("threads_read_replies", ("Lire les réponses reçues.", "Reading the replies you get.")),
    Scope("threads_manage_replies", ("Répondre et masquer des réponses.", "Replying, and hiding replies.")),
    Scope("threads_content_publish", ("Publier vos réponses.", "Publishing your replies.")),
    Scope("threads_manage_mentions", ("Lire les mentions et y répondre.", "Reading mentions and answering them.")),
    Scope("threads_manage_insights", ("Relever vos chiffres.", "Collecting your figures.")),
    Scope("threads_delete", ("Supprimer vos propres réponses.", "Deleting your own replies.")),
)

PREPARATIONS = (
    (
        (
            "Sur developers.facebook.com, créez une app avec le cas d’usage « Accéder à l’API Threads ». Copiez ici "
            "l’identifiant et la clé secrète de l’app Threads."
        ),
        (
            "On developers.facebook.com, create an app with the use case “Access the Threads API”. Copy the Threads "
            "app’s ID and secret here."
        ),
    ),
    (
        (
            "Dans les paramètres du cas d’usage, ajoutez l’adresse de retour que cet écran vous donne et les "
            "autorisations ci-dessous ; demandez leur accès avancé (App Review)."
        ),
        (
            "In the use case’s settings, add the return address that this screen gives you and the permissions below; "
            "ask for advanced access to them (App Review)."
        ),
    ),
    (
        (
            "Choisissez un jeton de vérification et connectez-vous. Puis, dans le cas d’usage des webhooks, collez "
            "l’adresse que donne la page du compte et ce jeton, et cochez replies, mentions, publish et delete."
        ),
        (
            "Choose a verify token and sign in. Then, in the use case for webhooks, paste the address that the "
            "account’s page gives and that token, and tick replies, mentions, publish and delete."
        ),
    ),
)

ABSENCES = (
    (
        "Threads n’a pas de messages privés pour les entreprises.",
        "Threads has no private messages for companies.",
    ),
    (
        "Les images et vidéos ne partent pas : Threads ne les prend qu’à une adresse publique.",
        "No pictures or films are sent: Threads takes them only from a public address.",
    ),
    (
        "Les réponses ne peuvent être ni aimées ni modifiées par l’API ; celles des autres ne peuvent être supprimées.",
        "Replies can be neither liked nor changed by the API; those of others cannot be deleted.",
    ),
    (
        "Seules les réponses directes à vos publications peuvent être masquées, avec tout ce qui les suit.",
        "Only replies that answer your posts directly can be hidden, with all that follows them.",
    ),
    (
        "Les réponses et mentions de comptes privés ne sont livrées à personne.",
        "Replies and mentions by private accounts are delivered to nobody.",
    ),
)

UNVERIFIED = (
    "Écrit d’après la documentation de Meta et ses exemples ; n’a pas été vérifié auprès du service.",
    "Written from Meta’s documentation and its samples; not verified against the service.",
)
