"""What connecting an account asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import YES_OR_NO, CredentialField

FIELDS = (
    CredentialField(
        "homeserver",
        ("Serveur", "Homeserver"),
        ("Par exemple https://matrix.exemple.fr.", "For example https://matrix.example.org."),
    ),
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        ("Dans Element : Paramètres, Aide et à propos, Avancé.", "In Element: Settings, Help & About, Advanced."),
        secret=True,
    ),
    CredentialField(
        "joins",
        ("Accepter les invitations", "Accept invitations"),
        (
            "Entrer dans les salons où le compte est invité, ce que fait un client qui écrit en privé.",
            "Join the rooms that the account is invited to, which is how a customer writes in private.",
        ),
        required=False,
        default="yes",
        choices=YES_OR_NO,
    ),
)

PREPARATIONS = (
    (
        "Créez sur votre serveur un compte au nom de la marque, réservé à Comptoir, et connectez-vous-y avec Element.",
        "Make an account in the brand’s name on your homeserver, for Comptoir alone, and sign in to it with Element.",
    ),
    (
        "Copiez le jeton d’accès, puis fermez l’onglet sans vous déconnecter : la déconnexion le révoquerait.",
        "Copy the access token, then close the tab without signing out: that would revoke it.",
    ),
    (
        "Pour supprimer les messages des autres dans un salon, donnez-y au compte le rang de modérateur.",
        "To delete others’ messages in a room, make the account a moderator there.",
    ),
)

ABSENCES = (
    (
        (
            "Salons chiffrés : Comptoir ne peut pas lire ce qui y est écrit. Créez les salons publics sans "
            "chiffrement ; en privé, le client peut le désactiver."
        ),
        (
            "Encrypted rooms: Comptoir cannot read what is written there. Make public rooms without encryption; in "
            "private, the customer may switch it off."
        ),
    ),
    (
        "Répondre en privé à un message d’un salon public : le client doit inviter le compte.",
        "Answering a public room’s message in private: the customer must invite the account.",
    ),
    (
        "Appels : une invitation à un appel est signalée, elle ne peut pas être prise ici.",
        "Calls: an invitation to a call is shown; it cannot be taken here.",
    ),
)
