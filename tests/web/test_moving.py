"""The screens of moving conversations: what is answered, and whose things are whose."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from comptoir.automations.actions import save_macro
from comptoir.channels.models import ThreadHolder
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import reopen_conversation
from comptoir.desk.bulk import go_on
from comptoir.desk.models import BulkAct
from comptoir.sla.actions import start_clocks
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.fake_network import FakeNetwork
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


@pytest.fixture
def client(counter: Counter) -> Any:
    return client_of(counter.people["agent"])


def address(counter: Counter, act: str) -> str:
    return f"/conversations/{counter.conversation.pk}/{act}/"


def way_back(answer: Any) -> dict[str, str]:
    """What the toast's button posts."""
    [kept] = re.findall(r'name="way_back" value="([^"]+)"', answer.content.decode())
    return {"way_back": kept}


def test_what_is_resolved_by_mistake_waits_again_with_its_promise(counter: Counter, client: Any) -> None:
    waits = make_conversation(account=counter.account)
    make_incoming(waits)
    start_clocks({waits.pk: now()})
    waits.refresh_from_db()
    before = (waits.status, waits.waiting_since, waits.promise_due_at)
    answer = client.post(f"/conversations/{waits.pk}/resolve/", headers=htmx())
    assert '"then": "next"' in answer.headers["HX-Trigger"]
    waits.refresh_from_db()
    assert (waits.status, waits.waiting_since, waits.promise_due_at) == ("resolved", None, None)
    assert client.post(f"/conversations/{waits.pk}/take-back/", way_back(answer), headers=htmx()).status_code == 200
    waits.refresh_from_db()
    assert None not in before
    assert (waits.status, waits.waiting_since, waits.promise_due_at) == before


@pytest.mark.parametrize(("act", "posted"), [("snooze", {"end": "reply"}), ("spam", {"spam": "block"})])
def test_what_was_put_away_can_be_taken_back_too(
    counter: Counter, client: Any, act: str, posted: dict[str, str]
) -> None:
    answer = client.post(address(counter, act), posted, headers=htmx())
    client.post(address(counter, "take-back"), way_back(answer), headers=htmx())
    again = Conversation.objects.get(pk=counter.conversation.pk)
    assert (again.status, again.is_spam) == ("open", False)


def test_nothing_is_taken_back_over_the_head_of_whoever_has_gone_on(counter: Counter, client: Any) -> None:
    answer = client.post(address(counter, "resolve"), headers=htmx())
    reopen_conversation(counter.conversation.pk, by=counter.people["supervisor"])
    refused = client.post(address(counter, "take-back"), way_back(answer), headers=htmx())
    assert refused.status_code == 409


def test_the_way_back_is_for_whom_it_was_given_and_for_what(counter: Counter, client: Any) -> None:
    answer = client.post(address(counter, "resolve"), headers=htmx())
    other = make_conversation(account=counter.account)
    colleague = client_of(counter.people["supervisor"])
    assert colleague.post(address(counter, "take-back"), way_back(answer), headers=htmx()).status_code == 404
    assert client.post(f"/conversations/{other.pk}/take-back/", way_back(answer), headers=htmx()).status_code == 404
    assert Conversation.objects.get(pk=counter.conversation.pk).status == "resolved"


def test_what_follows_a_resolution_is_the_agents_choice(counter: Counter, client: Any) -> None:
    client.post("/conversations/after-resolving/", {"after": "stay"}, headers=htmx())
    answer = client.post(address(counter, "resolve"), headers=htmx())
    assert '"then": "stay"' in answer.headers["HX-Trigger"]


def test_a_moment_that_was_typed_in_is_of_the_zone_shown(counter: Counter, client: Any) -> None:
    client.post(address(counter, "snooze"), {"end": "until", "until": "2031-07-01T09:30"}, headers=htmx())
    until = Conversation.objects.get(pk=counter.conversation.pk).snoozed_until
    assert until is not None
    assert until.isoformat() == "2031-07-01T07:30:00+00:00"


@pytest.mark.parametrize("typed", ["", "tomorrow", "2001-01-01T00:00", "2031-13-45T99:99"])
def test_what_is_no_moment_to_come_is_refused_in_words(counter: Counter, client: Any, typed: str) -> None:
    answer = client.post(address(counter, "snooze"), {"end": "until", "until": typed}, headers=htmx())
    assert answer.status_code == 409


def test_colleagues_of_one_name_are_told_apart_by_their_address(counter: Counter, client: Any) -> None:
    for number in (1, 2):
        make_agent(name="Marie Martin", teams=[counter.team], email=f"marie{number}@maison.example")
    page = client.get(address(counter, "receivers")).content.decode()
    assert "marie1@maison.example" in page
    assert "marie2@maison.example" in page
    assert counter.people["supervisor"].user.email not in page


def test_suggested_tags_begin_with_what_is_typed_and_are_not_there_yet(counter: Counter, client: Any) -> None:
    for name in ("livraison", "lot perdu"):
        client.post(f"/conversations/{make_conversation(account=counter.account).pk}/tag/", {"name": name})
    client.post(address(counter, "tag"), {"name": "Livraison"})
    page = client.get(address(counter, "tags"), {"name": "l"}).content.decode()
    assert 'value="lot perdu"' in page
    assert 'value="livraison"' not in page


def bulk(client: Any, **posted: Any) -> Any:
    return client.post("/bulk/", {"act": "resolve", "key": str(uuid.uuid4())} | posted, headers=htmx())


def test_a_selection_is_done_followed_and_undone(counter: Counter, client: Any) -> None:
    ids = [make_conversation(account=counter.account).pk for _number in range(3)]
    answer = bulk(client, ids=",".join(map(str, ids)))
    asked = BulkAct.objects.get()
    assert f"/bulk/{asked.pk}/" in answer.content.decode()
    go_on(asked.pk, most=10)
    assert "3 conversations" in client.get(f"/bulk/{asked.pk}/").content.decode()
    client.post(f"/bulk/{asked.pk}/undo/", headers=htmx())
    go_on(asked.pk, most=10)
    assert Conversation.objects.filter(pk__in=ids, status="open").count() == 3


def test_everything_on_a_list_is_asked_about_before_it_is_done(counter: Counter, client: Any) -> None:
    for number in range(3):
        make_incoming(make_conversation(account=counter.account), text=f"colis {number}")
    posted = {"everything": "yes", "choice": "view=all&text=colis"}
    asked = bulk(client, **posted).content.decode()
    assert "3 conversations" in asked
    assert not BulkAct.objects.exists()
    bulk(client, **posted, confirmed="yes")
    assert BulkAct.objects.get().total == 3


def test_nobody_follows_or_undoes_anothers_bulk_act(counter: Counter, client: Any) -> None:
    bulk(client, ids=str(counter.conversation.pk))
    asked = BulkAct.objects.get()
    other = client_of(counter.people["administrator"])
    assert other.get(f"/bulk/{asked.pk}/").status_code == 404
    assert other.post(f"/bulk/{asked.pk}/undo/").status_code == 404


def test_a_macro_is_made_run_and_deleted(counter: Counter, client: Any) -> None:
    client.post("/macros/new/", {"name": "Vu", "act-0": "tag", "name-0": "vu", "act-1": "snooze", "end-1": "hour"})
    (macro,) = client.get("/macros/at-hand/").json()["macros"]
    answer = client.post(address(counter, "macro"), {"macro": macro["id"], "key": uuid.uuid4()}, headers=htmx())
    assert answer.status_code == 204
    conversation = Conversation.objects.get(pk=counter.conversation.pk)
    assert conversation.tags.get().name == "vu"
    assert conversation.snoozed_until is not None
    assert now() < conversation.snoozed_until < now() + timedelta(hours=2)
    client.post(f"/macros/{macro['id']}/delete/")
    assert client.get("/macros/at-hand/").json() == {"macros": []}


def test_what_is_missing_in_a_macro_is_said_and_what_was_typed_is_kept(counter: Counter, client: Any) -> None:
    answer = client.post("/macros/new/", {"name": "Accueil", "act-0": "reply", "text-0": " "})
    assert answer.status_code == 422
    assert "Accueil" in answer.content.decode()


def test_a_refused_macro_says_why(counter: Counter, client: Any) -> None:
    by = counter.people["agent"]
    macro = save_macro(None, name="x", acts=[{"act": "reply", "text": "{weather}"}], is_shared=False, by=by)
    answer = client.post(address(counter, "macro"), {"macro": macro.pk}, headers=htmx())
    assert answer.status_code == 409
    assert "{weather}" in answer.content.decode()


def test_two_conversations_are_merged_on_their_screen(counter: Counter, client: Any) -> None:
    other = make_conversation(account=counter.account, identity=counter.conversation.identity)
    make_incoming(other, text="Et ma facture ?")
    assert "Et ma facture ?" in client.get(address(counter, "merge")).content.decode()
    client.post(address(counter, "merge"), {"gone": other.pk})
    assert counter.conversation.messages.filter(text="Et ma facture ?").exists()
    client.post(f"/conversations/{other.pk}/unmerge/")
    assert other.messages.count() == 1


def test_only_what_one_sees_can_be_merged(counter: Counter, client: Any) -> None:
    hidden = make_conversation(identity=counter.conversation.identity)
    assert client.post(address(counter, "merge"), {"gone": hidden.pk}).status_code == 404


def test_messages_are_split_off_on_their_screen(counter: Counter, client: Any) -> None:
    conversation = make_conversation(account=counter.account)
    first, second = make_incoming(conversation), make_incoming(conversation, text="Autre chose")
    make_outgoing(conversation)
    answer = client.post(f"/conversations/{conversation.pk}/split/", {"message": [second.pk]})
    other = Conversation.objects.get(messages=second)
    assert answer.headers["Location"] == f"/conversations/{other.pk}/#conversation-title"
    assert conversation.messages.filter(pk=first.pk).exists()


# --- an exchange that another application may hold ------------------------------------------------------------------


def shared(counter: Counter, **held: Any) -> Conversation:
    """A private exchange on Messenger, and who holds it."""
    account = make_account(kind="messenger")
    conversation = make_conversation(account=account, team=counter.team, thread_id="7001")
    make_incoming(conversation)
    if held:
        at = now() - timedelta(hours=1)
        ThreadHolder.objects.create(account=account, thread_id="7001", since_at=at, told_at=at, **held)
    return conversation


def test_the_head_says_which_application_goes_on_and_offers_to_take_it_back(counter: Counter, client: Any) -> None:
    conversation = shared(counter, is_ours=False, application="Meta Business Suite")
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Meta Business Suite" in page
    assert 'id="take-thread"' in page
    assert f"/conversations/{conversation.pk}/thread/pass/" not in page


def test_an_exchange_of_ours_can_only_be_passed_on(counter: Counter, client: Any) -> None:
    conversation = shared(counter, is_ours=True)
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert 'id="holder"' not in page
    assert f"/conversations/{conversation.pk}/thread/pass/" in page
    assert f"/conversations/{conversation.pk}/thread/take/" not in page


def test_whoever_asks_for_an_exchange_of_ours_is_named_and_given_it_at_one_press(counter: Counter, client: Any) -> None:
    conversation = shared(counter, is_ours=True, asked_by="Meta Business Suite", asked_at=now())
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Meta Business Suite" in page
    assert 'id="pass-thread"' in page


def test_who_may_not_answer_sees_who_holds_it_and_cannot_take_it(counter: Counter) -> None:
    conversation = shared(counter, is_ours=False)
    page = client_of(counter.people["director"]).get(f"/conversations/{conversation.pk}/").content.decode()
    assert 'id="holder"' in page
    assert 'id="take-thread"' not in page


@pytest.fixture
def wrong_box(counter: Counter, fake_network: FakeNetwork) -> Conversation:
    """A mail that should have gone to another mailbox."""
    made = make_conversation(account=counter.account, team=counter.account.team)
    make_incoming(made)
    return made


def test_a_conversation_is_moved_to_another_account(counter: Counter, client: Any, wrong_box: Conversation) -> None:
    other = make_account(name="SAV", team=counter.account.team, kind=counter.account.kind)
    address = f"/conversations/{wrong_box.pk}/account/"
    assert "SAV" in client.get(address).content.decode()
    answer = client.post(address, {"to": other.pk, "reason": "Mauvaise boîte"})
    assert answer.headers["Location"] == f"/conversations/{wrong_box.pk}/#conversation-title"
    wrong_box.refresh_from_db()
    assert wrong_box.account == other
    page = client.get(f"/conversations/{wrong_box.pk}/").content.decode()
    assert "a déplacé la conversation vers SAV" in page


def test_whoever_cannot_follow_it_goes_back_to_the_list(counter: Counter, client: Any, wrong_box: Conversation) -> None:
    other = make_account(name="SAV", team=make_team(), kind=counter.account.kind)
    answer = client.post(f"/conversations/{wrong_box.pk}/account/", {"to": other.pk})
    assert answer.headers["Location"] == "/"


def test_a_refused_move_says_why_and_keeps_what_was_written(
    counter: Counter, client: Any, wrong_box: Conversation
) -> None:
    make_outgoing(wrong_box, state="queued", external_id=None)
    other = make_account(name="SAV", team=counter.account.team, kind=counter.account.kind)
    asked = {"to": other.pk, "reason": "Mauvaise boîte"}
    answer = client.post(f"/conversations/{wrong_box.pk}/account/", asked)
    assert answer.status_code == 422
    assert "Une réponse est en train de partir" in answer.content.decode()
    assert 'value="Mauvaise boîte"' in answer.content.decode()


def test_where_the_network_keeps_an_exchange_the_menu_says_why_in_the_buttons_place(
    client: Any, counter: Counter
) -> None:
    here, _there = (
        make_account(kind="messenger", brand=counter.account.brand, team=counter.account.team) for _n in "ab"
    )
    stays = make_conversation(account=here, team=here.team)
    page = client.get(f"/conversations/{stays.pk}/").content.decode()
    assert "Messenger connaît ce client par un identifiant propre à cette Page" in page
    assert 'id="move-account"' not in page
    asked = client.get(f"/conversations/{stays.pk}/account/").content.decode()
    assert "aucune autre Page ne peut lui écrire. Passez plutôt le relais" in asked


def test_where_there_is_no_other_account_nothing_is_said_of_moving(client: Any, counter: Counter) -> None:
    account = make_account(kind="messenger", brand=counter.account.brand, team=counter.account.team)
    page = client.get(f"/conversations/{make_conversation(account=account, team=account.team).pk}/").content.decode()
    assert 'id="stays-on-account"' not in page
    assert 'id="move-account"' not in page
