"""What colleagues keep at hand after a week: answers by a shortcut, several acts under one name, lists with a name."""

from __future__ import annotations

from comptoir.automations.actions import save_macro
from comptoir.catalogue.actions import CannedWords, make_canned_response
from comptoir.desk.inbox_views import save_inbox_view
from comptoir.people.models import Agent

#: For everybody, under their shortcut.
_ANSWERS = (
    CannedWords("photo", "Demander une photo", "Bonjour {first_name}, pouvez-vous nous envoyer une photo de l’article "
                "et de son emballage ? Nous vous répondons dès que nous l’avons."),
    CannedWords("numero", "Demander le numéro de commande", "Bonjour {first_name}, quel est le numéro de votre "
                "commande ? Il commence par ML- ou BC- et figure dans le courriel de confirmation."),
    CannedWords("merci", "Remercier d’un mot gentil", "Merci {first_name}, votre message fait plaisir à toute "
                "l’équipe. À bientôt !"),
    CannedWords("thanks", "Thank for a kind word", "Thank you {first_name}, you have made our day. See you soon!",
                language="en"),
    CannedWords("horaires", "Nos horaires", "Nous répondons du lundi au samedi, de 9 h à 19 h. Ce que vous écrivez "
                "d’ici là est lu en premier à l’ouverture."),
)  # fmt: skip
_MACROS = (
    ("Colis en retard : rassurer et suivre", (
        {"act": "assign", "to": "me"},
        {"act": "tag", "name": "livraison"},
        {"act": "reply", "text": "Bonjour {first_name}, nous sommes désolés de ce retard : nous interrogeons le "
         "transporteur et vous répondons avant demain midi."},
        {"act": "snooze", "end": "tomorrow"},
    )),
    ("À l’atelier : demander un avis", (
        {"act": "tag", "name": "technique"},
        {"act": "note", "text": "Pour l’atelier : que peut-on proposer ici ?"},
    )),
)  # fmt: skip
_LISTS = (
    ("Avis et commentaires publics", {"visibility": ["public"]}, "newest"),
    ("Attend depuis plus de 4 h", {"waiting": ["240"]}, "waiting"),
)


def keep_at_hand(by: Agent) -> None:
    """Keep all of it for everybody, as ``by`` does who may share."""
    for words in _ANSWERS:
        make_canned_response(words, owner=None, by=by)
    for name, acts in _MACROS:
        save_macro(None, name=name, acts=acts, is_shared=True, by=by)
    for name, filters, sort in _LISTS:
        save_inbox_view(name=name, filters=filters, sort=sort, is_shared=True, by=by)
