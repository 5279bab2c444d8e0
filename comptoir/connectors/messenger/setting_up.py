"""What connecting a Page's private messages needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, Scope
from comptoir.connectors.shared.graph.messaging.handover import PAGE_INBOX

OTHER_APP = CredentialField(
    "other_app",
    ("Autre application de la Page", "The Page’s other app"),
    (
        (
            "L’identifiant de l’app à laquelle un échange peut être confié. Tel quel, celui de la boîte de réception "
            "de Meta ; mettez celui de votre robot s’il y en a un."
        ),
        (
            "The id of the app that an exchange may be passed to. As it stands, that of Meta’s own inbox; put that of "
            "your bot if you have one."
        ),
    ),
    required=False,
    default=PAGE_INBOX,
)

SCOPES = (
    Scope(
        "pages_show_list",
        (
            "Voir la liste de vos Pages, pour choisir celle à relier.",
            "Listing your Pages, to choose the one to connect.",
        ),
    ),
    Scope(
        "pages_messaging",
        (
            "Lire les messages privés de la Page et y répondre.",
            "Reading the Page’s private messages and answering them.",
        ),
    ),
    Scope(
        "pages_manage_metadata",
        ("Recevoir les messages dès qu’ils arrivent (webhooks).", "Being told of messages as they come (webhooks)."),
    ),
    Scope(
        "pages_read_engagement",
        ("Lire les conversations passées.", "Reading past conversations."),
    ),
)

PREPARATIONS = (
    (
        (
            "Sur developers.facebook.com, prenez l’app qui sert déjà votre Page Facebook, ou créez-en une de type "
            "« Business ». Ajoutez-y les produits « Messenger » et « Facebook Login for Business »."
        ),
        (
            "On developers.facebook.com, take the app that serves your Facebook Page already, or create one of the "
            "type “Business”. Add the products “Messenger” and “Facebook Login for Business” to it."
        ),
    ),
    (
        "Ajoutez l’adresse de retour que cet écran vous donne aux URI de redirection OAuth valides.",
        "Add the return address that this screen gives you to the valid OAuth redirect URIs.",
    ),
    (
        (
            "Demandez l’accès avancé (App Review) aux autorisations listées ci-dessous et à la fonctionnalité « Human "
            "Agent », qui permet de répondre jusqu’à 7 jours après le dernier message du client. Faites vérifier "
            "l’entreprise."
        ),
        (
            "Ask for advanced access (App Review) to the permissions listed below and to the feature “Human Agent”, "
            "which lets you answer up to 7 days after the customer’s last message. Have the business verified."
        ),
    ),
    (
        (
            "Copiez ici l’identifiant de l’app et sa clé secrète, choisissez un jeton de vérification (le même que "
            "pour la Page Facebook), puis connectez-vous et choisissez la Page."
        ),
        (
            "Copy the app’s ID and its secret here, choose a verify token (the same as for the Facebook Page), then "
            "sign in and choose the Page."
        ),
    ),
    (
        (
            "Si un robot ou la boîte de réception de Meta tient aussi vos conversations, réglez leur partage dans les "
            "paramètres de la Page (Conversation Routing)."
        ),
        (
            "If a bot, or Meta’s own inbox, also holds your conversations, set how they are shared in the Page’s "
            "settings (Conversation Routing)."
        ),
    ),
)

ABSENCES = (
    (
        "Meta ne laisse pas écrire en premier : le client doit avoir écrit, il y a 7 jours au plus.",
        "Meta does not let you write first: the customer must have written, 7 days ago at most.",
    ),
    (
        "Le nom du client ne vient pas avec ses messages : il est demandé à Meta aussitôt après.",
        "The customer’s name does not come with messages: Meta is asked for it right after.",
    ),
    (
        "Un message envoyé ne peut être ni modifié ni repris par l’API.",
        "A message that was sent can be neither changed nor taken back by the API.",
    ),
    (
        "Les messages marketing et les modèles payants ne sont pas envoyés d’ici.",
        "Marketing messages and paid templates are not sent from here.",
    ),
)

UNVERIFIED = (
    "Écrit d’après la documentation de Meta et des livraisons enregistrées ; n’a pas été vérifié auprès du service.",
    "Written from Meta’s documentation and recorded deliveries; not verified against the service.",
)
