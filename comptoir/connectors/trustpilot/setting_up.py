"""What connecting a company needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "api_key",
        ("Clé d’API", "API key"),
        ("Dans Trustpilot Business, Intégrations, API.", "In Trustpilot Business, Integrations, APIs."),
    ),
    CredentialField(
        "api_secret", ("Secret de l’API", "API secret"), ("À côté de la clé.", "Beside the key."), secret=True
    ),
    CredentialField(
        "business_unit_id",
        ("Identifiant de l’entreprise", "Business unit id"),
        (
            "Vingt-quatre chiffres et lettres ; dans Trustpilot Business, Intégrations, API.",
            "Twenty-four digits and letters; in Trustpilot Business, Integrations, APIs.",
        ),
    ),
    CredentialField(
        "business_user_id",
        ("Identifiant de l’utilisateur qui répond", "Id of the user who answers"),
        (
            "Trustpilot le demande pour publier une réponse ; dans les réglages de vos utilisateurs.",
            "Trustpilot asks for it to publish an answer; in the settings of your users.",
        ),
        required=False,
    ),
    CredentialField(
        "webhook_token",
        ("Jeton de l’adresse de notification", "Token of the notification address"),
        (
            (
                "Une longue suite de lettres et de chiffres de votre choix ; vide : les avis sont relevés toutes les "
                "5 min."
            ),
            "A long row of letters and digits of your choice; empty: reviews are read every 5 minutes.",
        ),
        secret=True,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Il faut un abonnement Trustpilot qui comprend l’accès à l’API (module Connect). Créez une application "
            "dans "
            "Trustpilot Business, Intégrations, API, et copiez sa clé et son secret."
        ),
        (
            "A Trustpilot plan with access to the API is needed (the Connect module). Make an application in "
            "Trustpilot "
            "Business, Integrations, APIs, and copy its key and secret."
        ),
    ),
    (
        "Copiez l’identifiant de l’entreprise et celui de l’utilisateur au nom duquel les réponses paraîtront.",
        "Copy the business unit’s id and that of the user in whose name answers will appear.",
    ),
    (
        (
            "Pour être averti aussitôt : Intégrations, Développeurs, Notifications Webhook. Ajoutez l’adresse que "
            "donne "
            "la page du compte, suivie de ?token= et du jeton choisi, pour les avis nouveaux, modifiés et supprimés."
        ),
        (
            "To be told at once: Integrations, Developers, Webhooks. Add the address that the account’s page gives, "
            "followed by ?token= and the chosen token, for new, updated and deleted reviews."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Sans notification, un avis modifié n’est remarqué que parmi les cent derniers, et un avis supprimé ne "
            "l’est pas."
        ),
        "Without notifications, an edited review is noticed among the last hundred only, and a removed one is not.",
    ),
    (
        "Les avis sur des produits sont lus ; leur réponse se fait sur les pages de Trustpilot.",
        "Reviews of products are read; they are answered on Trustpilot’s pages.",
    ),
    (
        "Trustpilot n’a pas de messages privés, et un avis ne peut être ni masqué ni supprimé par l’entreprise.",
        "Trustpilot has no private messages, and a company can neither hide nor remove a review.",
    ),
    (
        "Les invitations à donner un avis ne sont pas envoyées d’ici.",
        "Invitations to write a review are not sent from here.",
    ),
)
