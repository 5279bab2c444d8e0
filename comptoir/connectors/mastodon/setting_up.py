"""What connecting an account asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "instance",
        ("Serveur", "Server"),
        ("Le nom de l’instance, par exemple mastodon.social.", "The instance’s name, for example mastodon.social."),
    ),
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        (
            "Affiché sur la page de l’application, ou obtenu en vous connectant. Un seul des deux suffit.",
            "Shown on the application’s page, or obtained by signing in. One of the two is enough.",
        ),
        secret=True,
        required=False,
    ),
    CredentialField(
        "client_id",
        ("Clé de l’application", "Client key"),
        ("Seulement pour se connecter par le navigateur.", "Only to sign in through the browser."),
        required=False,
    ),
    CredentialField(
        "client_secret",
        ("Secret de l’application", "Client secret"),
        ("Sur la même page que la clé.", "On the same page as the key."),
        secret=True,
        required=False,
    ),
    CredentialField(
        "hashtags",
        ("Mots-dièse à suivre", "Hashtags to follow"),
        (
            "Sans #, séparés par des espaces : leurs publications publiques arrivent aussi.",
            "Without #, separated by spaces: their public posts come in too.",
        ),
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Sur votre serveur, connectez-vous avec le compte de la marque, puis Préférences, Développement, Nouvelle "
            "application."
        ),
        "On your server, sign in with the brand’s account, then Preferences, Development, New application.",
    ),
    (
        (
            "Nommez-la « Comptoir » et cochez read (lire les mentions et les messages), write:statuses (répondre), "
            "write:media (joindre des images) et write:favourites (aimer)."
        ),
        (
            "Name it “Comptoir” and tick read (to read mentions and messages), write:statuses (to answer), write:media "
            "(to attach images) and write:favourites (to like)."
        ),
    ),
    (
        (
            "Copiez le jeton d’accès de l’application. Pour vous connecter par le navigateur à la place, copiez sa "
            "clé et son secret, et ajoutez à l’application l’adresse de retour affichée par Comptoir."
        ),
        (
            "Copy the application’s access token. To sign in through the browser instead, copy its key and its secret, "
            "and add the return address that Comptoir shows to the application."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Masquer ou supprimer ce qu’écrivent les autres : un serveur ne le permet qu’à ses modérateurs. "
            "Le signalement se fait sur le serveur."
        ),
        "Hiding or deleting what others write: a server lets only its moderators. Reports are made on the server.",
    ),
    (
        "Vidéos, sons et GIF à l’envoi : le serveur les convertit après l’envoi, la réponse partirait sans eux.",
        "Sending videos, sounds and GIFs: the server converts them after the upload, the answer would leave without.",
    ),
    (
        "Accusés de lecture et « en train d’écrire » : le réseau n’en a pas.",
        "Read receipts and typing signals: the network has none.",
    ),
)

UNVERIFIED = (
    (
        "Vérifié auprès d’un serveur d’essai (mastodon-mock) et d’enregistrements de Mastodon et de GoToSocial ; "
        "pas auprès d’un grand serveur public."
    ),
    (
        "Verified against a test server (mastodon-mock) and recordings of Mastodon and GoToSocial; not against a large "
        "public server."
    ),
)
