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
        (
            "Laissez vide : Comptoir s’inscrit lui-même sur le serveur quand vous vous connectez par le navigateur.",
            "Leave it empty: Comptoir registers itself on the server when you sign in through the browser.",
        ),
        required=False,
    ),
    CredentialField(
        "client_secret",
        ("Secret de l’application", "Client secret"),
        ("Obtenu avec la clé.", "Comes with the key."),
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
            "Donnez le nom de votre serveur et enregistrez, puis, sur la page du compte, connectez-vous : Comptoir "
            "s’inscrit sur le serveur et vous y envoie. Rien d’autre n’est à faire."
        ),
        (
            "Give your server’s name and save, then sign in on the account’s page: Comptoir registers on the server "
            "and sends you there. There is nothing else to do."
        ),
    ),
    (
        (
            "Ou avec un jeton fait à la main : sur votre serveur, connectez-vous avec le compte de la marque, puis "
            "Préférences, Développement, Nouvelle application."
        ),
        (
            "Or with a token made by hand: on your server, sign in with the brand’s account, then Preferences, "
            "Development, New application."
        ),
    ),
    (
        (
            "Nommez-la « Comptoir » et cochez read (lire les mentions et les messages), write:statuses (répondre), "
            "write:media (joindre des images), write:favourites (aimer) et write:reports (signaler). Copiez son jeton "
            "d’accès."
        ),
        (
            "Name it “Comptoir” and tick read (to read mentions and messages), write:statuses (to answer), write:media "
            "(to attach images), write:favourites (to like) and write:reports (to report). Copy its access token."
        ),
    ),
)

ABSENCES = (
    (
        "Masquer ou supprimer ce qu’écrivent les autres : un serveur ne le permet qu’à ses modérateurs.",
        "Hiding or deleting what others write: a server lets only its moderators.",
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
