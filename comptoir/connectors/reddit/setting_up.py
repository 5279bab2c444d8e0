"""What connecting an account asks of people, and what they are told of Reddit's limits."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

CREDENTIAL_FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant de l’application", "App id"),
        (
            "Sous le nom de l’application, dans reddit.com/prefs/apps.",
            "Below the app’s name, at reddit.com/prefs/apps.",
        ),
    ),
    CredentialField(
        "client_secret",
        ("Secret de l’application", "App secret"),
        ("Au même endroit.", "In the same place."),
        secret=True,
    ),
    CredentialField(
        "subreddits",
        ("Subreddits de la marque", "The brand’s subreddits"),
        (
            (
                "Ceux dont tous les posts et commentaires sont à lire, séparés par des virgules. Vide : mentions et "
                "messages seuls."
            ),
            (
                "Those of which all posts and comments are to be read, set apart by commas. Empty: mentions and "
                "messages only."
            ),
        ),
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Demandez l’accès à l’API sur la page d’aide de Reddit pour les développeurs : depuis 2025, une "
            "nouvelle application doit être approuvée, et un usage commercial suppose un contrat avec Reddit "
            "(0,24 $ pour mille requêtes en 2023)."
        ),
        (
            "Ask for access to the API at Reddit’s help page for developers: since 2025 a new app has to be "
            "approved, and commercial use supposes a contract with Reddit ($0.24 for a thousand requests in "
            "2023)."
        ),
    ),
    (
        (
            "Ouvrez reddit.com/prefs/apps avec le compte de la marque et créez une application de type « web app "
            "», avec l’adresse de redirection montrée ici."
        ),
        (
            "Open reddit.com/prefs/apps with the brand’s account and make an app of the type “web app”, with the "
            "redirect address shown here."
        ),
    ),
    (
        "Copiez l’identifiant et le secret, nommez les subreddits de la marque, puis connectez-vous depuis cette page.",
        "Copy the id and the secret, name the brand’s subreddits, then sign in from this page.",
    ),
    (
        (
            "Pour retirer ou approuver et pour le courrier des modérateurs, le compte doit être modérateur de ces "
            "subreddits, avec les droits « Posts » et « Mail »."
        ),
        (
            "To remove or approve, and for the moderators’ mail, the account must moderate those subreddits, with "
            "the rights “Posts” and “Mail”."
        ),
    ),
)

UNVERIFIED = (
    (
        "Non vérifié auprès du service : écrit d’après la documentation de Reddit et des réponses "
        "enregistrées par d’autres. Reddit déplace les messages privés vers son chat, que l’API n’ouvre pas."
    ),
    (
        "Not verified against the service: written from Reddit’s documentation and from answers recorded by "
        "others. Reddit is moving private messages to its chat, which the API does not open."
    ),
)

ABSENCES = (
    (
        "Voter n’est pas proposé : Reddit veut que chaque vote soit celui d’une personne.",
        "Voting is not offered: Reddit wants each vote to be one person’s.",
    ),
    ("Le chat de Reddit n’est pas ouvert par l’API.", "Reddit’s chat is not opened by the API."),
    ("Les fichiers ne s’envoient pas dans les réponses.", "Files are not sent with answers."),
    (
        "Un message privé ne se reprend pas ; le contenu des autres se retire des yeux du public, sans être effacé.",
        "A private message cannot be taken back; what others say is removed from the public’s eyes, not erased.",
    ),
    (
        "Les mentions du nom de la marque ailleurs que dans ses subreddits, sans u/, ne sont pas signalées par Reddit.",
        "Reddit does not tell of the brand’s name outside its subreddits, unless it is written with u/.",
    ),
)
