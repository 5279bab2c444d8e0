"""What connecting an account needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, OAuth, Scope

FIELDS = (
    CredentialField(
        "client_id",
        ("Identifiant de l’application", "App ID"),
        ("Sur business-api.tiktok.com, My Apps.", "At business-api.tiktok.com, My Apps."),
    ),
    CredentialField(
        "client_secret",
        ("Secret de l’application", "App secret"),
        (
            "Au même endroit ; il signe aussi ce que TikTok nous envoie.",
            "At the same place; it also signs what TikTok sends us.",
        ),
        secret=True,
    ),
    CredentialField(
        "refresh_token",
        ("Jeton d’actualisation", "Refresh token"),
        ("Rempli par la connexion.", "Filled in by signing in."),
        secret=True,
        required=False,
    ),
)

OAUTH = OAuth(
    authorize_url="https://www.tiktok.com/v2/auth/authorize/?client_key={client_id}",
    scopes=(
        Scope("user.info.basic", ("Connaître le compte.", "Knowing the account.")),
        Scope("user.info.username", ("Connaître son nom.", "Knowing its name.")),
        Scope("user.info.stats", ("Compter ses abonnés.", "Counting its followers.")),
        Scope("user.info.profile", ("Connaître son profil.", "Knowing its profile.")),
        Scope("user.account.type", ("Savoir s’il est professionnel.", "Knowing whether it is a business account.")),
        Scope("user.insights", ("Lire ses statistiques.", "Reading its figures.")),
        Scope("video.list", ("Trouver ses vidéos.", "Finding its videos.")),
        Scope("video.insights", ("Compter vues et réactions.", "Counting views and reactions.")),
        Scope("comment.list", ("Lire les commentaires.", "Reading comments.")),
        Scope("comment.list.manage", ("Y répondre, les masquer.", "Answering and hiding them.")),
        Scope("message.list.read", ("Lire les messages privés.", "Reading direct messages.")),
        Scope("message.list.send", ("Y répondre.", "Answering them.")),
        Scope("message.list.manage", ("Gérer les échanges.", "Managing exchanges.")),
    ),
    scope_separator=",",
    uses_pkce=False,
)

PREPARATIONS = (
    (
        (
            "Passez le compte TikTok en compte professionnel. Sur business-api.tiktok.com, devenez développeur et "
            "créez "
            "une application ; TikTok l’examine en deux ou trois jours."
        ),
        (
            "Make the TikTok account a business account. At business-api.tiktok.com, become a developer and make an "
            "application; TikTok examines it within two or three days."
        ),
    ),
    (
        (
            "Dans l’application, demandez les autorisations « TikTok Accounts » : informations, vidéos, commentaires "
            "(lecture et gestion) et, si votre pays y a droit, messages."
        ),
        (
            "In the application, ask for the permissions “TikTok Accounts”: information, videos, comments (reading and "
            "managing) and, where your country is entitled to it, messages."
        ),
    ),
    (
        "Donnez-lui l’adresse de retour affichée ici (« TikTok account holder redirect URL »), puis connectez-vous.",
        "Give it the return address shown here (“TikTok account holder redirect URL”), then sign in.",
    ),
)

ABSENCES = (
    (
        (
            "TikTok ne transmet pas les messages privés des personnes de l’Espace économique européen, de Suisse et du "
            "Royaume-Uni : en France, seuls les commentaires arrivent ici."
        ),
        (
            "TikTok does not hand over direct messages of people in the European Economic Area, Switzerland and the "
            "United Kingdom: in France only comments arrive here."
        ),
    ),
    (
        "Un message privé n’est possible que dans les 48 heures qui suivent celui du client, et ne peut être repris.",
        "A direct message is only possible within 48 hours of the customer’s, and cannot be taken back.",
    ),
    (
        "Un commentaire ne peut recevoir de réponse privée.",
        "A comment cannot be answered in private.",
    ),
    (
        (
            "Les commentaires sont relevés sous les vingt dernières vidéos ; les publicités, mentions et directs ne "
            "le sont pas."
        ),
        "Comments are read under the latest twenty videos; advertisements, mentions and live streams are not.",
    ),
    (
        "Aimer un commentaire ne se fait pas d’ici.",
        "Liking a comment is not done from here.",
    ),
)
