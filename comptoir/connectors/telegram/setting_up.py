"""What connecting a bot asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField
from comptoir.connectors.telegram.bot import DEFAULT_API

FIELDS = (
    CredentialField(
        "bot_token",
        ("Jeton du robot", "Bot token"),
        ("Donné par @BotFather, de la forme 123456:ABC….", "Given by @BotFather, of the form 123456:ABC…."),
        secret=True,
    ),
    CredentialField(
        "api_base",
        ("Adresse de l’API", "Address of the API"),
        (
            "À changer seulement si vous exploitez votre propre serveur de l’API des robots.",
            "To be changed only where you run a Bot API server of your own.",
        ),
        required=False,
        default=DEFAULT_API,
    ),
)

PREPARATIONS = (
    (
        (
            "Dans Telegram, écrivez à @BotFather : /newbot, puis le nom de la marque et un identifiant qui finit par "
            "« bot ». Copiez le jeton qu’il donne."
        ),
        (
            "In Telegram, write to @BotFather: /newbot, then the brand’s name and a handle that ends with “bot”. Copy "
            "the token that it gives."
        ),
    ),
    (
        (
            "Pour lire tout ce qui se dit dans un groupe, et non les seules commandes : /setprivacy, Disable, puis "
            "ajoutez le robot au groupe. Pour y voir les réactions ou y supprimer des messages, nommez-le "
            "administrateur."
        ),
        (
            "To read all that is said in a group, and not commands only: /setprivacy, Disable, then add the bot to the "
            "group. To see reactions or delete messages there, make it an administrator."
        ),
    ),
    (
        (
            "Pour les commentaires d’un canal : ajoutez le robot comme administrateur au canal et à son groupe de "
            "discussion."
        ),
        "For the comments of a channel: add the bot as an administrator to the channel and to its discussion group.",
    ),
    (
        (
            "Pour un compte Telegram Business : /mybots, Bot Settings, Business Mode, puis, dans les paramètres du "
            "compte, Telegram Business, Chatbots, choisissez le robot."
        ),
        (
            "For a Telegram Business account: /mybots, Bot Settings, Business Mode, then in the account’s settings, "
            "Telegram Business, Chatbots, choose the bot."
        ),
    ),
)

ABSENCES = (
    (
        "Le menu des commandes d’un robot se règle chez @BotFather ; ce qu’on y choisit arrive comme un message.",
        "A bot’s menu of commands is set with @BotFather; what customers choose from it comes in as a message.",
    ),
    (
        "L’historique : l’API des robots ne donne rien de ce qui précède, ni de ce qui date de plus de 24 heures.",
        "History: the Bot API gives nothing of what came before, nor of what is older than 24 hours.",
    ),
    (
        (
            "Accusés de lecture et suppressions par les clients : Telegram ne les dit à un robot que pour les comptes "
            "Business."
        ),
        "Read receipts, and deletions by customers: Telegram tells a bot only those of Business accounts.",
    ),
    (
        "Écrire en premier : un client doit d’abord écrire au robot.",
        "Writing first: a customer must have written to the bot before.",
    ),
    (
        "Fichiers reçus de plus de 20 Mo : un robot ne peut pas les télécharger.",
        "Received files of more than 20 MB: a bot cannot download them.",
    ),
)

UNVERIFIED = (
    (
        "Les requêtes sont vérifiées contre la description publiée de l’API, la réception et la réponse en privé "
        "contre un serveur d’essai fait par d’autres ; rien n’a été essayé auprès de Telegram."
    ),
    (
        "Requests are checked against the API’s published description, receiving and answering in private against a "
        "test server made by others; nothing was tried against Telegram."
    ),
)
