"""What is on which list, in which order, how it is narrowed, and how full it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.conversations.models import Conversation, Following, Note, NoteMention
from comptoir.conversations.reading import mark_read
from comptoir.core.clock import now
from comptoir.desk.actions import tag_conversation
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.web.queries.inbox import PAGE, InboxFilters, Listing, Sort, StandingView, inbox_page, listed
from comptoir.web.queries.inbox.choices import filter_choices
from comptoir.web.queries.inbox.counts import counts
from tests.factories import (
    make_account,
    make_agent,
    make_brand,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
    make_promises,
    make_team,
)
from tests.web import one_counter
from tests.web.conftest import Counter, client_of

counter = one_counter.counter


def ids(agent: Agent, view: StandingView, sort: Sort = Sort.NEWEST, **asked: str) -> list[int]:
    filters = InboxFilters.read({name: [text] for name, text in asked.items()})
    listing = Listing.of(view, str(sort), filters)
    found = [row.pk for row in inbox_page(agent, listing).rows]
    assert set(found) == set(listed(agent, listing).values_list("pk", flat=True))
    return found


@pytest.fixture
def clear(counter: Counter) -> Counter:
    Conversation.objects.all().delete()
    make_promises()
    return counter


def made(counter: Counter, **fields: Any) -> Conversation:
    return make_conversation(account=counter.account, **fields)


def test_a_snoozed_conversation_is_on_the_list_of_the_snoozed_alone(clear: Counter) -> None:
    agent = clear.people["agent"]
    one = made(clear, status="snoozed", assignee=agent)
    assert ids(agent, StandingView.ALL) == ids(agent, StandingView.MINE) == []
    assert ids(agent, StandingView.SNOOZED) == [one.pk]


def test_spam_is_on_the_list_of_spam_alone(clear: Counter) -> None:
    agent = clear.people["agent"]
    open_one = made(clear, is_spam=True)
    closed = made(clear, is_spam=True, status="resolved", resolved_at=now())
    assert ids(agent, StandingView.ALL) == ids(agent, StandingView.RESOLVED) == []
    assert ids(agent, StandingView.SPAM) == [closed.pk, open_one.pk]


def test_broken_promises_come_first_and_then_those_that_run_out_next(clear: Counter) -> None:
    agent = clear.people["agent"]
    later, broken, soon, nothing_promised = (made(clear) for _number in range(4))
    start_clocks({later.pk: now(), broken.pk: now() - timedelta(days=2), soon.pk: now() - timedelta(hours=23)})
    assert ids(agent, StandingView.ALL, Sort.PROMISE) == [broken.pk, soon.pk, later.pk]
    assert nothing_promised.pk in ids(agent, StandingView.ALL)


def test_a_reply_that_did_not_leave_puts_its_conversation_among_those_to_see_to(clear: Counter) -> None:
    agent = clear.people["agent"]
    failed, uncertain, sent, closed = (made(clear) for _number in range(4))
    make_outgoing(failed, state="failed", external_id=None)
    make_outgoing(uncertain, state="uncertain", external_id=None)
    make_outgoing(sent)
    make_outgoing(closed, state="failed", external_id=None)
    Conversation.objects.filter(pk=closed.pk).update(status="resolved", resolved_at=now())
    assert set(ids(agent, StandingView.TO_SEE_TO)) == {failed.pk, uncertain.pk}
    assert ids(clear.people["stranger"], StandingView.TO_SEE_TO) == []


def test_who_is_asked_by_name_finds_it_until_they_have_answered(clear: Counter) -> None:
    expert, one = clear.people["expert"], made(clear)
    note = Note.objects.create(conversation=one, agent=clear.people["agent"], text="@Un expert")
    asked = NoteMention.objects.create(note=note, conversation=one, agent=expert)
    assert ids(expert, StandingView.ADDRESSED) == [one.pk]
    asked.done_at = now()
    asked.save()
    assert ids(expert, StandingView.ADDRESSED) == []


def test_what_one_follows_and_may_see_is_listed(clear: Counter) -> None:
    one = made(clear)
    for who in ("agent", "stranger"):
        Following.objects.create(conversation=one, agent=clear.people[who])
    assert ids(clear.people["agent"], StandingView.FOLLOWING) == [one.pk]
    assert ids(clear.people["stranger"], StandingView.FOLLOWING) == []


def test_a_supervisor_of_one_brand_sees_no_other_but_what_is_theirs(clear: Counter) -> None:
    supervisor = clear.people["supervisor"]
    supervisor.brands.add(clear.account.brand)
    elsewhere = make_account(team=clear.team)
    seen, own, hidden = made(clear), make_conversation(account=elsewhere), make_conversation(account=elsewhere)
    Conversation.objects.filter(pk=own.pk).update(assignee=supervisor)
    assert set(ids(supervisor, StandingView.ALL)) == {seen.pk, own.pk}
    assert ids(supervisor, StandingView.UNASSIGNED) == [seen.pk]
    assert hidden.pk not in ids(supervisor, StandingView.ALL)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"text": "COLIS"}, {"last_message_text": "Où est mon colis ?"}),
        ({"text": "facture"}, {"subject": "Ma facture de mars"}),
        ({"language": "de"}, {"language": "de"}),
        ({"visibility": "public"}, {"is_public": True}),
        ({"status": "pending"}, {"status": "pending"}),
        ({"status": "resolved"}, {"status": "resolved", "resolved_at": now()}),
        ({"waiting": "60"}, {"waiting_since": -timedelta(hours=2)}),
        ({"promise": "broken"}, {"promise_due_at": -timedelta(hours=2)}),
        ({"promise": "soon"}, {"promise_due_at": timedelta(minutes=30)}),
        ({"promise": "quarter"}, {"promise_due_at": timedelta(minutes=10)}),
        ({"until": "2025-03-01"}, {"at": now().replace(year=2025, month=2, day=27)}),
    ],
)
def test_a_filter_shows_what_it_asks_for(clear: Counter, asked: dict[str, str], fields: dict[str, Any]) -> None:
    """A span among the fields is one from now on."""
    at = {name: now() + value for name, value in fields.items() if isinstance(value, timedelta)}
    wanted = made(clear, **fields | at)
    made(clear, waiting_since=now(), promise_due_at=now() + timedelta(hours=9))
    assert ids(clear.people["agent"], StandingView.ALL, **asked) == [wanted.pk]
    assert ids(clear.people["supervisor"], StandingView.ALL, **asked) == [wanted.pk]


def test_a_filter_by_owner_team_account_brand_channel_and_tag_shows_what_it_asks_for(clear: Counter) -> None:
    supervisor, agent = clear.people["supervisor"], clear.people["agent"]
    account = make_account(team=make_team())
    wanted, _other = make_conversation(account=account, assignee=agent), made(clear)
    tag_conversation(wanted.pk, name="retard", by=None)
    questions = {
        "owner": str(agent.pk),
        "team": str(account.team_id),
        "account": str(account.pk),
        "brand": str(account.brand_id),
        "tag": "retard",
    }
    for name, text in questions.items():
        assert ids(supervisor, StandingView.ALL, **{name: text}) == [wanted.pk], name
    assert ids(supervisor, StandingView.ALL, channel="mastodon") == []
    assert ids(agent, StandingView.ALL, owner="me") == [wanted.pk]
    assert ids(agent, StandingView.ALL, owner="nobody") == [_other.pk]


def test_accounts_of_one_name_are_told_apart_by_their_brand(clear: Counter) -> None:
    for name in ("Maison", "Brûlerie"):
        make_account(name="Courriel", brand=make_brand(name=name))
    make_account(name="Forum", brand=make_brand(name="Autre"))
    names = {name for _pk, name in filter_choices(clear.people["administrator"]).named_accounts}
    assert {"Courriel, Maison", "Courriel, Brûlerie", "Forum"} <= names


def test_a_filter_by_another_team_shows_nothing_that_one_may_not_see(clear: Counter) -> None:
    elsewhere = make_conversation(account=make_account())
    assert ids(clear.people["agent"], StandingView.ALL, team=str(elsewhere.team_id)) == []


def test_a_filtered_list_is_read_to_its_end_page_by_page(clear: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.web.queries.inbox.pages._STEPS", (7, 20))
    start = now()
    wanted = [
        made(clear, at=start - timedelta(minutes=number), language="de" if number % 4 == 0 else "fr").pk
        for number in range(90)
    ][::4]
    listing = Listing(StandingView.ALL, filters=InboxFilters.read({"language": ["de"]}))
    found: list[int] = []
    after, is_cut = None, False
    while after or not found:
        page = inbox_page(clear.people["supervisor"], listing, after)
        found += [row.pk for row in page.rows]
        is_cut = is_cut or page.is_cut
        after = page.after
    assert found == wanted
    assert is_cut


def test_words_that_mean_nothing_are_not_asked() -> None:
    nonsense = {name: ["x" * 30] for name in ("account", "owner", "status", "waiting", "promise", "since")}
    assert not InboxFilters.read(nonsense | {"until": ["2025-13-45"], "text": ["\x00 "]})


def test_filters_survive_being_written_and_read() -> None:
    asked = {"channel": ["email", "chat"], "tag": ["é à"], "text": ["50 % & plus"], "owner": ["me"]}
    filters = InboxFilters.read(asked)
    assert InboxFilters.read(filters.written) == filters


def test_what_the_customer_said_since_one_looked_is_unread(clear: Counter) -> None:
    agent, one = clear.people["agent"], made(clear)
    said = make_incoming(one)
    Conversation.objects.filter(pk=one.pk).update(last_incoming_at=said.sent_at, waiting_since=said.sent_at)

    def is_unread() -> bool:
        return inbox_page(agent, Listing(StandingView.ALL)).rows[0].has_unread

    assert is_unread()
    mark_read(one.pk, agent=agent, up_to=said.sent_at)
    assert not is_unread()
    Conversation.objects.filter(pk=one.pk).update(last_incoming_at=said.sent_at + timedelta(seconds=1))
    assert is_unread()


def test_what_a_colleague_answered_long_ago_is_not_unread(clear: Counter) -> None:
    made(clear, last_incoming_at=now() - timedelta(days=1), waiting_since=None)
    assert not inbox_page(clear.people["agent"], Listing(StandingView.ALL)).rows[0].has_unread


def test_a_row_says_who_spoke_last(clear: Counter) -> None:
    agent = clear.people["agent"]
    one = made(clear, last_message_text="Elle part ce soir")
    make_outgoing(one, agent=agent)
    mine = client_of(agent).get("/inbox/all/").content.decode()
    theirs = client_of(clear.people["supervisor"]).get("/inbox/all/").content.decode()
    assert "Vous\u00a0:" in mine
    assert "Un\u00a0:" in theirs


def test_counts_are_those_of_the_lists_and_end_at_ninety_nine(clear: Counter) -> None:
    agent, supervisor = clear.people["agent"], clear.people["supervisor"]
    for number in range(PAGE * 4):
        made(clear, assignee=agent if number < 5 else None, language="de" if number % 3 == 0 else "fr")
    listings = {
        "mine": Listing(StandingView.MINE),
        "all": Listing(StandingView.ALL),
        "german": Listing(StandingView.ALL, filters=InboxFilters.read({"language": ["de"]})),
    }
    assert {name: str(one) for name, one in counts(agent, listings).items()} == {
        "mine": "5",
        "all": "99+",
        "german": "40",
    }
    assert str(counts(supervisor, listings)["mine"]) == "0"


def test_the_counts_are_told_by_name(counter: Counter) -> None:
    told = client_of(counter.people["agent"]).get("/inbox/counts/").json()
    assert (told["all"], told["mine"], told["to-see-to"]) == ("1", "0", "1")
    assert f"saved-{counter.shared_view.pk}" not in told


def test_the_counts_of_saved_views_are_told_while_their_menu_is_open(counter: Counter) -> None:
    told = client_of(counter.people["agent"]).get("/inbox/counts/?saved=yes").json()
    assert f"saved-{counter.shared_view.pk}" in told


def test_a_view_of_a_filter_that_does_not_exist_is_not_found(counter: Counter) -> None:
    assert client_of(counter.people["agent"]).get("/inbox/nothing/").status_code == 404


def test_a_list_names_what_narrows_it_and_what_is_left_without_it(counter: Counter) -> None:
    page = client_of(counter.people["agent"]).get("/inbox/all/?text=colis&visibility=public").content.decode()
    assert 'href="/inbox/all/?visibility=public"' in page
    assert 'href="/inbox/all/?text=colis"' in page


def test_another_agents_own_view_is_not_shown(counter: Counter) -> None:
    agent = make_agent(teams=[counter.team])
    client_of(agent).post("/inbox/views/", {"name": "Rien qu’à moi", "view": "mine"})
    assert "Rien qu’à moi" in client_of(agent).get("/inbox/all/").content.decode()
    assert "Rien qu’à moi" not in client_of(counter.people["agent"]).get("/inbox/all/").content.decode()


def test_a_row_says_how_a_call_stands_that_has_no_words(counter: Counter) -> None:
    called = make_conversation(account=counter.account)
    make_incoming(called, text="", kind="call", call_state="missed")
    page = client_of(counter.people["agent"]).get("/inbox/all/").content.decode()
    assert "Appel manqué" in page or "Missed call" in page


def test_a_visitor_without_a_name_is_on_the_list_as_one(clear: Counter) -> None:
    visitor = make_identity(channel="chat", external_id="v-0f5b0cfbc73d1f", name="", handle="")
    made(clear, identity=visitor)
    page = client_of(clear.people["administrator"]).get("/inbox/all/", headers={"Accept-Language": "fr"})
    assert "Visiteur 3d1f" in page.content.decode()
    assert "v-0f5b0cfb" not in page.content.decode()


@pytest.mark.parametrize(("scope", "is_said"), [("hook-key", True), ("", False)])
def test_beside_a_visitor_stands_whether_the_site_has_signed_them_in(clear: Counter, scope: str, is_said: bool) -> None:
    conversation = made(clear, identity=make_identity(channel="chat", external_id="4711", scope=scope))
    page = client_of(clear.people["administrator"]).get(f"/conversations/{conversation.pk}/person/")
    assert ("connecté sur votre site" in page.content.decode()) is is_said


def test_of_a_row_the_name_alone_is_a_link_and_the_words_describe_it(counter: Counter) -> None:
    page = client_of(counter.people["agent"]).get("/inbox/all/").content.decode()
    row = page.partition(f'id="row-{counter.conversation.pk}"')[2].partition("</li>")[0]
    link, _end, after = row.partition("<a ")[2].partition("</a>")
    assert counter.conversation.identity.name in link
    assert f'aria-describedby="of-{counter.conversation.pk}"' in link
    assert "row-words" not in link
    assert "row-words" in after.partition(f'id="of-{counter.conversation.pk}"')[2]


@pytest.mark.parametrize("status", ["open", "resolved"])
def test_a_row_shows_the_time_that_its_list_is_in_the_order_of(clear: Counter, status: str) -> None:
    one = made(clear, at=now() - timedelta(hours=5))
    make_incoming(one, sent_at=now() - timedelta(hours=3))
    Conversation.objects.filter(pk=one.pk).update(last_message_at=now() - timedelta(hours=1))
    if status == "resolved":
        Conversation.objects.update(status="resolved", resolved_at=now(), waiting_since=None)
    one.refresh_from_db()
    client = client_of(clear.people["agent"])
    said = f'<time datetime="{one.last_message_at.isoformat()}"'
    newest = client.get("/inbox/resolved/" if status == "resolved" else "/inbox/all/").content.decode()
    assert f'<span class="row-time">{said}' in newest
    assert ("data-since" in newest) is (status == "open")
    if one.waiting_since is not None:
        waits = f'<time datetime="{one.waiting_since.isoformat()}" data-since'
        assert newest.index(waits) < newest.index(said)
        Conversation.objects.update(last_message_at=one.waiting_since)
        assert f'<span class="row-time">{waits}' in client.get("/inbox/all/").content.decode()
        by_wait = client.get("/inbox/all/?sort=waiting").content.decode()
        assert f'<span class="row-time">{waits}' in by_wait
        assert said not in by_wait
