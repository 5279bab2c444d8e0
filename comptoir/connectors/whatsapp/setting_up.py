"""What connecting a number needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField, Scope
from comptoir.connectors.shared.graph.pages import CLIENT_SECRET, VERIFY_TOKEN

SCOPES = (
    Scope("whatsapp_business_messaging", ("Lire les messages et y répondre.", "Reading messages and answering them.")),
    Scope(
        "whatsapp_business_management",
        ("Lire les modèles et régler les webhooks.", "Reading templates and setting webhooks."),
    ),
)

FIELDS = (
    CredentialField(
        "access_token",
        ("Jeton d’accès", "Access token"),
        (
            "Celui d’un utilisateur système, sans date de fin, avec les deux autorisations whatsapp_business_….",
            "That of a system user, without an end, with the two permissions whatsapp_business_….",
        ),
        secret=True,
    ),
    CredentialField(
        "phone_number_id",
        ("Identifiant du numéro de téléphone", "Phone number ID"),
        (
            "Dans votre app, WhatsApp, Configuration de l’API : sous le numéro, une suite de chiffres.",
            "In your app, WhatsApp, API Setup: below the number, a row of figures.",
        ),
    ),
    CredentialField(
        "waba_id",
        ("Identifiant du compte WhatsApp Business", "WhatsApp Business account ID"),
        (
            "Au même endroit. Il sert aux modèles et aux webhooks.",
            "In the same place. It is needed for templates and webhooks.",
        ),
    ),
    CLIENT_SECRET,
    VERIFY_TOKEN,
)

PREPARATIONS = (
    (
        (
            "Sur developers.facebook.com, créez une app de type « Business », ajoutez le produit « WhatsApp » et "
            "rattachez-la à votre compte WhatsApp Business."
        ),
        (
            "On developers.facebook.com, create an app of the type “Business”, add the product “WhatsApp” and attach "
            "it to your WhatsApp Business account."
        ),
    ),
    (
        "Ajoutez et vérifiez votre numéro de téléphone dans WhatsApp Manager, puis enregistrez-le pour l’API Cloud.",
        "Add and verify your telephone number in WhatsApp Manager, then register it for the Cloud API.",
    ),
    (
        (
            "Dans les paramètres de l’entreprise, Utilisateurs système, créez un utilisateur, donnez-lui l’app et le "
            "compte WhatsApp, et générez un jeton sans date de fin avec whatsapp_business_messaging et "
            "whatsapp_business_management."
        ),
        (
            "In the business settings, System users, create a user, give it the app and the WhatsApp account, and "
            "generate a token without an end, with whatsapp_business_messaging and whatsapp_business_management."
        ),
    ),
    (
        "Choisissez un jeton de vérification : Comptoir règle lui-même l’adresse des webhooks de ce compte.",
        "Choose a verify token: Comptoir sets the webhook address of this account itself.",
    ),
    (
        (
            "Dans la configuration des webhooks de l’app, cochez messages, calls, history et smb_message_echoes, "
            "et passez l’app en mode Live."
        ),
        "In the app’s webhook configuration, tick messages, calls, history and smb_message_echoes, and go Live.",
    ),
)

ABSENCES = (
    (
        "WhatsApp ne rend pas les messages passés : l’échange commence au branchement du numéro.",
        "WhatsApp does not give past messages out: the exchange begins when the number is connected.",
    ),
    (
        "Un message envoyé ne peut être ni modifié ni repris, ni recherché après une coupure.",
        "A message that was sent can be neither changed nor taken back, nor looked up after a cut.",
    ),
    (
        "Les modèles qui demandent un fichier, un titre ou un bouton à compléter ne sont pas proposés.",
        "Templates that want a file, a heading or a button to be filled in are not offered.",
    ),
    (
        "Les appels reçus sont signalés ; ils se prennent dans WhatsApp ou sur votre téléphonie.",
        "Calls are shown as they come; they are taken in WhatsApp or by your telephone system.",
    ),
    (
        "« En train d’écrire » et les accusés de lecture ne sont pas envoyés : WhatsApp les lie à un message précis.",
        "“Typing” and read receipts are not sent: WhatsApp ties them to one very message.",
    ),
    (
        "Les groupes, le catalogue et les formulaires (Flows) sont lus, mais rien n’y est envoyé.",
        "Groups, the catalogue and forms (Flows) are read, but nothing is sent there.",
    ),
)

UNVERIFIED = (
    (
        "Écrit d’après le contrat publié par Meta (v23.0), sa documentation et des livraisons enregistrées ; n’a pas "
        "été vérifié auprès du service."
    ),
    (
        "Written from the contract that Meta publishes (v23.0), its documentation and recorded deliveries; not "
        "verified against the service."
    ),
)
