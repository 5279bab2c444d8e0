"""What connecting an account asks of people, and what they are told of X's prices and limits."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

CREDENTIAL_FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant OAuth 2.0 (Client ID)", "OAuth 2.0 client id"),
        (
            "Console développeur de X, votre application, « Keys and tokens ».",
            "X’s console, your app, Keys and tokens.",
        ),
    ),
    CredentialField(
        "client_secret",
        ("Secret OAuth 2.0 (Client Secret)", "OAuth 2.0 client secret"),
        ("Au même endroit. Montré une seule fois.", "In the same place. Shown only once."),
        secret=True,
    ),
    CredentialField(
        "api_secret",
        ("Secret de l’API (API Key Secret)", "API key secret"),
        (
            "Pour vérifier ce que X livre par l’Account Activity API. À laisser vide sans elle.",
            "To verify what X delivers by the Account Activity API. Leave it empty without that.",
        ),
        secret=True,
        required=False,
    ),
    CredentialField(
        "bearer_token",
        ("Jeton de l’application (Bearer Token)", "App-only bearer token"),
        (
            (
                "Avec le secret de l’API, il fait livrer l’activité du compte ; seul, il ouvre le flux filtré. "
                "Vide : X est interrogé toutes les deux minutes à la place."
            ),
            (
                "With the API key secret it has the account’s activity delivered; alone it opens the filtered stream. "
                "Empty: X is asked every two minutes instead."
            ),
        ),
        secret=True,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Ouvrez console.x.com avec le compte de la marque, créez un projet et une application. L’API est "
            "payante à l’usage : achetez des crédits et fixez un plafond de dépense mensuel."
        ),
        (
            "Open console.x.com with the brand’s account, make a project and an app. The API is paid by use: buy "
            "credits and set a monthly spending limit."
        ),
    ),
    (
        (
            "Tarifs relevés en 2026 (à vérifier dans la console) : 0,005 $ par post lu, 0,010 $ par personne et "
            "par message privé lus, 0,015 $ par réponse, 0,20 $ si elle contient un lien. Une mention lue avec "
            "son auteur coûte donc environ 0,015 $. Le même objet relu le même jour n’est compté qu’une fois. Les "
            "anciens forfaits Basic (200 $ par mois) et Pro (5 000 $) ne sont plus vendus."
        ),
        (
            "Prices seen in 2026 (look them up in the console): $0.005 for each post read, $0.010 for each person "
            "and each direct message read, $0.015 for a reply, $0.20 if it has a link. A mention read with its "
            "author thus costs about $0.015. The same object read again on the same day is counted once. The "
            "older plans Basic ($200 a month) and Pro ($5,000) are no longer sold."
        ),
    ),
    (
        (
            "Dans l’application, « User authentication settings » : type « Web App », droits « Read and write and "
            "Direct message », et comme adresse de retour (Callback URI) celle qui est montrée ici."
        ),
        (
            "In the app, User authentication settings: type Web App, permissions Read and write and Direct "
            "message, and as callback URI the one shown here."
        ),
    ),
    (
        (
            "Copiez l’identifiant et le secret OAuth 2.0, puis connectez-vous à X depuis cette page et accordez "
            "toutes les autorisations demandées."
        ),
        (
            "Copy the OAuth 2.0 client id and secret, then sign in to X from this page and grant all permissions "
            "asked for."
        ),
    ),
    (
        (
            "Pour être averti sans attendre les deux minutes, deux voies. L’Account Activity API, à demander dans "
            "la console : messages privés compris, avec le secret de l’API et le jeton de l’application. Ou le flux "
            "filtré, avec le jeton seul : les posts en six ou sept secondes, les messages privés toutes les deux "
            "minutes."
        ),
        (
            "To be told without waiting two minutes there are two ways. The Account Activity API, asked for in the "
            "console: direct messages too, with the API key secret and the bearer token. Or the filtered stream, "
            "with the bearer token alone: posts within six or seven seconds, direct messages every two minutes."
        ),
    ),
    (
        (
            "Ce que coûte le flux filtré : chaque post qu’il livre, comme un post lu (0,005 $, et 0,010 $ pour "
            "son auteur, relevés en 2026), y compris ceux que vous écrivez vous-même ; le tenir ouvert ne coûte rien, "
            "et ce qui est relu le même jour n’est pas recompté. X n’en accorde qu’un par application (plusieurs par "
            "contrat Enterprise) : donnez à chaque compte la sienne. Une règle de l’application porte le nom "
            "« comptoir » ; les autres ne sont pas touchées. Refusé ou coupé, le flux laisse place à "
            "l’interrogation."
        ),
        (
            "What the filtered stream costs: each post that it delivers, like a post read ($0.005, and $0.010 for its "
            "author, seen in 2026), those that you write yourself too; keeping it open costs nothing, and what is read "
            "again on the same day is not counted again. X lets an app have one (several by an Enterprise contract): "
            "give each account an app of its own. One rule of the app is named “comptoir”; the others are not touched. "
            "Where it is refused or cut, X is asked instead."
        ),
    ),
)

UNVERIFIED = (
    (
        "Non vérifié auprès du service : X n’offre pas d’accès d’essai. Les requêtes sont vérifiées contre le "
        "contrat publié de l’API v2."
    ),
    (
        "Not verified against the service: X offers no trial access. Requests are verified against the "
        "published contract of API v2."
    ),
)

ABSENCES = (
    (
        "X ne laisse un programme répondre qu’aux posts qui mentionnent ou citent le compte.",
        "X lets programs reply only to posts that mention or quote the account.",
    ),
    (
        "Les réponses de plus de 280 signes des comptes Premium ne sont pas proposées.",
        "Replies of more than 280 characters, which Premium accounts may write, are not offered.",
    ),
    (
        "Un post ne se modifie pas d’ici : X en ferait un nouveau, et seulement pour les comptes Premium.",
        "A post cannot be edited from here: X would make a new one of it, and for Premium accounts only.",
    ),
    (
        "Les vidéos ne s’envoient pas ; les messages privés chiffrés (XChat) ne sont pas lisibles par l’API.",
        "Videos are not sent; encrypted direct messages (XChat) cannot be read by this connector.",
    ),
    (
        "Les posts d’autres personnes ne peuvent pas être supprimés, seulement masqués sous les nôtres.",
        "Posts of others cannot be deleted, only hidden under ours.",
    ),
    (
        (
            "Deux comptes d’une même application n’ont qu’un flux filtré : le second est interrogé toutes les deux "
            "minutes."
        ),
        "Two accounts of one app have one filtered stream: the second is asked every two minutes.",
    ),
    (
        "X ne dit pas par l’API que nous écrivons ou avons lu.",
        "X’s API does not tell others that we type or have read.",
    ),
)
