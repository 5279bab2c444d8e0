"""What connecting a bot needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "auth_token",
        ("Jeton du bot", "The bot’s token"),
        (
            "Dans le panneau d’administration de Viber : il ouvre le compte et signe ce qui nous est envoyé.",
            "In Viber’s admin panel: it opens the account and signs what is sent to us.",
        ),
        secret=True,
    ),
    CredentialField(
        "sender_name",
        ("Nom affiché", "Name shown"),
        ("Au-dessus de nos messages ; 28 caractères au plus.", "Above our messages; 28 characters at most."),
    ),
)

PREPARATIONS = (
    (
        (
            "Depuis février 2024, un bot Viber s’ouvre par un contrat payant, chez un partenaire de Viber ou sur "
            "partners.viber.com. Créez-y le bot et copiez son jeton."
        ),
        (
            "Since February 2024 a Viber bot is opened by a paid contract, with a partner of Viber or at "
            "partners.viber.com. Make the bot there and copy its token."
        ),
    ),
    (
        (
            "Rien d’autre n’est à régler chez Viber : l’adresse de notification est déclarée à l’enregistrement. "
            "Viber l’appelle aussitôt ; elle doit être publique et en HTTPS."
        ),
        (
            "Nothing else has to be set at Viber: the webhook address is told to it when you save. Viber calls it at "
            "once; it must be public and HTTPS."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Images, films et fichiers partent quand ce comptoir a une adresse publique en HTTPS, où Viber et les "
            "téléphones viennent les chercher pendant 30 jours."
        ),
        (
            "Pictures, films and files are sent where this counter has a public https address, from which Viber and "
            "telephones fetch them for 30 days."
        ),
    ),
    (
        (
            "Viber ne reconnaît pas un message envoyé deux fois et ne laisse pas le rechercher : un envoi interrompu "
            "est "
            "soumis à une personne."
        ),
        (
            "Viber does not know a message again that is sent twice, nor lets it be looked for: a sending that was cut "
            "is put to a person."
        ),
    ),
    (
        "Un message envoyé ne peut être ni modifié ni repris ; l’historique ne peut pas être relu.",
        "A message that was sent can neither be changed nor taken back; the history cannot be read.",
    ),
    (
        "Une personne qui ne nous suit pas ne peut pas être contactée en premier.",
        "A person who does not follow us cannot be written to first.",
    ),
)
