"""Intake: raw delivery to routed message, against inserting the same message rows bare, one by one and in batches.

E-mail from raw bytes is measured against django-helpdesk on the same mails, where that can be installed.
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from benchmarks import _helpdesk
from benchmarks._ground import ground, make_account, rate, verdict

_TURNS = 5
_MESSAGES = 2000  # a turn
_MAILS = 1500
_PEOPLE = 2500
_BATCH = 300
_TEXT = (
    "Bonjour, j'ai commandé une bouilloire il y a dix jours et je n'ai toujours rien reçu. Le suivi dit « en "
    "préparation » depuis mardi. Pouvez-vous me dire quand elle partira, ou me rembourser ? Ma fille fête son "
    "anniversaire samedi, et c'est son cadeau. J'ai déjà écrit deux fois par le formulaire, sans réponse. Merci "
    "d'avance, cordialement. Numéro de commande {}"
)

#: Everything of a message row but what the database must give anew.
_COLUMNS = (
    "conversation_id, account_id, direction, visibility, kind, state, parent_external_id, identity_id, is_automatic,"
    " text, html, quoted, signature, subject, language, rating_value, rating_best, url, custom, sent_at, created_at,"
    " failure"
)


def main() -> bool:
    """Print the ratios; whether the floors are reached."""
    with ground():
        from comptoir.config.interpreter import collect_seldom, switch_soon
        from comptoir.connectors.registry import connector_classes

        connector_classes()  # a worker has them loaded
        collect_seldom()  # as it does
        switch_soon()
        received, single, batched = _rates(make_account("webhook", secret="s3cret"))
        _deliver_mails(make_account("email", address="service@maison.example"))
        mails = _drained(_MAILS)
        theirs = _helpdesk.rate_of([_mail(number) for number in range(300)])
    print(
        f"received {received:.0f}/s, e-mail {mails:.0f}/s;"
        f" bare: one by one {single:.0f}/s, in batches of {_BATCH} {batched:.0f}/s"
    )
    holds = [
        verdict("of single-row inserts", received / single, 1.5),
        verdict("of batched inserts", received / batched, 0.5),
    ]
    if theirs is None:
        print("e-mail against django-helpdesk: not measured (it could not be installed here)")
    else:
        print(f"django-helpdesk {theirs:.0f}/s")
        holds.append(verdict("of django-helpdesk, e-mail", mails / theirs, 20))
    return all(holds)


def _rates(account: Any) -> tuple[float, float, float]:
    """Received, and the two floors: taken in turns, so that a busy machine slows all three alike; the medians."""
    turns = []
    for turn in range(_TURNS):
        _deliver_messages(account, first=turn * _MESSAGES)
        turns.append((_drained(_MESSAGES), *_floors(turn)))
    _check()
    received, single, batched = (statistics.median(column) for column in zip(*turns, strict=True))
    return received, single, batched


def _deliver_messages(account: Any, *, first: int) -> None:
    from comptoir.connectors.base import Delivery
    from comptoir.intake.storing import store_deliveries

    start = datetime.now(UTC) - timedelta(days=1)
    deliveries = [Delivery(json.dumps(_event(number, start)).encode()) for number in range(first, first + _MESSAGES)]
    for begin in range(0, _MESSAGES, 1000):
        store_deliveries(account.pk, deliveries[begin : begin + 1000])


def _event(number: int, start: datetime) -> dict[str, Any]:
    """Two and a half thousand people, one thread each, spread over the day."""
    person = (number * 7919) % _PEOPLE
    return {
        "event": "message",
        "external_id": f"wamid.{number:012d}",
        "thread_id": f"thread-{person}",
        "author": {"id": f"person-{person}", "handle": f"cliente{person}", "name": f"Cliente {person}"},
        "text": _TEXT.format(number),
        "sent_at": (start + timedelta(seconds=number)).isoformat(),
    }


def _drained(expected: int) -> float:
    """Deliveries a second, until the log is empty."""
    from comptoir.intake.ahead import Ahead
    from comptoir.intake.consumer import consume_once

    begun, done = time.perf_counter(), 0
    with Ahead() as ahead:
        while taken := consume_once(ahead):
            done += taken
    took = time.perf_counter() - begun
    if done != expected:
        raise RuntimeError(f"{done} of {expected} deliveries were read")
    return done / took


def _check() -> None:
    from comptoir.conversations.models import Conversation, Message
    from comptoir.intake.models import RawDelivery

    if RawDelivery.objects.exclude(state="done").exists() or Message.objects.count() < _TURNS * _MESSAGES:
        raise RuntimeError("not everything was received")
    if Conversation.objects.filter(team=None).exists():
        raise RuntimeError("not everything was routed")


def _floors(turn: int) -> tuple[float, float]:
    """The same message rows again under other ids: one by one, prepared and committed each; and in batches."""
    from django.db import connection

    from comptoir.intake.own_connection import new_connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM conversations_message ORDER BY id LIMIT 3000")
        rows = cursor.fetchall()
    marks = ", ".join(["%s"] * len(_COLUMNS.split(",")))
    single = f"INSERT INTO conversations_message ({_COLUMNS}, key, external_id) VALUES ({marks}, gen_random_uuid(), %s)"
    supply, number = itertools.cycle(rows), itertools.count()
    with new_connection() as bare:

        def insert_one() -> int:
            bare.execute(single, (*next(supply), f"s{turn}-{next(number)}"), prepare=True)
            return 1

        def insert_batch() -> int:
            batch = [(*next(supply), f"b{turn}-{next(number)}") for _time in range(_BATCH)]
            many = ", ".join([f"({marks}, gen_random_uuid(), %s)"] * _BATCH)
            values = [value for row in batch for value in row]
            bare.execute(f"INSERT INTO conversations_message ({_COLUMNS}, key, external_id) VALUES {many}", values)
            return _BATCH

        return rate(insert_one, seconds=1), rate(insert_batch, seconds=1)


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Cliente {number % 400} <cliente{number % 400}@exemple.fr>"
    mail["To"] = "Service client <service@maison.example>"
    mail["Subject"] = f"Ma commande n° {number} n'est pas arrivée"
    mail["Message-ID"] = f"<{number}.bench@exemple.fr>"
    mail["Date"] = datetime.now(UTC) - timedelta(minutes=number)
    mail.set_content(_TEXT.format(number))
    mail.add_alternative(f"<html><body><p>{_TEXT.format(number)}</p></body></html>", subtype="html")
    return mail.as_bytes()


def _deliver_mails(account: Any) -> None:
    from comptoir.connectors.base import Delivery
    from comptoir.intake.storing import store_deliveries

    deliveries = [Delivery(_mail(number), "message/rfc822") for number in range(_MAILS)]
    for first in range(0, _MAILS, 500):
        store_deliveries(account.pk, deliveries[first : first + 500])


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
