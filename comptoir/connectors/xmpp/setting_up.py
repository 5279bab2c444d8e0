"""What connecting an account asks for, and what is said about it on the setting-up screen."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField("jid", ("Adresse", "Address"), ("Comme marque@exemple.fr.", "Such as brand@example.org.")),
    CredentialField("password", ("Mot de passe", "Password"), secret=True),
    CredentialField(
        "websocket_url",
        ("Adresse WebSocket du serveur", "The server’s WebSocket address"),
        ("Vide : wss://exemple.fr:5281/xmpp-websocket.", "Empty: wss://example.org:5281/xmpp-websocket."),
        required=False,
    ),
)

PREPARATIONS = (
    (
        "Créez sur votre serveur un compte au nom de la marque, réservé à Comptoir.",
        "Make an account in the brand’s name on your server, for Comptoir alone.",
    ),
    (
        (
            "Activez sur le serveur le WebSocket (mod_websocket chez Prosody, ejabberd_http_ws chez ejabberd) et "
            "l’archive des messages (mod_mam) : elle rattrape ce qui arrive pendant une coupure."
        ),
        (
            "Switch on the server’s WebSocket (Prosody’s mod_websocket, ejabberd’s ejabberd_http_ws) and its archive "
            "of messages (mod_mam), which catches up on what comes in during an interruption."
        ),
    ),
)

ABSENCES = (
    (
        "Messages chiffrés (OMEMO) : Comptoir ne peut pas les lire.",
        "Encrypted messages (OMEMO): Comptoir cannot read them.",
    ),
    ("Participer aux salons de groupe.", "Taking part in group rooms."),
    (
        "Les fichiers partent où le serveur les prend (HTTP File Upload, XEP-0363) ; sinon, le texte seul part.",
        "Files are sent where the server takes them (HTTP File Upload, XEP-0363); elsewhere, text alone.",
    ),
    (
        "Masquer ou supprimer ce qu’écrivent les autres : le réseau ne le permet pas en privé.",
        "Hiding or deleting what others write: the network does not let anybody in private.",
    ),
)
