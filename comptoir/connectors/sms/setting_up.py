"""What connecting a number asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "sender",
        ("Notre numéro", "Our number"),
        (
            (
                "Au format international, comme +33612345678 ; ou, chez Twilio, un service de messagerie (MG…) ou "
                "un expéditeur RCS (rcs:…)."
            ),
            (
                "In international form, such as +33612345678; or, with Twilio, a messaging service (MG…) or an RCS "
                "sender (rcs:…)."
            ),
        ),
    ),
    CredentialField(
        "account_sid",
        ("SID du compte Twilio", "Twilio account SID"),
        (
            "Vide : les SMS passent par une autre passerelle, décrite plus bas.",
            "Empty: messages go through another gateway, described below.",
        ),
        required=False,
    ),
    CredentialField(
        "auth_token",
        ("Jeton Twilio", "Twilio auth token"),
        ("Il vérifie aussi ce que Twilio livre.", "It also verifies what Twilio delivers."),
        secret=True,
        required=False,
    ),
    CredentialField(
        "send_url",
        ("Adresse d’envoi de la passerelle", "The gateway’s sending address"),
        ("Reçoit en JSON : to, from, text, reference.", "Takes JSON: to, from, text, reference."),
        required=False,
    ),
    CredentialField(
        "send_token",
        ("Jeton d’envoi", "Sending token"),
        ("Envoyé à la passerelle comme « Bearer ».", "Sent to the gateway as “Bearer”."),
        secret=True,
        required=False,
    ),
    CredentialField(
        "webhook_secret",
        ("Secret de réception", "Receiving secret"),
        (
            (
                "La passerelle l’ajoute à l’adresse (?token=…), en « Bearer », ou signe le corps, ou la requête d’un "
                "GET (X-Signature, HMAC-SHA256)."
            ),
            (
                "The gateway adds it to the address (?token=…), as “Bearer”, or signs the body, or the query of a GET "
                "(X-Signature, HMAC-SHA256)."
            ),
        ),
        secret=True,
        least_chars=16,
        required=False,
    ),
)

PREPARATIONS = (
    (
        (
            "Chez Twilio : achetez un numéro qui reçoit les SMS (ou un service de messagerie, pour le RCS), puis "
            "copiez le SID du compte et le jeton de la console."
        ),
        (
            "With Twilio: buy a number that takes SMS (or a messaging service, for RCS), then copy the account’s SID "
            "and auth token from the console."
        ),
    ),
    (
        (
            "Avec une autre passerelle : donnez-lui l’adresse affichée sur la page du compte, pour les messages reçus "
            "et les accusés de réception, en POST de préférence ; les formes courantes (JSON, formulaire, ou les mêmes "
            "champs dans la requête d’un GET) sont comprises."
        ),
        (
            "With another gateway: give it the address that the account’s page shows, for what comes in and for "
            "receipts, rather by POST; the usual forms (JSON, a form, or the same fields in the query of a GET) are "
            "understood."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Les images (MMS, RCS) partent par Twilio, quand ce comptoir a une adresse publique en HTTPS où Twilio "
            "vient les chercher ; les autres passerelles ne prennent que du texte."
        ),
        (
            "Pictures (MMS, RCS) are sent by Twilio, where this counter has a public https address from which Twilio "
            "fetches them; other gateways take text alone."
        ),
    ),
    (
        (
            "Les réponses à toucher ne partent que d’un expéditeur RCS (rcs:…), chacune par un modèle que Twilio garde "
            "(Content) ; les cartes et les carrousels ne sont pas envoyés."
        ),
        (
            "Answers to press leave from an RCS sender only (rcs:…), each by a template that Twilio keeps (Content); "
            "cards and carousels are not sent."
        ),
    ),
    (
        (
            "Les morceaux d’un long SMS livrés séparément restent des messages séparés ; ceux d’une même livraison "
            "sont réunis."
        ),
        (
            "Parts of a long SMS that are delivered one by one stay messages of their own; those of one delivery are "
            "joined."
        ),
    ),
)

UNVERIFIED = (
    "Les requêtes sont vérifiées contre le contrat publié de Twilio ; elles n’ont pas été essayées auprès du service.",
    "Requests are checked against Twilio’s published contract; they were not tried against the service.",
)
