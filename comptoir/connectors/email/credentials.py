"""What has to be filled in to connect a mailbox."""

from __future__ import annotations

from comptoir.connectors.base import YES_OR_NO, CredentialField, PermanentError

_SECURITY = (
    ("ssl", ("SSL/TLS, chiffré d’emblée", "SSL/TLS, encrypted from the start")),
    ("starttls", ("STARTTLS, chiffré ensuite", "STARTTLS, encrypted afterwards")),
    ("none", ("Aucune, sur cette machine seulement", "None, on this machine only")),
)
_PORTS = (1, 65_535)
_PASSWORD = (
    "Avec la double authentification, créez un mot de passe d’application chez votre fournisseur.",
    "With two-step sign-in, create an app password at your provider.",
)
_FOLDERS = (
    "Séparés par des virgules. Le premier est surveillé en permanence, les autres environ chaque minute.",
    "Separated by commas. The first is watched all the time, the others about once a minute.",
)
_SENT = (
    "Une copie de chaque réponse y est déposée. Laissez vide si votre fournisseur le fait déjà (Gmail).",
    "A copy of each reply is left there. Leave empty where your provider does so itself (Gmail).",
)
_PLUS = (
    "Oui si votre serveur accepte boite+mot@domaine\u00a0: une réponse retrouve alors toujours sa conversation.",
    "Yes if your server accepts mailbox+word@domain: an answer then always finds its conversation.",
)
_HISTORY = (
    "Nombre de jours de courrier déjà reçu à lire à la première connexion, comptés depuis le message le plus récent.",
    "How many days of mail already received to read at the first connection, counted back from the newest message.",
)

FIELDS = (
    CredentialField("address", ("Adresse", "Address")),
    CredentialField("sender_name", ("Nom affiché", "Name shown"), required=False),
    CredentialField("aliases", ("Autres adresses de cette boîte", "Other addresses of this mailbox"), required=False),
    CredentialField("username", ("Identifiant", "User name")),
    CredentialField("password", ("Mot de passe", "Password"), _PASSWORD, secret=True),
    CredentialField("imap_host", ("Serveur IMAP", "IMAP server")),
    CredentialField("imap_port", ("Port IMAP", "IMAP port"), required=False, default="993", whole_from_to=_PORTS),
    CredentialField(
        "imap_security", ("Sécurité IMAP", "IMAP security"), required=False, default="ssl", choices=_SECURITY
    ),
    CredentialField("smtp_host", ("Serveur SMTP", "SMTP server")),
    CredentialField("smtp_port", ("Port SMTP", "SMTP port"), required=False, default="587", whole_from_to=_PORTS),
    CredentialField(
        "smtp_security", ("Sécurité SMTP", "SMTP security"), required=False, default="starttls", choices=_SECURITY
    ),
    CredentialField("folders", ("Dossiers à lire", "Folders to read"), _FOLDERS, required=False, default="INBOX"),
    CredentialField("sent_folder", ("Dossier des messages envoyés", "Folder of sent mail"), _SENT, required=False),
    CredentialField(
        "plus_addressing",
        ("Adresses avec «\u00a0+\u00a0»", "Addresses with “+”"),
        _PLUS,
        required=False,
        default="no",
        choices=YES_OR_NO,
    ),
    CredentialField("history_days", ("Jours d’historique", "Days of history"), _HISTORY, required=False, default="0"),
)


def port_number(written: str | None, usual: int) -> int:
    """The port filled in, or the usual one where none is."""
    if not written or not written.strip():
        return usual
    if not written.strip().isdecimal() or not 0 < int(written) < 65_536:
        raise PermanentError("“%(port)s” is no port: it must be a number from 1 to 65535.", port=written)
    return int(written)
