"""What connecting a blog asks of people, and what they are told of its limits."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

CREDENTIAL_FIELDS = (
    CredentialField(
        "site",
        ("Adresse du blog", "Address of the blog"),
        ("Là où WordPress est installé : https://exemple.fr/blog", "Where WordPress is: https://example.com/blog"),
    ),
    CredentialField(
        "username",
        ("Nom d’utilisateur", "User name"),
        ("Celui qui répond, au moins « Éditeur » pour modérer.", "Who answers; at least an Editor, to moderate."),
        required=False,
    ),
    CredentialField(
        "application_password",
        ("Mot de passe d’application", "Application password"),
        (
            (
                "Comptes, Profil, Mots de passe d’application. Vide : seuls les commentaires publiés sont lus, par le "
                "flux."
            ),
            "Users, Profile, Application passwords. Empty: only published comments are read, by the feed.",
        ),
        secret=True,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Dans WordPress, créez pour la marque un utilisateur de rôle « Éditeur » : il peut répondre, "
            "approuver, retenir et supprimer des commentaires."
        ),
        (
            "In WordPress, make a user for the brand with the role Editor: it can reply, approve, hold and delete "
            "comments."
        ),
    ),
    (
        (
            "Ouvrez son profil, « Mots de passe d’application », donnez le nom « Comptoir » et copiez le mot de "
            "passe, montré une seule fois. Le site doit être en HTTPS, et sa version de WordPress 5.6 ou plus "
            "récente."
        ),
        (
            "Open its profile, “Application passwords”, give the name “Comptoir” and copy the password, shown "
            "only once. The site must use HTTPS, and WordPress 5.6 or newer."
        ),
    ),
    (
        "Si une extension de sécurité ferme l’API REST, autorisez-la pour cet utilisateur.",
        "If a security plugin closes the REST API, allow it for this user.",
    ),
)

ABSENCES = (
    ("WordPress n’a pas de messages privés.", "WordPress has no private messages."),
    (
        "WordPress n’avertit pas de lui-même : les commentaires sont lus toutes les minutes.",
        "WordPress tells nobody by itself: comments are read every minute.",
    ),
    (
        "WordPress ne dit pas qu’un commentaire a été modifié ou effacé après coup.",
        "WordPress does not say that a comment was changed or erased afterwards.",
    ),
    (
        (
            "Sans mot de passe d’application, les commentaires sont lus par le flux et ne peuvent pas recevoir de "
            "réponse d’ici."
        ),
        "Without an application password comments are read by the feed and cannot be answered from here.",
    ),
    ("Les « J’aime » dépendent d’extensions et ne sont pas repris.", "Likes depend on plugins and are not offered."),
)
