"""Asking networks for what their deliveries left out: people's names, the words of a mention, channels' names.

Intake notes what is missing and goes on; a task asks, one event after the other, and tells the screens. Whoever was
asked for is not asked for again within a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.core.cache import cache

from comptoir.channels.connecting import opened, parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import (
    AuthError,
    CompletesEvents,
    ConnectorError,
    EventKind,
    Lack,
    NetworkEvent,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.registry import UnknownKindError
from comptoir.contacts.actions import learn_person
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.actions import call_by_names, complete_message, name_thread
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import defer
from comptoir.intake.arrivals import Arrival, IdentityKey, arrivals, event_as_json, event_from_json
from comptoir.intake.cleaning import clipped, one_line
from comptoir.intake.kept_names import KeptNames
from comptoir.intake.receiving.messages import storable_file

log = structlog.get_logger("comptoir.intake")

ASKED_AGAIN_AFTER = timedelta(days=1)
#: A network that does not answer is asked again after these pauses; then the next delivery asks.
_PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
_AT_ONCE = 100
#: Whoever asks and was killed keeps others from asking for this long.
_ASKING_FOR_S = 30
#: So many may go unanswered before the network is left alone: of a single one it may be that one's fault.
_UNANSWERED = 3


def ask_for_missing(
    account: ChannelAccount, arrived: Iterable[Arrival], *, new: Collection[str], people: Collection[IdentityKey]
) -> None:
    """Have the network asked for what these events lack, in the caller's transaction.

    ``new`` names the messages that are new, ``people`` those who are met in them.
    """
    if not issubclass(registry.connector_classes().get(account.kind, object), CompletesEvents):
        return
    connector = parser_for(account)
    assert isinstance(connector, CompletesEvents)
    missing: dict[str, Arrival] = {}
    for arrival in arrived:
        if arrival.event.event is EventKind.IGNORED:
            continue  # It only tells who goes on with an exchange: alone, it is no arrival.
        for key in _keys(connector, account, arrival, new=new, people=people):
            missing.setdefault(key, arrival)
    asked = cache.get_many(missing) if missing else {}
    _call_by_name(account, {missing[key].thread_id: name for key, name in asked.items() if isinstance(name, str)})
    wanted = {id(arrival): arrival for key, arrival in missing.items() if key not in asked}
    kept = [event_as_json(_bare(connector, arrival)) for arrival in wanted.values()]
    for start in range(0, len(kept), _AT_ONCE):
        defer("intake.complete", account_id=account.pk, events=kept[start : start + _AT_ONCE])


def _keys(
    connector: CompletesEvents,
    account: ChannelAccount,
    arrival: Arrival,
    *,
    new: Collection[str] | None = None,
    people: Collection[IdentityKey] | None = None,
) -> dict[str, Lack]:
    """What the event lacks, each by the key under which it is remembered that it was asked for."""
    found: dict[str, Lack] = {}
    for lack in connector.lacks(_about_person(arrival)):
        if lack == "person" and arrival.person and arrival.person[1] != account.network_id:
            if people is None or arrival.person in people:
                found[_key(account.pk, "person", *arrival.person)] = lack
        elif lack == "words" and (new is None or arrival.external_id in new):
            found[_key(account.pk, "words", arrival.external_id)] = lack
        elif lack == "names" and (new is None or arrival.external_id in new or arrival.target_id):
            said = arrival.text
            found[_key(account.pk, "names", arrival.target_id or arrival.external_id, said)] = lack
        elif lack == "place" and arrival.is_spoken and arrival.thread_id:
            found[_key(account.pk, "place", arrival.thread_id)] = lack
    return found


def _call_by_name(account: ChannelAccount, names: Mapping[str, str]) -> None:
    """New conversations of places whose names are known; who reads of the new message reads the name."""
    for thread_id, name in sorted(names.items()):
        Conversation.objects.filter(account=account, thread_id=thread_id, subject="").update(subject=name)


def _about_person(arrival: Arrival) -> NetworkEvent:
    """The event with the person as its author, of our own messages too."""
    return replace(arrival.event, author=arrival.author)


def _bare(connector: CompletesEvents, arrival: Arrival) -> Arrival:
    """The event without what it says, which is in its message, but for words in which people are called by ids."""
    event = _about_person(arrival)
    said = clipped(event.text) if "names" in connector.lacks(event) else None
    event = replace(event, text=said, html=None, quoted=None, signature=None, subject=None)
    event = replace(event, attachments=(), call=None)
    if arrival.is_ours:
        event = replace(event, counterpart=arrival.author)
    return replace(arrival, event=event, text=said or "")


def _key(account_id: int, *about: str) -> str:
    named = hashlib.sha256("\0".join(about).encode("utf-8", "replace")).hexdigest()
    return f"intake-asked-{account_id}-{named}"


def complete(account: ChannelAccount, kept: Sequence[dict[str, Any]], *, tries: int) -> None:
    """Ask for what these events lack; those that the network does not answer for now are asked again later."""
    try:
        with opened(account) as connector:
            if isinstance(connector, CompletesEvents):
                connector.names = KeptNames(account.pk, kept_for=ASKED_AGAIN_AFTER)
                with connector.asking():
                    _complete_with(connector, account, kept, tries)
    except (ConnectorError, UnknownKindError, UnreadableSecretError) as error:
        log.info("names cannot be asked for", account=account.pk, reason=str(error))


def _complete_with(
    connector: CompletesEvents, account: ChannelAccount, kept: Sequence[dict[str, Any]], tries: int
) -> None:
    unanswered: list[dict[str, Any]] = []
    failure: TransientError | UncertainError | None = None
    for number, written in enumerate(kept):
        arrival = _arrival(account, written)
        keys = _keys(connector, account, arrival)
        asked = cache.get_many(keys)
        _name_what_came_meanwhile(account, arrival, [asked.get(key) for key, lack in keys.items() if lack == "place"])
        lacking = {lack: key for key, lack in keys.items() if key not in asked and _claim(key)}
        if not lacking:
            continue
        try:
            completed = _completed(connector, account, _about_person(arrival), lacking)
        except ConnectorError as error:
            _release(lacking.values())
            if not isinstance(error, TransientError | UncertainError):
                raise
            failure = error
            unanswered.append(written)
            if len(unanswered) < _UNANSWERED and not (isinstance(error, TransientError) and error.retry_after):
                continue
            unanswered = [*kept[number + 1 :], *unanswered]
            break
        _take_over(account, arrival, completed)
        for lack, key in lacking.items():
            told = _place_name(completed) if lack == "place" else ""
            cache.set(key, told or True, ASKED_AGAIN_AFTER.total_seconds())
        _release(lacking.values())
    if failure is not None:  # which counts anew where others were told of meanwhile
        _ask_again(account, unanswered, tries if len(unanswered) == len(kept) else 0, failure)


def _claim(key: str) -> bool:
    """Whether nobody else is asking for it, or just did: of many messages at once, several workers do."""
    return cache.add(f"{key}-now", True, _ASKING_FOR_S) and cache.get(key) is None


def _release(keys: Iterable[str]) -> None:
    cache.delete_many([f"{key}-now" for key in keys])


def _name_what_came_meanwhile(account: ChannelAccount, arrival: Arrival, told: Iterable[object]) -> None:
    """Conversations that began while the name of their place was being told: their batch did not know it yet, nor did
    whoever gave the name know of them.
    """
    for name in told:
        if isinstance(name, str):
            name_thread(account.pk, arrival.thread_id, name)


def _completed(
    connector: CompletesEvents, account: ChannelAccount, event: NetworkEvent, lacking: Iterable[Lack]
) -> NetworkEvent:
    """With what the network tells: of a person it refuses to speak of it may still name the place."""
    for lack in lacking:
        try:
            event = connector.completed(event, [lack])
        except AuthError:
            raise
        except PermanentError as error:
            log.info("a network does not tell what an event lacks", account=account.pk, lack=lack, reason=str(error))
    return event


def _place_name(completed: NetworkEvent) -> str:
    return one_line(completed.subject, 500)


def _arrival(account: ChannelAccount, written: dict[str, Any]) -> Arrival:
    return arrivals([event_from_json(written)], own_id=account.network_id, received_at=now())[0]


def _ask_again(account: ChannelAccount, left: Sequence[dict[str, Any]], tries: int, error: ConnectorError) -> None:
    if tries >= len(_PAUSES):
        log.info("names could not be asked for", account=account.pk, reason=str(error))
        return
    wish = error.retry_after if isinstance(error, TransientError) else None
    pause = max(_PAUSES[tries], wish or timedelta(0))
    defer("intake.complete", at=now() + pause, account_id=account.pk, events=list(left), tries=tries + 1)


def _take_over(account: ChannelAccount, arrival: Arrival, completed: NetworkEvent) -> None:
    _name(account, arrival, completed)
    if _place_name(completed) and arrival.thread_id:
        name_thread(account.pk, arrival.thread_id, _place_name(completed))
    about = arrival.target_id or arrival.external_id
    message = Message.objects.filter(account=account, external_id=about).first()
    if message is not None and arrival.event.text:
        call_by_names(message.pk, said=arrival.event.text, named=clipped(completed.text))
    elif message is not None and (completed.text or completed.attachments):
        files = [storable_file(file) for file in completed.attachments]
        complete_message(message.pk, text=clipped(completed.text), url=clipped(completed.url, 4000), files=files)


def _name(account: ChannelAccount, arrival: Arrival, completed: NetworkEvent) -> None:
    if arrival.person is None:
        return
    scope, external_id = arrival.person
    identity = ContactIdentity.objects.filter(channel=account.kind, scope=scope, external_id=external_id).first()
    if identity is None:
        return
    latest = Conversation.objects.filter(account=account, identity=identity).order_by("-last_message_at").first()
    learn_person(
        identity.pk,
        handle=clipped(completed.author.handle, 320),
        name=clipped(completed.author.name, 255),
        avatar_url=clipped(completed.author.avatar_url, 2000),
        conversation_id=latest.pk if latest else None,
    )
