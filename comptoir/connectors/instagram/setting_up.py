"""What connecting an account needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, Scope
from comptoir.connectors.shared.graph.pages import VERIFY_TOKEN

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant de l’app Instagram", "Instagram app ID"),
        (
            "Sur developers.facebook.com, votre app, Instagram, Configuration de l’API avec connexion Instagram.",
            "On developers.facebook.com, your app, Instagram, API setup with Instagram login.",
        ),
    ),
    CredentialField(
        "client_secret",
        ("Clé secrète de l’app Instagram", "Instagram app secret"),
        ("Au même endroit.", "In the same place."),
        secret=True,
    ),
    CredentialField(
        "app_secret",
        ("Clé secrète de l’app Meta", "Meta app secret"),
        (
            "Paramètres, Général. Les livraisons peuvent être signées avec l’une ou l’autre clé.",
            "Settings, Basic. Deliveries may be signed with either secret.",
        ),
        secret=True,
        required=False,
    ),
    VERIFY_TOKEN,
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        (
            "Rempli par la connexion. Par une Page Facebook : le jeton de cette Page.",
            "Filled in by signing in. By way of a Facebook Page: that Page’s token.",
        ),
        secret=True,
        required=False,
    ),
    CredentialField(
        "instagram_id",
        ("Compte relié à une Page", "Account linked with a Page"),
        (
            "À remplir seulement si vous passez par une Page : l’identifiant du compte professionnel (178…).",
            "Only where you go by way of a Page: the professional account’s id (178…).",
        ),
        required=False,
    ),
)

SCOPES = (
    Scope("instagram_business_basic", ("Lire le compte et ses publications.", "Reading the account and its posts.")),
    Scope(
        "instagram_business_manage_comments",
        (
            "Lire les commentaires et mentions, y répondre, masquer, supprimer.",
            "Reading comments and mentions, answering, hiding, deleting.",
        ),
    ),
    Scope(
        "instagram_business_manage_messages",
        ("Lire les messages privés et y répondre.", "Reading private messages and answering them."),
    ),
)

PREPARATIONS = (
    (
        "Passez le compte Instagram en compte professionnel (Entreprise ou Créateur) ; autorisez l’accès aux messages.",
        "Make the Instagram account a professional one (Business or Creator) and allow access to its messages.",
    ),
    (
        (
            "Sur developers.facebook.com, ajoutez le produit « Instagram » à votre app et choisissez la connexion "
            "Instagram. Copiez ici l’identifiant et la clé secrète de l’app Instagram."
        ),
        (
            "On developers.facebook.com, add the product “Instagram” to your app and choose Instagram login. Copy the "
            "Instagram app’s ID and secret here."
        ),
    ),
    (
        (
            "Dans « Business login settings », ajoutez l’adresse de retour que cet écran vous donne. Demandez l’accès "
            "avancé aux autorisations ci-dessous et à la fonctionnalité « Human Agent »."
        ),
        (
            "In “Business login settings”, add the return address that this screen gives you. Ask for advanced access "
            "to the permissions below and to the feature “Human Agent”."
        ),
    ),
    (
        (
            "Enregistrez, puis dans « Configure webhooks », collez l’adresse des webhooks que donne la page du compte "
            "et votre jeton de vérification, et cochez comments, live_comments, mentions, messages, "
            "messaging_postbacks, messaging_seen, message_reactions, messaging_handover et standby."
        ),
        (
            "Save, then in “Configure webhooks”, paste the webhook address that the account’s page gives and your "
            "verify token, and tick comments, live_comments, mentions, messages, messaging_postbacks, "
            "messaging_seen, message_reactions, messaging_handover and standby."
        ),
    ),
    (
        (
            "Si le compte est relié à une Page Facebook et que vous voulez aussi envoyer des fichiers : donnez "
            "l’identifiant et la clé de l’app Meta, le jeton de la Page et l’identifiant du compte Instagram."
        ),
        (
            "If the account is linked with a Facebook Page and you want to send files as well: give the Meta app’s ID "
            "and secret, the Page’s token and the Instagram account’s id."
        ),
    ),
)

ABSENCES = (
    (
        "Instagram ne laisse ni aimer ni modifier un commentaire par l’API.",
        "Instagram lets comments be neither liked nor changed by the API.",
    ),
    (
        "Une mention arrive sans son texte : il est demandé à Instagram aussitôt après.",
        "A mention comes without its words: Instagram is asked for them right after.",
    ),
    (
        "Avec la connexion Instagram, les fichiers ne partent pas : Instagram ne les prend qu’à une adresse publique.",
        "With Instagram’s own sign-in no files are sent: Instagram takes them only from a public address.",
    ),
    (
        "Une réponse privée par commentaire, dans les 7 jours ; ensuite, le client doit répondre.",
        "One private answer per comment, within 7 days; after that the customer has to answer.",
    ),
    (
        (
            "Avec la connexion Instagram, qui tient un échange est montré, mais seul un compte relié à une Page le "
            "confie à une autre application ou le reprend."
        ),
        (
            "With Instagram’s own sign-in, who holds an exchange is shown, but only an account linked with a Page "
            "passes it to another application or takes it back."
        ),
    ),
    (
        "Un message privé envoyé ne peut être ni modifié ni repris par l’API.",
        "A private message that was sent can be neither changed nor taken back by the API.",
    ),
)

UNVERIFIED = (
    "Écrit d’après la documentation de Meta et des livraisons enregistrées ; n’a pas été vérifié auprès du service.",
    "Written from Meta’s documentation and recorded deliveries; not verified against the service.",
)
