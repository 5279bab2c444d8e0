"""What connecting a location needs, and what cannot be done here, in French and English."""

from __future__ import annotations

from comptoir.connectors.base import CredentialField

FIELDS = (
    CredentialField(
        "api_key",
        ("Clé d’API Terra", "Terra API key"),
        ("À créer dans le tableau de bord Terra.", "Made in the Terra dashboard."),
        secret=True,
    ),
    CredentialField(
        "location_id",
        ("Numéro de l’établissement", "Number of the location"),
        (
            "Les chiffres qui suivent « -d » dans l’adresse de sa page Tripadvisor.",
            "The digits after “-d” in the address of its Tripadvisor page.",
        ),
    ),
)

PREPARATIONS = (
    (
        (
            "Ouvrez un compte sur tripadvisor.com/developers (offre Terra) et créez une clé d’API. L’ancienne Content "
            "API a fermé le 31 août 2026 : ses clés ne servent plus."
        ),
        (
            "Open an account at tripadvisor.com/developers (Terra) and make an API key. The former Content API closed "
            "on 31 August 2026: its keys are of no use any more."
        ),
    ),
    (
        (
            "Ajoutez votre établissement aux lieux autorisés de la clé, et l’adresse IP de ce serveur si votre compte "
            "les filtre."
        ),
        (
            "Add your location to the key’s allowed locations, and this server’s IP address where your account "
            "filters them."
        ),
    ),
    (
        (
            "Vérifiez votre contrat : chaque appel est facturé (un par heure et par établissement ici), et les "
            "conditions de Tripadvisor limitent la durée de conservation des avis."
        ),
        (
            "Check your contract: each call is charged (one an hour and location here), and Tripadvisor’s terms limit "
            "how long reviews may be kept."
        ),
    ),
)

ABSENCES = (
    (
        (
            "Tripadvisor n’offre aucune interface publique pour publier la réponse du propriétaire : répondez dans son "
            "espace de gestion ; la réponse apparaît ensuite ici."
        ),
        (
            "Tripadvisor has no public interface to publish the owner’s answer: answer in its management centre; the "
            "answer then appears here."
        ),
    ),
    (
        "Tripadvisor n’a pas de notifications, et ne dit pas quand un avis est supprimé.",
        "Tripadvisor has no notifications, and does not tell when a review is removed.",
    ),
    (
        "Les auteurs n’ont pas d’identifiant : ils sont reconnus à leur pseudonyme.",
        "Authors have no id: they are known by their user name.",
    ),
)
