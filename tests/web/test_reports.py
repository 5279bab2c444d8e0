"""The figures on the screen, behind each of them its conversations, and the file."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html

from comptoir.conversations.models import Consultation, Conversation, HandOff
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from comptoir.reporting.asking import By, Question, Reach
from comptoir.reporting.models import CountedConversation
from comptoir.reporting.queries import report
from tests.factories import make_account, make_agent, make_analysis, make_brand, make_reason, make_team
from tests.fake_network import FakeNetwork
from tests.intake.events import echo, said
from tests.reporting.counting_all import count_all
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture
def counter(fake_network: FakeNetwork) -> dict[str, Any]:
    """Two channels of one brand, two teams: yesterday an answer took 4 minutes here, two hours there."""
    brand = make_brand(name="Maison Claire")
    service, experts = make_team(name="Service"), make_team(name="Experts")
    quick = make_account(kind="fake", brand=brand, team=service)
    slow = make_account(kind="fake_safe", brand=brand, team=experts)
    at = now() - YESTERDAY
    for number in range(6):
        exchange(quick, f"q{number}", at, answered_after=timedelta(minutes=4))
        exchange(slow, f"s{number}", at, answered_after=timedelta(hours=2))
    exchange(quick, "never", now() - timedelta(days=9))
    count_all()
    return {"quick": quick, "slow": slow, "service": service, "experts": experts, "brand": brand}


def exchange(account: Any, thread: str, at: datetime, *, answered_after: timedelta | None = None) -> None:
    events = [said(thread, thread_id=thread, by=thread, sent_at=at)]
    if answered_after is not None:
        events.append(echo(f"{thread}-a", to=thread, thread_id=thread, sent_at=at + answered_after))
    receive(account, events)


def supervisor(**fields: Any) -> Agent:
    return make_agent(role=Agent.Role.SUPERVISOR, language="en", **fields)


def page(client: Client, address: str, **asked: str) -> Any:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def lines(shown: Any) -> dict[str, list[str]]:
    return {words(row.find("th")): [words(cell) for cell in row.findall("td")] for row in body(shown, "report-lines")}


def body(shown: Any, section: str) -> list[Any]:
    """The lines of a section's table."""
    return list(shown.xpath(f"//section[h2[@id='{section}']]//tbody/tr"))


def words(element: Any) -> str:
    return re.sub(r"[ \n]+", " ", element.text_content()).strip(" ")


def test_channels_stand_side_by_side(counter: dict[str, Any]) -> None:
    found = lines(page(client_of(supervisor()), "/reports/"))
    assert len(found) == 2
    quick, slow = found["Fake network"], found["Fake network with keys"]
    assert (quick[0], quick[1]) == ("7", "4\u00a0min")
    assert (slow[0], slow[1]) == ("6", "2\u00a0h")


def test_each_number_leads_to_as_many_conversations(counter: dict[str, Any]) -> None:
    client = client_of(supervisor())
    shown = page(client, "/reports/")
    received = body(shown, "report-lines")[0].xpath("td//a")[0]
    behind = page(client, received.get("href"))
    assert len(behind.xpath("//tbody/tr")) == int(words(received))


def test_every_link_of_the_page_opens(counter: dict[str, Any]) -> None:
    make_analysis_for_all()
    client = client_of(supervisor())
    addresses = set(page(client, "/reports/").xpath("//main//a[starts-with(@href, '/')]/@href"))
    assert len(addresses) > 25
    assert {client.get(address).status_code for address in addresses} == {200}


def make_analysis_for_all() -> None:
    reason = make_reason("Livraison")
    for conversation in Conversation.objects.all():
        make_analysis(conversation.messages.incoming().first(), reason=reason)
    count_all()


def test_the_same_matter_is_compared_across_channels(counter: dict[str, Any]) -> None:
    make_analysis_for_all()
    shown = page(client_of(supervisor()), "/reports/")
    assert [words(cell) for cell in body(shown, "report-parity")[0]] == [
        "Livraison", "4\u00a0min", "2\u00a0h", "×\u00a030",
    ]  # fmt: skip


def test_what_an_agent_sees_is_of_their_teams(counter: dict[str, Any]) -> None:
    agent = make_agent(teams=[counter["service"]], language="en")
    assert list(lines(page(client_of(agent), "/reports/"))) == ["Fake network"]


def test_what_somebody_of_one_brand_sees_is_of_it(counter: dict[str, Any]) -> None:
    other = supervisor()
    other.brands.add(make_brand())
    assert "No customer asked anything" in words(page(client_of(other), "/reports/"))


def test_nobody_but_those_who_lead_sees_figures_of_single_colleagues(counter: dict[str, Any]) -> None:
    agent = make_agent(teams=[counter["service"]], language="en")
    question = Question.read({"by": "agent", "agent": str(agent.pk)})
    allowed = Reach.of(agent).allowed(question)
    assert (allowed.by, allowed.agent) == (By.CHANNEL, None)
    assert not page(client_of(agent), "/reports/", by="agent").xpath("//*[@name='agent']")


def test_who_leads_a_team_sees_figures_of_its_people_only(counter: dict[str, Any]) -> None:
    awa = make_agent(name="Awa", teams=[counter["service"]])
    jules = make_agent(name="Jules", teams=[counter["experts"]])
    CountedConversation.objects.filter(account=counter["quick"]).update(replied_by=awa)
    CountedConversation.objects.filter(account=counter["slow"]).update(replied_by=jules)
    found = lines(page(client_of(supervisor(teams=[counter["service"]])), "/reports/", by="agent"))
    assert list(found) == ["Awa", "Nobody, or others"]
    everybody = lines(page(client_of(supervisor()), "/reports/", by="agent"))
    assert set(everybody) == {"Awa", "Jules", "Nobody, or others"}


def test_what_means_nothing_is_not_asked(counter: dict[str, Any]) -> None:
    client = client_of(supervisor())
    for nonsense in ("0000-00-00", "x", "99999-01-01", "2026-02-30", "\x00"):
        asked = dict.fromkeys(("since", "until", "by", "team", "agent", "brand", "topic", "channel", "days"), nonsense)
        assert client.get("/reports/", asked).status_code == 200
        assert (
            client.get("/reports/conversations/", asked | {"figure": "open_then", "open_on": nonsense}).status_code
            == 200
        )
    assert client.get("/reports/conversations/", {"figure": "nonsense"}).status_code == 404


def test_a_longer_span_than_a_year_is_cut_to_it(counter: dict[str, Any]) -> None:
    question = Question.read({"since": "2001-01-01"})
    assert (question.until - question.since).days == 365


def test_more_conversations_ask_no_more_questions(counter: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    question, reach = Question.read({}), Reach.of(supervisor())
    with django_assert_max_num_queries(20) as few:
        report(question, reach)
    for number in range(10):
        exchange(counter["quick"], f"more{number}", now() - YESTERDAY)
    count_all()
    with django_assert_max_num_queries(len(few)):
        report(question, reach)


def test_the_file_has_plain_numbers_and_computes_nothing(counter: dict[str, Any]) -> None:
    counter["service"].name = "=HYPERLINK(1)"
    counter["service"].save()
    leader = supervisor()
    answer = client_of(leader).get("/reports/export.csv", {"by": "team"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert rows["'=HYPERLINK(1)"]["first_reply_median_s"] == "240"
    assert rows["*"]["received"] == "13"
    assert rows["*"]["response_rate"] == f"{12 / 13:.4f}"
    assert Event.objects.get(name="figures.exported").actor_id == leader.pk


def test_a_colleague_of_the_team_reads_the_conversations_of_the_team_only(counter: dict[str, Any]) -> None:
    agent = make_agent(teams=[counter["experts"]], language="en")
    behind = page(client_of(agent), "/reports/conversations/", figure="received")
    assert len(behind.xpath("//tbody/tr")) == 6


def test_without_a_conversation_the_page_says_what_to_do(fake_network: FakeNetwork) -> None:
    assert "Figures begin with the first message" in words(page(client_of(supervisor()), "/reports/"))


def test_each_figure_says_what_it_means_and_numbers_are_french(counter: dict[str, Any]) -> None:
    french = make_agent(role=Agent.Role.SUPERVISOR, language="fr")
    shown = page(client_of(french), "/reports/")
    hints = shown.xpath("//button/@popovertarget")
    assert len(hints) > 10
    for hint in hints:
        (meaning,) = shown.xpath(f"//*[@id='{hint}']")
        assert len(words(meaning)) > 30
    assert "92\u00a0%" in words(shown)


def test_what_is_asked_among_ourselves_has_its_times(counter: dict[str, Any]) -> None:
    conversation = CountedConversation.objects.filter(account=counter["quick"]).order_by("pk")[0].conversation
    given_at = now() - timedelta(hours=5)
    HandOff.objects.create(
        conversation=conversation, from_team=counter["service"], to_team=counter["experts"], asked="Expertise",
        state="accepted", given_at=given_at, ended_at=given_at + timedelta(minutes=12),
    )  # fmt: skip
    Consultation.objects.create(
        conversation=conversation, expert=make_agent(), question="Est-ce garanti ?", asked_at=given_at
    )
    client = client_of(supervisor())
    shown = page(client, "/reports/")
    rows = {words(row.find("th")).split(" ?")[0]: row for row in body(shown, "report-passed")}
    handed, asked = rows["Handed to another team"], rows["Asked of an expert"]
    assert [words(cell) for cell in handed.findall("td")][:5] == ["1", "1", "0", "0", "12\u00a0min"]
    assert [words(cell) for cell in asked.findall("td")][:5] == ["1", "0", "0", "1", "–"]
    behind = page(client, handed.xpath("td//a/@href")[0])
    assert len(behind.xpath("//tbody/tr")) == 1
