"""The demonstration: a week that looks like life, the same one every time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from comptoir.analysis.models import MessageAnalysis, MessageTopic
from comptoir.automations.models import Macro
from comptoir.bot.queries import arbitration_queue
from comptoir.brands.models import Brand
from comptoir.catalogue.content import Content
from comptoir.catalogue.models import CannedResponse, CatalogueEntry, EntryVersion
from comptoir.channels.models import ChannelAccount
from comptoir.config.demonstration import load_demonstration, week
from comptoir.config.demonstration.week import week_of_stories
from comptoir.conversations.models import Attachment, Consultation, Conversation, HandOff, Matter, Message, Note
from comptoir.core.clock import at_instant
from comptoir.desk.models import CallBack, InboxView
from comptoir.desk.moving import accounts_to_move_to
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.sla.models import SLAClock

FOLDER = Path(week.__file__).parent
PRESENT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)


def test_the_week_is_the_same_every_time() -> None:
    assert week_of_stories(PRESENT) == week_of_stories(PRESENT)


def test_nothing_in_it_lies_ahead() -> None:
    assert max(line.at for story in week_of_stories(PRESENT) for line in story.lines) <= PRESENT


def test_every_brace_is_filled_in() -> None:
    assert not [line.text for story in week_of_stories(PRESENT) for line in story.lines if "{" in line.text]


@pytest.mark.django_db
def test_the_whole_week_is_told_and_fills_every_screen_with_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week, "CONVERSATIONS", 130)  # a third of it: long transactions hold up the tests beside
    with at_instant(PRESENT):
        assert load_demonstration()
    assert not Event.objects.filter(at__gt=PRESENT).exists()
    told = Message.objects.filter(external_id__startswith="week-").count()
    assert told == sum(len(story.lines) for story in week_of_stories(PRESENT.astimezone(ZoneInfo("Europe/Paris"))))
    assert (Brand.objects.count(), Agent.objects.count()) == (2, 6)
    assert set(ChannelAccount.objects.values_list("kind", flat=True)) == {
        "bluesky", "chat", "email", "phone", "sms", "webhook"
    }  # fmt: skip
    conversations = Conversation.objects.all()
    assert conversations.count() > 100
    assert conversations.filter(status="resolved").count() > 80
    assert conversations.waiting().count() > 5
    assert set(conversations.values_list("language", flat=True)) >= {"fr", "en", "de"}
    assert Note.objects.exists()
    assert Message.objects.filter(rating_value__isnull=False).exists()
    assert Message.objects.outgoing().exclude(agent=None).count() > 80
    kept, broken = SLAClock.objects.filter(breached_at=None), SLAClock.objects.exclude(breached_at=None)
    assert kept.count() > broken.count() > 1
    incoming = Message.objects.incoming().exclude(text="")
    assert not incoming.filter(analysis=None).exists()
    _no_line_of_ours_breaks_before_a_sign()
    assert set(MessageAnalysis.objects.values_list("sentiment", flat=True)) == {"negative", "neutral", "positive"}
    assert MessageAnalysis.objects.filter(urgency__gte=2).exists()
    assert MessageTopic.objects.values("reason").distinct().count() >= 8
    assert CannedResponse.objects.filter(owner=None).exists()
    assert Macro.objects.filter(owner=None).exists()
    assert InboxView.objects.filter(owner=None).exists()
    assert set(HandOff.objects.values_list("state", flat=True)) == {"accepted", "refused", "offered"}
    assert set(Consultation.objects.values_list("state", flat=True)) == {"asked", "answered"}
    late = SLAClock.objects.filter(stopped_at=None).exclude(breached_at=None)
    assert set(late.filter(conversation=None).values_list("promise", flat=True)) == {"hand_off", "consultation"}
    [matter] = Matter.objects.all()
    assert len({one.account.kind for one in matter.conversations.all()}) == 2
    supervisor = Agent.objects.get(role=Agent.Role.SUPERVISOR)
    with at_instant(PRESENT):
        assert arbitration_queue(supervisor).count() >= 5
    calls = Message.objects.filter(kind="call")
    assert set(calls.values_list("call_state", flat=True)) == {"ended", "missed", "voicemail"}
    assert set(Attachment.objects.filter(message__in=calls).values_list("state", "mime_type")) == {
        ("stored", "audio/wave")
    }  # fmt: skip
    overdue, due = CallBack.objects.waiting().order_by("due_at")
    assert overdue.due_at == overdue.overdue_at - timedelta(minutes=70) < PRESENT < due.due_at
    texted = Conversation.objects.get(account__name="SMS Maison Lueur", language="fr")
    assert [one.name for one in accounts_to_move_to(texted, supervisor)] == ["SMS Brûlerie"]
    resolved_on = {event.at.date() for event in Event.objects.filter(name="conversation.resolved")}
    assert len(resolved_on) >= 5, "agents worked on every day of the week, not all at once when it was loaded"


@pytest.mark.django_db
def test_it_is_loaded_once() -> None:
    assert load_demonstration(with_week=False)
    assert not load_demonstration()


def _no_line_of_ours_breaks_before_a_sign() -> None:
    """What the company and its people wrote, in French typography; customers write as they like."""
    answers = [one.text for version in EntryVersion.objects.all() for one in Content.of_json(version.content).variants]
    ours = [
        *answers, *Message.objects.outgoing().values_list("text", flat=True),
        *Note.objects.values_list("text", flat=True),
        *Matter.objects.values_list("title", flat=True), *Macro.objects.values_list("name", flat=True),
        *Consultation.objects.values_list("question", flat=True),
        *CatalogueEntry.objects.values_list("question", flat=True),
    ]  # fmt: skip
    assert [text for text in ours if re.search(r"« | [»:;?!](?:[\s)]|$)", text)] == []


@pytest.mark.parametrize("name", sorted(one.name for one in FOLDER.iterdir() if one.is_file()))
def test_no_number_in_it_parts_from_its_thousands_or_its_unit_at_the_end_of_a_line(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    units = r"(?:[€%°]|(?:kelvins?|euros?|grammes?|W|V|h|min|m|cm|mm|g|kg|ml|cl|l)\b)"
    assert re.findall(rf".{{20}}\d (?:\d{{3}}\b|{units}).{{0,10}}", text, re.IGNORECASE) == []
