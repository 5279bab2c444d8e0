"""The definitions, one by one: what counts of a conversation, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.reporting.counting import BROKEN, KEPT, NOT_GIVEN, RUNNING, Promised, Said, Spell, Story, Told, counted

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SERVICE, EXPERTS = 1, 2
AWA, JULES = 11, 12


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def asked(minutes: float, **fields: Any) -> Said:
    return Said(round(minutes * 10), at(minutes), is_incoming=True, **fields)


def answered(minutes: float, **fields: Any) -> Said:
    return Said(round(minutes * 10) + 1, at(minutes), is_incoming=False, **{"agent_id": AWA} | fields)


def resolved(minutes: float, by: int | None = AWA) -> Told:
    return Told("conversation.resolved", at(minutes), {}, "agent", by)


def reopened(minutes: float) -> Told:
    return Told("conversation.reopened", at(minutes), {"was": "resolved"}, "contact")


def passed(minutes: float, former: int | None, to: int | None, **fields: Any) -> Told:
    fields = {"actor_kind": "agent", "agent_id": AWA} | fields
    return Told("conversation.team_changed", at(minutes), {"former": former, "to": to}, **fields)


def story(*messages: Said, events: Any = (), **fields: Any) -> Story:
    return Story(1, 5, fields.pop("team_id", SERVICE), messages=messages, events=events, **fields)


def reply_of(*messages: Said) -> tuple[int | None, int | None]:
    """Seconds to the first reply, and who gave it."""
    found = counted(story(*messages))
    assert found is not None
    return found.first_reply_s, found.replied_by_id


def test_the_first_reply_is_counted_from_the_first_question_to_the_first_answer() -> None:
    assert reply_of(asked(0), asked(5), answered(12), answered(30, agent_id=JULES)) == (720, AWA)


def test_what_we_wrote_before_they_asked_answers_nothing() -> None:
    assert reply_of(answered(-60), asked(0)) == (None, None)


def test_an_automatic_receipt_answers_nothing() -> None:
    assert reply_of(asked(0), answered(0.1, is_automatic=True), answered(9)) == (540, AWA)


def test_a_send_that_failed_answers_nothing() -> None:
    assert reply_of(asked(0), answered(2, has_arrived=False), answered(9)) == (540, AWA)


def test_their_own_automatic_absence_note_asks_nothing() -> None:
    assert counted(story(asked(0, is_automatic=True))) is None


def test_a_message_deleted_before_it_was_answered_asked_nothing() -> None:
    assert counted(story(asked(0, deleted_at=at(3)))) is None
    assert reply_of(asked(0, deleted_at=at(3)), asked(5), answered(7)) == (120, AWA)


def test_a_message_deleted_after_it_was_answered_was_answered() -> None:
    assert reply_of(asked(0, deleted_at=at(30)), answered(7)) == (420, AWA)


def test_a_call_is_answered_when_it_is_taken() -> None:
    assert reply_of(asked(0, taken_at=at(0.25), agent_id=JULES)) == (15, JULES)


def test_an_answer_taken_away_later_was_an_answer() -> None:
    assert reply_of(asked(0), answered(7, deleted_at=at(60))) == (420, AWA)


def test_spam_and_what_was_merged_away_do_not_count() -> None:
    assert counted(replace(story(asked(0)), is_left_out=True)) is None


def test_a_conversation_in_which_only_we_spoke_does_not_count() -> None:
    assert counted(story(answered(0))) is None


def test_resolution_leaves_out_the_time_it_lay_resolved() -> None:
    events = [resolved(60), reopened(600), resolved(630, JULES)]
    found = counted(story(asked(0), events=events, resolved_at=at(630)))
    assert found is not None
    assert (found.resolution_s, found.reopening_count, found.resolved_by_id) == (90 * 60, 1, JULES)
    assert found.spells == [Spell(SERVICE, at(0), at(60)), Spell(SERVICE, at(600), at(630))]


def test_a_slip_that_was_taken_back_is_no_reopening() -> None:
    back = Told("conversation.reopened", at(61), {"was": "resolved", "undone": True}, "agent", AWA)
    found = counted(story(asked(0), events=[resolved(60), back, resolved(90, JULES)], resolved_at=at(90)))
    assert found is not None
    assert (found.resolution_s, found.reopening_count, found.resolved_by_id) == (90 * 60, 0, JULES)
    assert found.spells == [Spell(SERVICE, at(0), at(90))]


def test_one_that_is_open_again_is_not_resolved() -> None:
    found = counted(story(asked(0), events=[resolved(60), reopened(90)]))
    assert found is not None
    assert (found.resolved_at, found.resolution_s, found.resolved_by_id) == (None, None, None)


def test_being_put_away_and_brought_back_is_no_reopening() -> None:
    woken = Told("conversation.reopened", at(30), {"was": "snoozed"}, "agent", AWA)
    found = counted(story(asked(0), events=[woken]))
    assert found is not None
    assert found.reopening_count == 0


def test_what_the_record_does_not_tell_the_conversation_does() -> None:
    ended = counted(story(asked(0), resolved_at=at(45)))
    going_on = counted(story(asked(0), events=[resolved(45)], resolved_at=None))
    assert ended is not None
    assert going_on is not None
    assert (ended.resolution_s, going_on.resolved_at) == (2700, None)


def test_a_reply_is_of_the_team_that_had_it_then() -> None:
    found = counted(story(asked(0), answered(10), events=[passed(20, SERVICE, EXPERTS)], team_id=EXPERTS))
    assert found is not None
    assert (found.reply_team_id, found.team_id, found.transfer_count) == (SERVICE, EXPERTS, 1)
    assert found.spells == [Spell(SERVICE, at(0), at(20)), Spell(EXPERTS, at(20), None)]


def test_the_first_placing_is_no_transfer() -> None:
    found = counted(story(asked(0), events=[passed(1, None, SERVICE)]))
    assert found is not None
    assert found.transfer_count == 0


def test_rules_that_place_anew_transfer_nothing_but_overflow_does() -> None:
    again = passed(1, SERVICE, EXPERTS, actor_kind="system", agent_id=None)
    overflow = passed(60, EXPERTS, SERVICE, actor_kind="system", agent_id=None, has_reason=True)
    found = counted(story(asked(0), events=[again, overflow]))
    assert found is not None
    assert found.transfer_count == 1


@pytest.mark.parametrize(
    ("clocks", "outcome"),
    [
        ([], NOT_GIVEN),
        ([Promised("first_reply", at(60))], RUNNING),
        ([Promised("first_reply", at(60), stopped_at=at(60))], KEPT),
        ([Promised("first_reply", at(60), stopped_at=at(61))], BROKEN),
        ([Promised("first_reply", at(60), breached_at=at(60))], BROKEN),
        ([Promised("first_reply", at(60), stopped_at=at(30), is_abandoned=True)], NOT_GIVEN),
        ([Promised("first_reply", at(60), stopped_at=at(90), breached_at=at(60), is_abandoned=True)], BROKEN),
        ([Promised("next_reply", at(60), breached_at=at(60))], NOT_GIVEN),
        ([Promised("first_reply", at(60), at(30), is_abandoned=True), Promised("first_reply", at(90), at(80))], KEPT),
    ],
)
def test_a_promise_is_kept_late_or_open(clocks: list[Promised], outcome: int) -> None:
    found = counted(story(asked(0), clocks=clocks))
    assert found is not None
    assert found.first_reply_promise == outcome
