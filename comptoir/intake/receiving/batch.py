"""Receiving one batch: from events to conversations, in the caller's transaction, each step over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from comptoir.channels.holding import hold_accounts
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import EventKind
from comptoir.core.clock import now
from comptoir.events.record import SYSTEM, Actor, Happening, record_many
from comptoir.intake.arrivals import Arrival
from comptoir.intake.completing import ask_for_missing
from comptoir.intake.posts import under_our_posts
from comptoir.intake.receiving import changes as applying
from comptoir.intake.receiving.authors import by_their_authors
from comptoir.intake.receiving.calls import apply_calls
from comptoir.intake.receiving.changes import Change
from comptoir.intake.receiving.context import forget_deleted_context, keep_context
from comptoir.intake.receiving.early import keep_early, take_early, waits_for
from comptoir.intake.receiving.exchanges import Exchanges, in_time
from comptoir.intake.receiving.experts import without_answers, without_bounces
from comptoir.intake.receiving.holders import apply_holders
from comptoir.intake.receiving.identities import in_their_threads, learn_links
from comptoir.intake.receiving.messages import Placed, add_messages
from comptoir.intake.receiving.one_answer import keeps_one_answer, release_rewritten, replace_earlier
from comptoir.intake.receiving.people import people
from comptoir.intake.receiving.promises import follow_promises
from comptoir.intake.receiving.proofs import UNSETTLED, Proof, settle_proofs, unnamed_proofs
from comptoir.intake.receiving.reactions import apply_reactions, delete_reactions
from comptoir.intake.receiving.rows import Exchange, KnownMessage, Person, known_messages
from comptoir.intake.receiving.subjects import under_their_subjects
from comptoir.intake.receiving.totals import recount
from comptoir.routing.actions import decide_again, route_conversations

_RECEIPTS_UP_TO = (EventKind.READ, EventKind.DELIVERY)

#: Imported conversations that nobody has written in for so long are resolved.
HISTORY_IS_OVER_AFTER = timedelta(days=14)


class Batch:
    """Events of one account, all received by `run` or, if the caller's transaction fails, none of them.

    ``storing`` is called once the messages are stored, and the database is what is waited for from then on.
    """

    def __init__(
        self,
        account: ChannelAccount,
        arrived: Iterable[Arrival],
        *,
        as_history: bool = False,
        storing: Callable[[], None] | None = None,
    ) -> None:
        self.account = account
        self.as_history = as_history
        self.storing = storing
        self.keeps_one_answer = keeps_one_answer(account)
        self.spoken: dict[str, Arrival] = {}
        self.changes: list[Arrival] = []
        self.calls: list[Arrival] = []  # each word of how a call goes, of which only the first makes the message
        self.context: list[Arrival] = []
        self.moderated: dict[str, Arrival] = {}  # what says whether the public sees it: the last word counts
        for arrival in arrived:
            self._sort_in(arrival)
        self.known: dict[str, KnownMessage] = {}
        self.person_of: dict[tuple[str, str], Person] = {}
        self.placed: list[Placed] = []
        self.added: dict[str, int] = {}
        self.answers: list[tuple[int, datetime]] = []
        self.touched: set[int] = set()
        self.grown: set[int] = set()  # where something was said; whatever else happened there is in `touched`
        self.revised: dict[int, datetime] = {}  # where a review was changed, and when
        self.unanswered: set[int] = set()  # where an answer of ours turned out not to have arrived
        self.happenings: list[Happening] = []

    def _sort_in(self, arrival: Arrival) -> None:
        if not arrival.is_spoken:
            self.changes.append(arrival)
        elif arrival.is_context:
            self.context.append(arrival)
        else:
            self.spoken.setdefault(arrival.external_id, arrival)
            former = self.moderated.get(arrival.external_id)
            if arrival.event.is_held is not None and (former is None or former.told_at <= arrival.told_at):
                self.moderated[arrival.external_id] = arrival
            if arrival.event.call is not None:
                self.calls.append(arrival)

    def run(self) -> int:
        """Receive; how many messages are new."""
        if not (self.spoken or self.changes or self.context):
            return 0
        hold_accounts([self.account.pk])
        keep_context(self.account.pk, self.context)
        new = without_answers(self.account, self._unknown())
        self.changes = without_bounces(self.changes)
        self.person_of = people(self.account.kind, [*new, *self._changes_by_people()])
        learn_links(self.account.kind, [one for one in self.changes if one.event.event is EventKind.IGNORED])
        in_their_threads(new, self.person_of)
        under_their_subjects(self.account.pk, new, self.person_of, self.known)
        over_before = now() - HISTORY_IS_OVER_AFTER if self.as_history else None
        self.exchanges = Exchanges(self.account.pk, self.account.reopens_within, self.known, over_before=over_before)
        self.exchanges.load(new, self.person_of)
        self._place(self._still_new(new))
        self._store()
        self._change()
        self._go_on_with_calls()
        self.happenings += applying.apply_holds(
            (arrival, self.known[name]) for name, arrival in self.moderated.items() if name in self.known
        )
        self.happenings += apply_holders(self.account.pk, [*self.spoken.values(), *self.changes])
        self._conclude()
        met = [*self.spoken.values(), *self.changes]
        ask_for_missing(self.account, met, new=self.added, people=self.person_of)
        record_many(self._history() if self.as_history else self.happenings)
        return len(self.added)

    def _history(self) -> list[Happening]:
        """What was said long ago is no news: one event says that it was brought in."""
        details = {"messages": len(self.added)}
        return (
            [Happening("messages.imported", "channelaccount", self.account.pk, details=details)] if self.added else []
        )

    # --- what is new ---

    def _unknown(self) -> list[Arrival]:
        """The messages we do not have yet, with those that waited for them, by time."""
        self._know([*self.spoken.values(), *self.changes])
        if self.keeps_one_answer:
            for name in release_rewritten(self.account.pk, self.spoken, self.known):
                del self.known[name]
        new = [arrival for name, arrival in self.spoken.items() if name not in self.known]
        early = take_early(self.account.pk, self.account.network_id, new)
        self._know(early)
        for arrival in early:
            if not arrival.is_spoken:
                self.changes.append(arrival)
            elif arrival.external_id not in self.known and arrival.external_id not in self.spoken:
                self.spoken[arrival.external_id] = arrival
                new.append(arrival)
        return sorted(new, key=in_time)

    def _still_new(self, new: Sequence[Arrival]) -> list[Arrival]:
        """Without echoes of what delivery wrote down as parts of a reply before it let go of its conversation: no
        constraint holds parts and messages apart.
        """
        told = known_messages(self.account.pk, [one.external_id for one in new if one.is_ours])
        self.known |= told
        return [one for one in new if one.external_id not in told]

    def _know(self, arrived: Sequence[Arrival]) -> None:
        names: set[str] = set()
        for arrival in arrived:
            names.update((arrival.target_id, arrival.parent_id, *arrival.related_ids))
            if arrival.is_spoken:
                names.add(arrival.external_id)
        self.known |= known_messages(self.account.pk, names - self.known.keys())

    def _changes_by_people(self) -> list[Arrival]:
        """Reactions to messages that are, or come to be, there; and receipts that name a person only."""
        return [
            change
            for change in self.changes
            if (change.event.event is EventKind.REACTION and self._is_there(change.target_id))
            or (change.event.event in _RECEIPTS_UP_TO and not change.target_id)
        ]

    def _is_there(self, name: str) -> bool:
        return name in self.known or name in self.spoken

    # --- messages ---

    def _place(self, new: Sequence[Arrival]) -> None:
        homeless: list[Arrival] = []
        for arrival in new:
            person = self.person_of.get(arrival.person) if arrival.person else None
            exchange = self.exchanges.place(arrival, person)
            if exchange is None:
                homeless.append(arrival)
                continue
            self.placed.append((arrival, exchange, person))
            author = None if arrival.is_ours or person is None else person.identity_id
            self.exchanges.known[arrival.external_id] = KnownMessage(0, 0, arrival.is_ours, author, "", False, exchange)
        self._keep_homeless(homeless)

    def _keep_homeless(self, homeless: Sequence[Arrival]) -> None:
        """Our own words to nobody: they wait for what they answer, or are a post of the brand's."""
        keep_early(self.account.pk, [one for one in homeless if waits_for(one) and (one.is_private or one.parent_id)])
        keep_context(self.account.pk, [one for one in homeless if not (one.is_private or one.parent_id)])

    def _store(self) -> None:
        self._adopt_unnamed()
        begun = list(self.exchanges.new)
        self.exchanges.add_new()
        self.added = add_messages(self.account.pk, self.placed)
        self.touched.update(exchange.id for exchange in begun if exchange not in self.exchanges.new)
        for arrival, exchange, person in self.placed:
            pk = self.added.get(arrival.external_id)
            if pk is not None:
                self._remember(pk, arrival, exchange, person)

    def _adopt_unnamed(self) -> None:
        """Echoes of what we are just sending are no new messages."""
        for echo, message in unnamed_proofs(self.placed):
            self.known[echo[0].external_id] = message
            echo[1].messages.remove(echo[0])
            self.placed.remove(echo)

    def _remember(self, pk: int, arrival: Arrival, exchange: Exchange, person: Person | None) -> None:
        author = None if arrival.is_ours or person is None else person.identity_id
        state = "sent" if arrival.is_ours else "received"
        self.known[arrival.external_id] = KnownMessage(pk, exchange.id, arrival.is_ours, author, state, False, exchange)
        if exchange.id in self.exchanges.by_id:
            self.grown.add(exchange.id)
        if arrival.is_ours:
            self.happenings.append(
                Happening("message.sent", "message", pk, SYSTEM, exchange.id, details={"elsewhere": True})
            )
            if arrival.answers:
                self.answers.append((exchange.id, arrival.at))
        else:
            actor = Actor("contact", person.contact_id if person else None)
            self.happenings.append(Happening("message.received", "message", pk, actor, exchange.id))

    # --- changes ---

    def _change(self) -> None:
        ready: list[Change] = []
        early: list[Arrival] = []
        for change in sorted(self.changes, key=in_time):
            message = self.known.get(change.target_id)
            if message is not None:
                ready.append((change, message))
            elif change.target_id:
                early.append(change)
        keep_early(self.account.pk, early)
        deletions = [one for one in early if one.event.event is EventKind.DELETE]
        forget_deleted_context(self.account.pk, deletions)
        self.happenings += delete_reactions(self.account.pk, deletions)
        ready = by_their_authors(self.account.kind, ready)
        if self.keeps_one_answer:
            self.happenings += replace_earlier({pk for pk, _at in self.answers})
        ready += applying.up_to(self.account.pk, self._receipts_up_to())
        self._prove_sent(ready)
        edited, revised = applying.apply_edits(ready)
        self._hear_again(revised)
        rewritten = [*edited, *applying.apply_deletions(ready)]
        receipts = applying.apply_receipts(ready)
        self.happenings += rewritten + receipts
        self.unanswered = {
            one.conversation_id for one in receipts if one.name == "message.failed" and one.conversation_id
        }
        after_all = {message.conversation_id for _change, message in ready if message.state in ("failed", *UNSETTLED)}
        self.touched |= self.unanswered | after_all
        self.happenings += apply_reactions(self.account.pk, ready, self.person_of)
        self.touched.update(happening.conversation_id for happening in rewritten if happening.conversation_id)

    def _hear_again(self, revised: Sequence[Change]) -> None:
        """Whoever changed their review speaks again, whenever we hear of it."""
        for arrival, message in revised:
            exchange = message.exchange
            if exchange is None or exchange.is_spam or self.as_history:
                continue
            if self.exchanges.slots.get(exchange.slot, exchange) is exchange:
                exchange.open_again()
                self.revised[exchange.id] = min(arrival.at, self.revised.get(exchange.id, arrival.at))

    def _go_on_with_calls(self) -> None:
        """A call rings, is taken or missed, ends, leaves a recording: its message says how it stands."""
        told = [
            (arrival, self.known[arrival.external_id]) for arrival in self.calls if arrival.external_id in self.known
        ]
        for arrival, message, happening in apply_calls(told):
            self.happenings.append(happening)
            self.touched.add(message.conversation_id)
            if arrival.answers:
                self.answers.append((message.conversation_id, arrival.at))

    def _receipts_up_to(self) -> list[tuple[Arrival, int]]:
        return [
            (change, self.person_of[change.person].identity_id)
            for change in self.changes
            if change.event.event in _RECEIPTS_UP_TO and not change.target_id and change.person in self.person_of
        ]

    def _prove_sent(self, ready: Sequence[Change]) -> None:
        """What the network shows us of our own, or confirms, and we did not know to be sent."""
        proofs: list[Proof] = [
            (arrival, self.known[name])
            for name, arrival in self.spoken.items()
            if arrival.is_ours and name in self.known and self.known[name].state in UNSETTLED
        ]
        proofs += [
            change for change in ready if change[0].event.event is EventKind.SENT and change[1].state in UNSETTLED
        ]
        self.touched |= settle_proofs(proofs)

    # --- what follows ---

    def _conclude(self) -> None:
        messages: dict[int, list[Arrival]] = defaultdict(list)
        for arrival, exchange, _person in self.placed:
            if arrival.external_id in self.added:
                messages[exchange.id].append(arrival)
        reopened = self.exchanges.store_reopened()
        if self.storing is not None:
            self.storing()
        waiting = recount(
            self.touched | self.grown,
            messages,
            only_more=self.grown - self.touched,
            unanswered=self.unanswered,
            revised=self.revised,
            as_history=self.as_history,
        )
        self._tell(reopened)
        begun = self.exchanges.new
        self.happenings += route_conversations(
            [exchange.id for exchange in begun], under_our_posts=under_our_posts, as_history=self.as_history
        )
        if self.as_history:
            return
        decide_again(self.revised)
        follow_promises(
            self.account,
            waiting,
            begun=begun,
            spoke_again={one.id: self._spoke_again_at(one) for one in reopened},
            resolved={one.id for one in reopened if one.was == "resolved"},
            answers=self.answers,
            concerned=[*self.touched, *self.grown],
        )

    def _spoke_again_at(self, exchange: Exchange) -> datetime:
        revised_at = self.revised.get(exchange.id)
        return min([one.at for one in exchange.messages] + ([revised_at] if revised_at else []))

    def _tell(self, reopened: Sequence[Exchange]) -> None:
        started = [self._about("conversation.started", exchange) for exchange in self.exchanges.new]
        again = [self._about("conversation.reopened", exchange, was=exchange.was) for exchange in reopened]
        self.happenings = [*started, *again, *self.happenings]

    def _about(self, name: str, exchange: Exchange, **details: str) -> Happening:
        by = Actor("contact", exchange.contact_id)
        return Happening(name, "conversation", exchange.id, by, exchange.id, details=details)
