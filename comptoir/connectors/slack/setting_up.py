"""What connecting a workspace needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant client", "Client ID"),
        ("Sur api.slack.com/apps, Basic Information.", "At api.slack.com/apps, Basic Information."),
    ),
    CredentialField(
        "client_secret", ("Secret client", "Client Secret"), ("Au même endroit.", "At the same place."), secret=True
    ),
    CredentialField(
        "signing_secret",
        ("Secret de signature", "Signing Secret"),
        ("Au même endroit : il signe ce que Slack nous envoie.", "At the same place: it signs what Slack sends us."),
        secret=True,
    ),
    CredentialField(
        "bot_token",
        ("Jeton du bot (xoxb-…)", "Bot token (xoxb-…)"),
        (
            "Rempli par la connexion ; ou copié depuis OAuth & Permissions.",
            "Filled in by signing in; or copied from OAuth & Permissions.",
        ),
        secret=True,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Sur api.slack.com/apps, créez une application « from scratch » pour votre espace de travail. Dans OAuth & "
            "Permissions, ajoutez l’adresse de retour affichée ici et les autorisations demandées à la connexion."
        ),
        (
            "At api.slack.com/apps, make an app “from scratch” for your workspace. In OAuth & Permissions, add the "
            "return address shown here and the permissions that signing in asks for."
        ),
    ),
    (
        (
            "Dans Event Subscriptions, activez les événements, collez l’adresse que donne la page du compte et ajoutez "
            "app_mention, message.channels, message.groups, message.im, message.mpim, reaction_added et "
            "reaction_removed."
        ),
        (
            "In Event Subscriptions, enable events, paste the address that the account’s page gives, and add "
            "app_mention, message.channels, message.groups, message.im, message.mpim, reaction_added and "
            "reaction_removed."
        ),
    ),
    (
        "Dans App Home, activez l’onglet Messages pour que l’on puisse écrire à l’application.",
        "In App Home, enable the Messages tab so that people can write to the application.",
    ),
    (
        (
            "Connectez-vous, puis invitez l’application dans chaque canal à écouter (/invite @application), y compris "
            "les canaux partagés avec vos clients par Slack Connect."
        ),
        (
            "Sign in, then invite the application into each channel to listen to (/invite @application), those shared "
            "with your customers by Slack Connect included."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Une réponse avec des fichiers, dont l’envoi a été interrompu, est reconnue à son texte et aux noms de ses "
            "fichiers : Slack ne garde pas de clé à côté d’eux."
        ),
        (
            "A reply with files whose sending was cut is known again by its text and the names of its files: Slack "
            "keeps no key beside them."
        ),
    ),
    (
        "Slack ne dit pas si un message a été lu.",
        "Slack does not tell whether a message was read.",
    ),
    (
        "Un canal est un échange par personne : chaque réponse va dans le fil du message auquel elle répond.",
        "A channel is one exchange for each person: each answer goes into the thread of the message it answers.",
    ),
)
