"""What connecting a bot asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "bot_token",
        ("Jeton du robot", "Bot token"),
        ("Page « Bot » du portail des développeurs.", "The developer portal’s page “Bot”."),
        secret=True,
    ),
    CredentialField(
        "public_key",
        ("Clé publique", "Public key"),
        (
            "Page « General Information » ; elle vérifie les commandes et boutons que Discord livre.",
            "The page “General Information”; it verifies the commands and buttons that Discord delivers.",
        ),
        required=False,
    ),
    CredentialField(
        "channels",
        ("Salons", "Channels"),
        (
            (
                "Leurs identifiants, séparés par des espaces : relus après une coupure, et pour l’historique. Les "
                "autres salons arrivent en direct seulement."
            ),
            (
                "Their ids, separated by spaces: read again after an interruption, and for history. Other channels "
                "come in live only."
            ),
        ),
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Sur discord.com/developers, créez une application au nom de la marque, puis, page « Bot », copiez le "
            "jeton et activez « Message Content Intent » : sans lui, Discord tait ce que disent les messages."
        ),
        (
            "On discord.com/developers, create an application in the brand’s name; then on the page “Bot” copy the "
            "token and switch on “Message Content Intent”: without it Discord does not tell what messages say."
        ),
    ),
    (
        (
            "Page « OAuth2 », « URL Generator » : cochez bot et applications.commands, puis View Channels (lire), Send "
            "Messages et Send Messages in Threads (répondre), Attach Files (joindre), Add Reactions (aimer), Read "
            "Message History (rattraper) et Manage Messages (supprimer). Ouvrez l’adresse obtenue pour inviter le "
            "robot sur votre serveur."
        ),
        (
            "On the page “OAuth2”, “URL Generator”: tick bot and applications.commands, then View Channels (to read), "
            "Send Messages and Send Messages in Threads (to answer), Attach Files, Add Reactions (to like), Read "
            "Message History (to catch up) and Manage Messages (to delete). Open the address you get to invite the bot "
            "to your server."
        ),
    ),
    (
        (
            "Dans Discord, Paramètres, Avancés, activez le mode développeur : un clic droit sur un salon donne alors "
            "son identifiant."
        ),
        "In Discord, Settings, Advanced, switch developer mode on: a right click on a channel then gives its id.",
    ),
)

ABSENCES = (
    (
        "Accusés de lecture, et « en train d’écrire » des clients : Discord n’en dit rien aux robots.",
        "Read receipts, and customers’ typing: Discord tells bots nothing of them.",
    ),
    (
        "Écrire en privé à qui ne partage aucun serveur avec le robot, ou refuse les messages des membres.",
        "Writing in private to somebody who shares no server with the bot, or takes no messages from members.",
    ),
    (
        (
            "Messages privés reçus pendant une coupure de plus de quelques minutes : Discord ne les liste pas pour les "
            "robots."
        ),
        (
            "Private messages received during an interruption of more than some minutes: Discord does not list them "
            "for bots."
        ),
    ),
)

UNVERIFIED = (
    (
        "Les requêtes sont vérifiées contre le contrat publié de Discord, le flux contre un serveur d’essai ; ni l’un "
        "ni l’autre auprès de Discord."
    ),
    (
        "Requests are checked against Discord’s published contract, the stream against a test server; neither against "
        "Discord itself."
    ),
)
