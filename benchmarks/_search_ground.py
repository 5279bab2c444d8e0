"""A million messages to search: French as customers write it, over two years, on twenty-one accounts of as many teams.

Words are as frequent as in life (the n-th an n-th as often as the first), with the small words between them and the
turns of phrase that come back. Nine conversations of ten are stored in the order of time; the tenth is imported history
and stands anywhere.
"""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator
from typing import Any

PER_CONVERSATION = 5
#: The last account has one conversation of a thousand, the others share the rest alike.
ACCOUNTS = 21
_VOCABULARY = 40_000

_FREQUENT = (
    "bonjour", "commande", "colis", "livraison", "merci", "retard", "toujours", "adresse", "réponse", "produit",
    "facture", "remboursement", "reçu", "semaine", "paiement", "numéro", "échange", "boutique", "carte", "attente",
    "avis", "compte", "mois", "service", "problème", "taille", "magasin", "couleur", "carton", "transporteur",
    "échoué", "retardée", "garantie", "panne", "écran", "téléphone", "rupture", "promotion", "abonnement",
    "résiliation", "déçue", "suivi", "livreur", "gardien", "signature", "étiquette", "retour", "avoir", "virement",
    "prélèvement", "contrat", "forfait", "option", "box", "débit", "coupure", "technicien", "intervention", "devis",
    "mot", "passe", "connexion", "application", "notice", "pièce", "manquante", "cassée", "abîmée", "rayée",
    "défectueux", "réparation", "atelier", "délai", "expédition", "préparation", "entrepôt", "stock", "point",
    "relais", "voisin", "boîte", "lettres", "immeuble", "code", "porte", "vendredi", "samedi", "lundi", "matin",
    "soir", "cadeau", "anniversaire", "enfant", "mère", "chaussures", "robe", "manteau", "pantalon", "chemise",
    "bouilloire", "aspirateur", "cafetière", "lave-linge", "réfrigérateur", "batterie", "chargeur", "câble", "souris",
    "clavier", "imprimante", "encre", "casque", "montre",
)  # fmt: skip
_SMALL = (
    "de", "la", "le", "les", "un", "une", "des", "et", "à", "en", "que", "qui", "pour", "dans", "ce", "il", "elle",
    "je", "vous", "ne", "pas", "plus", "sur", "avec", "au", "du", "se", "mon", "ma", "est",
)  # fmt: skip
#: Turns of phrase, the most frequent first.
_TURNS = (
    "je n'ai toujours pas reçu mon colis", "voici mon numéro de commande", "merci de votre réponse",
    "merci d'avance pour votre aide", "le suivi de livraison n'avance plus", "je souhaite un remboursement",
    "votre service client ne répond pas", "cela fait plus d'une semaine", "où en est ma commande",
    "le colis est arrivé abîmé", "je voudrais changer d'adresse de livraison", "le paiement a échoué deux fois",
    "il manque une pièce dans le carton", "ma commande est en retard", "le livreur n'est jamais passé",
    "j'attends un échange depuis un mois", "le point relais est fermé", "je n'arrive pas à me connecter",
    "mot de passe oublié", "la facture ne correspond pas au devis", "je veux résilier mon abonnement",
    "la taille ne convient pas", "le code de la porte a changé", "bon d'achat refusé en caisse",
)  # fmt: skip


def fill_search_ground(messages: int) -> dict[str, Any]:
    """Fill the empty database; the agents who will search, by what they may see."""
    from django.db import connection

    from comptoir.conversations.indexing import TEXTS_FORMED

    agents = _agents(_accounts())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        cursor.execute("CREATE TEMP TABLE said (n bigint, text text)")
        with cursor.copy("COPY said FROM STDIN") as copy:
            for row in enumerate(_texts(messages), start=1):
                copy.write_row(row)
        cursor.execute("CREATE UNIQUE INDEX ON said (n); ANALYZE said")
        indexes = _dropped_indexes(cursor)
        sizes = {"conversations": messages // PER_CONVERSATION, "each": PER_CONVERSATION, "accounts": ACCOUNTS}
        for statement in (*_FILL, _SEARCH.format(formed=TEXTS_FORMED)):
            cursor.execute(statement, sizes)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("RESET ALL")
        cursor.execute("VACUUM ANALYZE")
    return agents


def agents_of_ground() -> dict[str, Any]:
    """Those that `fill_search_ground` made."""
    from comptoir.people.models import Agent

    return {agent.name: agent for agent in Agent.objects.filter(user__email__endswith="@search.example")}


@functools.cache
def vocabulary() -> list[str]:
    """The words, the most frequent first; past the real ones they are made up."""
    chance = random.Random(3)
    syllables = [first + second for first in "bcdfglmnprstv" for second in ("a", "e", "i", "o", "u", "an", "ou", "é")]
    made: dict[str, None] = dict.fromkeys(_FREQUENT)
    while len(made) < _VOCABULARY:
        made["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(made)


def _texts(count: int) -> Iterator[str]:
    chance, words = random.Random(5), vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
    often = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(_TURNS))))
    for number in range(1, count + 1):
        parts = ["Bonjour,"] if chance.random() < 0.5 else []
        parts += chance.choices(_TURNS, cum_weights=often, k=chance.randint(0, 2))
        said = chance.choices(words, cum_weights=weights, k=chance.randint(4, 40))
        small = chance.choices(_SMALL, k=len(said))
        parts += [f"{little} {word}" if len(little) > 1 else word for little, word in zip(small, said, strict=True)]
        if chance.random() < 0.3:
            parts.append(f"commande nº {number}")
        if chance.random() < 0.4:
            parts.append("Cordialement")
        yield " ".join(parts)


def _accounts() -> list[Any]:
    from comptoir.brands.models import Brand
    from comptoir.channels.models import AccountHealth, ChannelAccount
    from comptoir.people.models import Team

    brand = Brand.objects.create(slug="bench", name="Bench")
    kinds = ("webhook", "email", "chat", "mastodon")
    accounts = []
    for number in range(ACCOUNTS):
        team = Team.objects.create(name=f"Équipe {number}")
        kind = "bluesky" if number == ACCOUNTS - 1 else kinds[number % len(kinds)]
        account = ChannelAccount(brand=brand, team=team, kind=kind, name=f"Compte {number}", own_id=f"us{number}")
        account.credentials = {}
        account.save()
        AccountHealth.objects.create(account=account)
        accounts.append(account)
    return accounts


def _agents(accounts: list[Any]) -> dict[str, Any]:
    from comptoir.people.actions import create_agent

    teams = {"one of twenty": [accounts[3].team], "one of a thousand": [accounts[-1].team]}
    create_agent(email="all@search.example", name="everything", role="supervisor")
    for number, (name, seen) in enumerate(teams.items()):
        create_agent(email=f"{number}@search.example", name=name, role="agent", teams=seen)
    return agents_of_ground()


def _dropped_indexes(cursor: Any) -> list[str]:
    """Building them at the end is faster; what to build."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('conversations_searchtext',"
        " 'conversations_searchperson', 'conversations_searchsubject') AND indexdef LIKE '%% gin %%'"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


#: Given names and family names, a few of them frequent, as names are.
_FILL = (
    """
    INSERT INTO contacts_contact (name, language, created_at)
    SELECT (ARRAY['Marie','Jean','Camille','Zoé','Mohamed','Chloé','Léa','Hélène','Luc','Inès'])[1 + n %% 10]
        || ' ' || (ARRAY['Martin','Bernard','Dubois','Petit','Le Goff','Nguyen','Müller','Lefèvre'])[1 + n / 10 %% 8]
        || CASE WHEN n %% 3 = 0 THEN '' ELSE 'eau' || n %% 5000 END, 'fr', now()
    FROM generate_series(1, %(conversations)s) AS n
    """,
    """
    INSERT INTO contacts_contactidentity (contact_id, channel, scope, external_id, handle, name, avatar_url, created_at)
    SELECT id, 'webhook', '', 'c' || id, 'client' || id, name, '', now() FROM contacts_contact
    """,
    """
    INSERT INTO conversations_searchperson (identity_id, words)
    SELECT id, array_to_tsvector(array_remove(regexp_split_to_array(
        translate(lower(name), 'éèü', 'eeu') || ' @' || handle || ' @' || external_id, '[ -]'), ''))
    FROM contacts_contactidentity
    """,
    """
    INSERT INTO conversations_tag (name) VALUES ('urgent'), ('livraison'), ('presse')
    """,
    """
    INSERT INTO conversations_conversation (account_id, identity_id, contact_id, team_id, assignee_id, thread_id,
        thread_token, is_public, subject, status, language, started_at, last_message_at, last_message_text, resolved_at)
    SELECT account.id, one.id, one.contact_id, account.team_id,
        CASE WHEN one.id %% 1000 = 7 THEN (SELECT min(id) FROM people_agent) END, 't' || one.id, 'k' || one.id,
        one.id %% 3 = 0, CASE account.kind
            WHEN 'email' THEN (SELECT left(text, 60) FROM said WHERE n = (one.id - 1) * %(each)s + 1)
            WHEN 'mastodon' THEN 'Salon ' || one.id %% 40 ELSE '' END,
        CASE WHEN drawn.age < 20 THEN 'open' ELSE 'resolved' END, 'fr',
        now() - (drawn.age + 1) * interval '1 day', now() - (drawn.age + 1) * interval '1 day'
            + (%(each)s - 1) * interval '1 hour', '',
        CASE WHEN drawn.age >= 20 THEN now() END
    FROM contacts_contactidentity AS one,
        LATERAL (SELECT CASE WHEN one.id %% 10 = 0 THEN 730 * random()
            ELSE 730 * (1 - one.id::float / %(conversations)s) END AS age) AS drawn,
        LATERAL (SELECT CASE WHEN one.id %% 1000 = 500 THEN %(accounts)s - 1
            ELSE one.id * 7919 %% (%(accounts)s - 1) END AS turn) AS chosen,
        LATERAL (SELECT id, team_id, kind FROM channels_channelaccount
            ORDER BY id OFFSET chosen.turn LIMIT 1) AS account
    ORDER BY one.id
    """,
    """
    INSERT INTO conversations_searchsubject (conversation_id, words)
    SELECT id, array_to_tsvector(array_remove(regexp_split_to_array(
        translate(lower(subject), 'àâäéèêëîïôöùûüç', 'aaaeeeeiioouuuc'), '[^[:alnum:]]+'), ''))
    FROM conversations_conversation WHERE subject <> '' ORDER BY id
    """,
    """
    INSERT INTO conversations_conversation_tags (conversation_id, tag_id)
    SELECT conversation.id, tag.id FROM conversations_conversation AS conversation JOIN conversations_tag AS tag
        ON conversation.id %% (CASE tag.name WHEN 'livraison' THEN 5 WHEN 'urgent' THEN 50 ELSE 2000 END) = 1
    """,
    """
    INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key,
        external_id, parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language,
        url, custom, sent_at, created_at, failure)
    SELECT one.id, one.account_id, 'incoming', 'private', 'message', 'received', gen_random_uuid(), 'm' || said.n, '',
        one.identity_id, false, said.text, '', '', '', '', 'fr', '', '{}',
        one.started_at + part * interval '1 hour', now(), ''
    FROM conversations_conversation AS one, generate_series(0, %(each)s - 1) AS part,
        LATERAL (SELECT n, text FROM said WHERE n = (one.id - 1) * %(each)s + part + 1) AS said
    ORDER BY one.id + 20 * part
    """,
    "ANALYZE conversations_message",
)
_SEARCH = """
    WITH new AS (
        SELECT id, sent_at AS at, text,
            translate(lower(text), 'àâäéèêëîïôöùûüç', 'aaaeeeeiioouuuc') AS folded,
            COALESCE('#' || substring(text FROM 'nº ([0-9]+)'), '') AS codes
        FROM conversations_message
    )
    INSERT INTO conversations_searchtext (message_id, at, words, pairs) {formed} ORDER BY id
"""
