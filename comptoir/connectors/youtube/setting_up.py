"""What connecting a channel asks of people, and what they are told of YouTube's quota and limits."""

from __future__ import annotations

from comptoir.connectors.base import YES_OR_NO, CredentialField

CREDENTIAL_FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant client OAuth", "OAuth client id"),
        ("Google Cloud, API et services, Identifiants.", "Google Cloud, APIs and services, Credentials."),
    ),
    CredentialField(
        "client_secret",
        ("Secret client OAuth", "OAuth client secret"),
        ("Au même endroit.", "In the same place."),
        secret=True,
    ),
    CredentialField(
        "live_chat",
        ("Chat en direct", "Live chat"),
        (
            "Lire aussi le chat des directs en cours ; chaque tour de lecture coûte du quota.",
            "Also read the chat of broadcasts that run; each round of reading costs quota.",
        ),
        required=False,
        default="no",
        choices=YES_OR_NO,
    ),
)

PREPARATIONS = (
    (
        (
            "Ouvrez console.cloud.google.com, créez un projet et activez-y « YouTube Data API v3 » (API et "
            "services, Bibliothèque)."
        ),
        (
            "Open console.cloud.google.com, make a project and switch on “YouTube Data API v3” in it (APIs and "
            "services, Library)."
        ),
    ),
    (
        (
            "Dans « Écran de consentement OAuth », déclarez l’application (interne si vous avez Google Workspace, "
            "sinon externe et publiée, faute de quoi l’accès s’arrête au bout de sept jours) et l’autorisation "
            "youtube.force-ssl : elle seule permet de lire, de répondre et de modérer."
        ),
        (
            "In “OAuth consent screen”, declare the app (internal with Google Workspace, else external and "
            "published, as access otherwise ends after seven days) and the permission youtube.force-ssl: it alone "
            "lets one read, reply and moderate."
        ),
    ),
    (
        (
            "Créez un identifiant « ID client OAuth » de type « Application Web », avec l’adresse de redirection "
            "montrée ici, et copiez l’identifiant et le secret."
        ),
        (
            "Make credentials “OAuth client ID” of the type “Web application”, with the redirect address shown "
            "here, and copy the id and the secret."
        ),
    ),
    (
        (
            "Connectez-vous depuis cette page avec le compte Google de la chaîne. Pour une chaîne de marque, "
            "choisissez-la dans la liste que Google montre."
        ),
        (
            "Sign in from this page with the channel’s Google account. For a brand channel, choose it from the "
            "list that Google shows."
        ),
    ),
    (
        (
            "Quota : 10 000 unités par jour et par projet. Lire coûte 1 unité, répondre, retenir ou retirer en "
            "coûte 50. Écouter une chaîne en coûte environ 960 par jour ; il en reste pour 180 réponses. Un quota "
            "plus grand se demande à Google."
        ),
        (
            "Quota: 10,000 units a day and project. Reading costs 1 unit; replying, holding or removing costs 50. "
            "Listening to a channel costs about 960 a day, which leaves enough for 180 replies. A larger quota is "
            "asked for at Google."
        ),
    ),
)

UNVERIFIED = (
    (
        "Non vérifié auprès du service : écrit d’après la documentation de l’API YouTube Data v3 et des "
        "réponses enregistrées par d’autres."
    ),
    (
        "Not verified against the service: written from the documentation of the YouTube Data API v3 and from "
        "answers recorded by others."
    ),
)

ABSENCES = (
    ("YouTube n’a pas de messages privés.", "YouTube has no private messages."),
    ("L’API ne permet pas d’aimer un commentaire.", "The API does not let anybody like a comment."),
    (
        "Un commentaire retiré ne l’est pas pour de bon : YouTube le rejette, lui seul peut l’effacer avec son auteur.",
        "A comment that is removed is rejected, not erased: only its author and YouTube can erase it.",
    ),
    (
        (
            "YouTube n’avertit pas des commentaires : ils sont lus toutes les deux minutes. Une réponse sous un "
            "fil ancien est vue en une demi-heure si le fil est parmi les 300 derniers."
        ),
        (
            "YouTube tells nobody of comments: they are read every two minutes. A reply in an old thread is seen "
            "within half an hour if the thread is among the last 300."
        ),
    ),
    (
        "L’API ne donne pas les publications de l’onglet Communauté.",
        "The API does not give posts of the Community tab.",
    ),
)
