"""What connecting a forum asks of people, and what they are told of its limits."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

CREDENTIAL_FIELDS = (
    CredentialField(
        "site", ("Adresse du forum", "Address of the forum"), ("https://forum.exemple.fr", "https://forum.example.com")
    ),
    CredentialField(
        "username",
        ("Nom d’utilisateur", "User name"),
        ("Le compte du forum qui répond pour la marque.", "The forum’s account that answers for the brand."),
    ),
    CredentialField(
        "api_key",
        ("Clé d’API", "API key"),
        ("Administration, Avancé, API, Clés.", "Admin, Advanced, API, Keys."),
        secret=True,
    ),
    CredentialField(
        "webhook_secret",
        ("Secret du webhook", "Webhook secret"),
        (
            "Celui que vous donnez au webhook du forum. Vide : le forum est interrogé toutes les minutes.",
            "The one that you give the forum’s webhook. Empty: the forum is asked every minute.",
        ),
        secret=True,
        required=False,
    ),
    CredentialField(
        "listen",
        ("Écouter", "Listen to"),
        required=False,
        default="all",
        choices=(
            ("all", ("Tous les posts publics du forum", "Every public post of the forum")),
            ("mentions", ("Ce qui s’adresse au compte", "What is addressed to the account")),
        ),
    ),
)

PREPARATIONS = (
    (
        "Sur le forum, créez un compte pour la marque ; donnez-lui la modération s’il doit masquer des posts.",
        "On the forum, make an account for the brand; let it moderate if it is to hide posts.",
    ),
    (
        (
            "Administration, Avancé, API, Clés : ajoutez une clé pour ce seul utilisateur, de portée globale, ou "
            "limitée à posts, topics, notifications, uploads et users."
        ),
        (
            "Admin, Advanced, API, Keys: add a key for this user only, global, or limited to posts, topics, "
            "notifications, uploads and users."
        ),
    ),
    (
        (
            "Administration, Avancé, Webhooks : ajoutez un webhook vers l’adresse montrée ici, en JSON, avec un "
            "secret de votre choix, et cochez les événements de posts (créé, modifié, supprimé), de « J’aime » "
            "et, si besoin, de chat."
        ),
        (
            "Admin, Advanced, Webhooks: add a webhook to the address shown here, as JSON, with a secret of your "
            "choice, and tick the events of posts (created, edited, destroyed), of likes and, if wanted, of chat."
        ),
    ),
)

UNVERIFIED = (
    "Non vérifié auprès d’un forum réel : les requêtes sont vérifiées contre le contrat publié de l’API de Discourse.",
    "Not verified against a real forum: requests are verified against the published contract of Discourse’s API.",
)

ABSENCES = (
    (
        "Le chat intégré de Discourse est lu par webhook, mais on n’y répond pas d’ici.",
        "Discourse’s own chat is read by webhook, but not answered from here.",
    ),
    (
        (
            "Masquer un post, c’est ici le supprimer de façon réversible, comme le fait un modérateur ; l’effacer "
            "pour de bon reste aux administrateurs du forum."
        ),
        (
            "To hide a post is to delete it in a way that can be undone, as a moderator does; to erase it for "
            "good is left to the forum’s administrators."
        ),
    ),
    (
        "Les webhooks se créent sur le forum : l’API ne les ouvre qu’aux administrateurs.",
        "Webhooks are made on the forum: its API opens them to administrators only.",
    ),
    (
        "Discourse ne dit pas que nous écrivons ou avons lu.",
        "Discourse does not tell others that we type or have read.",
    ),
)
