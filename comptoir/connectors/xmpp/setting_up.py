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
    CredentialField(
        "rooms",
        ("Salons de groupe", "Group rooms"),
        (
            (
                "Leurs adresses, séparées par des espaces, comme aide@salons.exemple.fr. Le compte y entre, lit ce qui "
                "s’y dit et y répond en public."
            ),
            (
                "Their addresses, separated by spaces, such as help@rooms.example.org. The account enters them, reads "
                "what is said there and answers in public."
            ),
        ),
        required=False,
    ),
    CredentialField(
        "room_passwords",
        ("Salons à mot de passe", "Rooms with a password"),
        (
            (
                "Leurs liens, séparés par des espaces, comme xmpp:aide@salons.exemple.fr?join;password=…, ou "
                "aide@salons.exemple.fr=mot-de-passe."
            ),
            (
                "Their links, separated by spaces, such as xmpp:help@rooms.example.org?join;password=…, or "
                "help@rooms.example.org=password."
            ),
        ),
        secret=True,
        required=False,
    ),
    CredentialField(
        "nick",
        ("Nom dans les salons", "Name in rooms"),
        ("Vide : ce qui précède le @ de l’adresse.", "Empty: what stands before the address’s @."),
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
    (
        (
            "Pour les salons : créez-les ailleurs, faites du compte un membre là où ils sont "
            "réservés, et activez leur archive (mod_muc_mam chez Prosody)."
        ),
        (
            "For rooms: make them elsewhere, let the account be a member where they are for "
            "members only, and switch on their archive (Prosody’s mod_muc_mam)."
        ),
    ),
)

ABSENCES = (
    (
        "Messages chiffrés (OMEMO) : Comptoir ne peut pas les lire.",
        "Encrypted messages (OMEMO): Comptoir cannot read them.",
    ),
    (
        "Salons de groupe : pas de modération (retirer ce qu’écrivent les autres, exclure).",
        "Group rooms: no moderation (removing what others write, putting somebody out).",
    ),
    (
        "Les fichiers partent où le serveur les prend (HTTP File Upload, XEP-0363) ; sinon, le texte seul part.",
        "Files are sent where the server takes them (HTTP File Upload, XEP-0363); elsewhere, text alone.",
    ),
    (
        "Ni « est en train d’écrire » ni « lu » ne partent ; ce que le client a reçu et lu est montré.",
        "Neither “is typing” nor “read” is sent; what the customer has received and read is shown.",
    ),
    (
        "Masquer ou supprimer ce qu’écrivent les autres : le réseau ne le permet pas en privé.",
        "Hiding or deleting what others write: the network does not let anybody in private.",
    ),
)
