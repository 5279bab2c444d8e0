"""What connecting an agent needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "agent_id",
        ("Identifiant de l’agent", "The agent’s id"),
        (
            "Comme exemple_abc123_agent@rbm.goog, dans la console de Google.",
            "Such as example_abc123_agent@rbm.goog, in Google’s console.",
        ),
    ),
    CredentialField(
        "client_token",
        ("Jeton du webhook (clientToken)", "The webhook’s token (clientToken)"),
        (
            "Montré quand le webhook est réglé ; il signe ce que Google nous envoie.",
            "Shown when the webhook is set; it signs what Google sends us.",
        ),
        secret=True,
    ),
    CredentialField(
        "service_account",
        ("Clé du compte de service (JSON)", "Service account’s key (JSON)"),
        ("Tout le contenu du fichier JSON téléchargé.", "The whole content of the downloaded JSON file."),
        secret=True,
    ),
    CredentialField(
        "region",
        ("Région de l’agent", "The agent’s region"),
        ("europe, us ou asia.", "europe, us or asia."),
        required=False,
        default="europe",
    ),
)

PREPARATIONS = (
    (
        (
            "Dans la console « RCS for Business » de Google, ouverte aux partenaires enregistrés, créez l’agent (nom, "
            "logo, numéro et conditions) et, dans Service account, une clé au format JSON."
        ),
        (
            "In Google’s RCS for Business console, open to registered partners, make the agent (name, logo, number and "
            "terms) and, in Service account, a key in JSON."
        ),
    ),
    (
        (
            "Enregistrez ici d’abord. Puis, dans Integrations de l’agent, réglez le webhook sur l’adresse que montre "
            "la page du compte, avec le même clientToken, et touchez Verify."
        ),
        (
            "Save here first. Then, in the agent’s Integrations, set the webhook to the address that the account’s "
            "page shows, with the same clientToken, and press Verify."
        ),
    ),
    (
        (
            "Tant que l’agent n’est pas lancé chez un opérateur, seuls les téléphones d’essai invités dans la console "
            "peuvent lui écrire."
        ),
        (
            "Until the agent is launched with an operator, only test telephones that were invited in the console can "
            "write to it."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Les fichiers partent quand ce comptoir a une adresse publique en HTTPS, où Google vient les chercher "
            "pendant 30 jours."
        ),
        "Files are sent where this counter has a public https address, from which Google fetches them for 30 days.",
    ),
    (
        (
            "Les cartes, les carrousels et les boutons qui ouvrent une page, appellent ou partagent un lieu ne sont "
            "pas "
            "envoyés."
        ),
        "Cards, carousels and buttons that open a page, call or share a place are not sent.",
    ),
    (
        (
            "Un message n’est repris que s’il n’est pas encore remis, et Google ne dit pas s’il l’était : ce n’est pas "
            "proposé."
        ),
        (
            "A message can only be taken back before it is delivered, and Google does not say whether it was: it is "
            "not offered."
        ),
    ),
    (
        (
            "Un téléphone sans RCS ne reçoit rien : la réponse est refusée avec cette raison, sans passer au SMS "
            "d’elle-même."
        ),
        "A telephone without RCS gets nothing: the answer is refused with that reason, and does not fall back to SMS.",
    ),
    (
        "Google ne dit pas le nom de ceux qui écrivent, et l’historique ne peut pas être relu.",
        "Google does not tell the names of those who write, and the history cannot be read.",
    ),
)
