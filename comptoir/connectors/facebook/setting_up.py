"""What connecting a Page needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import Scope

SCOPES = (
    Scope(
        "pages_show_list",
        (
            "Voir la liste de vos Pages, pour choisir celle à relier.",
            "Listing your Pages, to choose the one to connect.",
        ),
    ),
    Scope(
        "pages_read_engagement",
        ("Lire les publications de la Page et ses chiffres.", "Reading the Page’s posts and its figures."),
    ),
    Scope(
        "pages_read_user_content",
        (
            "Lire les commentaires, les publications de visiteurs et les recommandations.",
            "Reading comments, visitors’ posts and recommendations.",
        ),
    ),
    Scope(
        "pages_manage_engagement",
        (
            "Répondre aux commentaires, les masquer, les supprimer, les aimer.",
            "Answering comments, hiding, deleting and liking them.",
        ),
    ),
    Scope(
        "pages_manage_metadata",
        ("Recevoir ce qui se passe sur la Page (webhooks).", "Being told what happens on the Page (webhooks)."),
    ),
    Scope(
        "pages_messaging",
        ("Répondre en privé à un commentaire.", "Answering a comment in private."),
    ),
)

PREPARATIONS = (
    (
        "Sur developers.facebook.com, créez une app de type « Business », rattachée à votre portefeuille business.",
        "On developers.facebook.com, create an app of the type “Business” and attach it to your business portfolio.",
    ),
    (
        (
            "Ajoutez le produit « Facebook Login for Business ». Dans ses paramètres, ajoutez l’adresse de retour que "
            "cet écran vous donne aux URI de redirection OAuth valides."
        ),
        (
            "Add the product “Facebook Login for Business”. In its settings, add the return address that this screen "
            "gives you to the valid OAuth redirect URIs."
        ),
    ),
    (
        (
            "Demandez l’accès avancé (App Review) aux autorisations listées ci-dessous, et faites vérifier "
            "l’entreprise. Sans cela, seules les personnes qui ont un rôle dans l’app sont lues."
        ),
        (
            "Ask for advanced access (App Review) to the permissions listed below, and have the business verified. "
            "Without it, only people who have a role in the app are read."
        ),
    ),
    (
        (
            "Copiez ici l’identifiant de l’app et sa clé secrète, choisissez un jeton de vérification, puis "
            "connectez-vous avec un compte qui gère la Page et choisissez-la."
        ),
        (
            "Copy the app’s ID and its secret here, choose a verify token, then sign in with an account that manages "
            "the Page and choose it."
        ),
    ),
    (
        (
            "Passez l’app en mode Live. L’adresse des webhooks est réglée par Comptoir ; une seule app sert toutes "
            "vos Pages, avec la même clé et le même jeton."
        ),
        (
            "Switch the app to Live mode. Comptoir sets the address of the webhooks; one app serves all your Pages, "
            "with the same secret and the same token."
        ),
    ),
)

ABSENCES = (
    (
        "Facebook ne dit pas qui a écrit quand la personne le refuse : le message vient alors sans auteur.",
        "Facebook does not say who wrote where the person does not allow it: the message then comes without an author.",
    ),
    (
        "Une réponse privée par commentaire, dans les 7 jours ; la suite passe par le compte Messenger de la Page.",
        "One private answer per comment, within 7 days; what follows goes through the Page’s Messenger account.",
    ),
    (
        "Une réponse publique porte une image au plus ; Facebook ne prend pas d’autre fichier.",
        "A public answer carries one picture at most; Facebook takes no other file.",
    ),
    (
        "Les mentions dans des groupes et sur des profils privés ne sont livrées à personne.",
        "Mentions in groups and on private profiles are delivered to nobody.",
    ),
    (
        "La portée et les vues ne sont pas relevées : Meta en change les mesures d’une version à l’autre.",
        "Reach and views of posts are not collected: Meta changes these measures from one version to the next.",
    ),
)

UNVERIFIED = (
    "Écrit d’après la documentation de Meta et des livraisons enregistrées ; n’a pas été vérifié auprès du service.",
    "Written from Meta’s documentation and recorded deliveries; not verified against the service.",
)
