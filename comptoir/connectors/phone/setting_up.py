"""What connecting a number asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "number",
        ("Notre numéro", "Our number"),
        ("Au format international, comme +33123456789.", "In international form, such as +33123456789."),
    ),
    CredentialField(
        "account_sid",
        ("SID du compte Twilio", "Twilio account SID"),
        ("Vide si les appels ne passent pas par Twilio.", "Empty where calls do not go through Twilio."),
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
        "ari_url",
        ("Adresse d’Asterisk", "Asterisk’s address"),
        (
            "Celle de son serveur HTTP, par exemple http://10.0.0.5:8088.",
            "That of its HTTP server, for example http://10.0.0.5:8088.",
        ),
        required=False,
    ),
    CredentialField(
        "ari_user", ("Utilisateur ARI", "ARI user"), ("Défini dans ari.conf.", "Defined in ari.conf."), required=False
    ),
    CredentialField("ari_password", ("Mot de passe ARI", "ARI password"), secret=True, required=False),
    CredentialField(
        "agent_endpoint",
        ("Comment appeler un conseiller", "How to ring an agent"),
        ("Pour Asterisk ; {agent} y devient son numéro.", "For Asterisk; {agent} becomes their number."),
        required=False,
        default="PJSIP/{agent}",
    ),
    CredentialField(
        "dial_context",
        ("Contexte des appels sortants", "Context of outgoing calls"),
        (
            "Pour Asterisk : celui du plan de numérotation qui joint l’extérieur.",
            "For Asterisk: the one of the dialplan that reaches outside.",
        ),
        required=False,
        default="default",
    ),
    CredentialField(
        "webhook_secret",
        ("Secret de réception", "Receiving secret"),
        (
            (
                "Un autre standard l’ajoute à l’adresse (?token=…), en « Bearer », ou signe le corps, ou la requête "
                "d’un GET (X-Signature, HMAC-SHA256)."
            ),
            (
                "Another switchboard adds it to the address (?token=…), as “Bearer”, or signs the body, or the query "
                "of a GET (X-Signature, HMAC-SHA256)."
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
            "Chez Twilio : copiez le SID du compte et le jeton de la console. Le numéro garde son scénario d’accueil ; "
            "Comptoir n’en reçoit que le déroulement des appels. Pour les messages vocaux, indiquez l’adresse affichée "
            "sur la page du compte comme « recordingStatusCallback » ou « action » du verbe Record."
        ),
        (
            "With Twilio: copy the account’s SID and auth token from the console. The number keeps its own welcome; "
            "Comptoir is only told how calls go. For voice messages, give the address that the account’s page shows as "
            "the Record verb’s “recordingStatusCallback” or “action”."
        ),
    ),
    (
        (
            "Avec Asterisk : dans http.conf, enabled=yes ; dans ari.conf, un utilisateur avec son mot de passe, sans "
            "read_only si vous voulez appeler d’un clic. L’application s’appelle « comptoir » ; le plan de "
            "numérotation reste le vôtre."
        ),
        (
            "With Asterisk: enabled=yes in http.conf; in ari.conf a user and its password, without read_only if you "
            "want to call with a click. The application is called “comptoir”; the dialplan stays yours."
        ),
    ),
    (
        (
            "Avec un autre standard (Kamailio, Aircall, un centre d’appels) : faites-lui envoyer à l’adresse affichée "
            "sur la page du compte, en POST ou en GET, le début, la réponse et la fin de chaque appel. Ce qu’il faut "
            "ajouter à la configuration de Kamailio est dans comptoir/connectors/phone/README.md."
        ),
        (
            "With another switchboard (Kamailio, Aircall, a call centre): have it send the beginning, the answer and "
            "the end of each call to the address that the account’s page shows, by POST or by GET. What Kamailio’s "
            "configuration wants added is in comptoir/connectors/phone/README.md."
        ),
    ),
)

ABSENCES = (
    (
        "Parler dans le navigateur : l’appel sonne sur le téléphone du conseiller.",
        "Speaking in the browser: the call rings on the agent’s telephone.",
    ),
    (
        "Transcription et enregistrement : faits par le fournisseur s’ils y sont réglés ; Comptoir les reprend.",
        "Transcripts and recordings: made by the provider where set up there; Comptoir takes them over.",
    ),
)

UNVERIFIED = (
    (
        "Les appels d’un vrai Kamailio 5.6 sont vérifiés. La lecture d’Asterisk 20 l’est sur des enregistrements, les "
        "requêtes vers Twilio contre son contrat publié ; ni l’un ni l’autre n’a été essayé en service, ni d’autres "
        "standards."
    ),
    (
        "The calls of a real Kamailio 5.6 are verified. Reading Asterisk 20 is verified on recordings, requests to "
        "Twilio against its published contract; neither was tried in service, nor were other switchboards."
    ),
)
