"""What connecting an account needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "channel_secret",
        ("Secret du canal", "Channel secret"),
        (
            "Dans LINE Developers, onglet « Basic settings » : il signe ce que LINE nous envoie.",
            "In LINE Developers, tab “Basic settings”: it signs what LINE sends us.",
        ),
        secret=True,
    ),
    CredentialField(
        "channel_access_token",
        ("Jeton d’accès du canal", "Channel access token"),
        (
            "Dans LINE Developers, onglet « Messaging API », jeton de longue durée.",
            "In LINE Developers, tab “Messaging API”, the long-lived token.",
        ),
        secret=True,
    ),
)

PREPARATIONS = (
    (
        (
            "Dans LINE Official Account Manager, ouvrez Paramètres, Messaging API, et activez-la ; dans Paramètres de "
            "réponse, désactivez les réponses automatiques."
        ),
        (
            "In the LINE Official Account Manager, open Settings, Messaging API, and enable it; in Response settings, "
            "switch the automatic replies off."
        ),
    ),
    (
        (
            "Dans LINE Developers, ouvrez le canal : copiez le secret du canal et émettez un jeton d’accès de longue "
            "durée."
        ),
        "In LINE Developers, open the channel: copy the channel secret and issue a long-lived access token.",
    ),
    (
        (
            "Après l’enregistrement, l’adresse de notification est déclarée à LINE ; dans l’onglet « Messaging API », "
            "activez « Use webhook »."
        ),
        "Once it is saved, the webhook address is told to LINE; in the tab “Messaging API”, switch “Use webhook” on.",
    ),
    (
        "Pour répondre dans des groupes, activez « Allow bot to join group chats ».",
        "To answer in groups, switch “Allow bot to join group chats” on.",
    ),
)

ABSENCES = (
    (
        "Une image de plus de 1 Mo s’ouvre entière, mais LINE en montre d’abord un dessin : rien ici ne la réduit.",
        "A picture of more than 1 MB opens whole, but LINE first shows a drawing: nothing here scales it.",
    ),
    (
        (
            "Images, films et sons partent quand ce comptoir a une adresse publique en HTTPS, où LINE vient les "
            "chercher pendant 30 jours ; d’autres fichiers, LINE n’en laisse pas envoyer."
        ),
        (
            "Pictures, films and sounds are sent where this counter has a public https address, from which LINE "
            "fetches them for 30 days; LINE lets nobody send other files."
        ),
    ),
    (
        "Un message envoyé ne peut être ni modifié ni repris, et LINE ne dit pas s’il a été remis ou lu.",
        (
            "A message that was sent can neither be changed nor taken back, and LINE does not tell whether it "
            "arrived or was read."
        ),
    ),
    (
        "Le nom de ceux qui ont bloqué le compte n’est pas donné : ils sont connus par leur identifiant.",
        "The names of those who blocked the account are not told: they are known by their id.",
    ),
    (
        "Ce qui est répondu dans LINE Official Account Manager n’apparaît pas ici ; l’historique non plus.",
        "What is answered in the LINE Official Account Manager does not appear here, nor does the history.",
    ),
    (
        "Chaque message envoyé compte dans le forfait mensuel du compte LINE.",
        "Each message sent counts towards the monthly plan of the LINE account.",
    ),
)
