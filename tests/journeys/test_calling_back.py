"""Having a customer called back, from a conversation on another channel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from comptoir.conversations.models import Conversation
from comptoir.desk.models import CallBack
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import complaints, too_wide
from tests.journeys.test_between_teams import look, open_

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def awa(fake_network: FakeNetwork) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    account = make_account(team=awa.teams.get())
    who = make_identity(name="Nadia Benali")
    made = make_conversation(account=account, identity=who, team=account.team, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit. Je suis joignable au 06 12 34 56 78 après 17 h.")
    make_account(kind="phone", brand=account.brand, own_id="+33123456789", name="Standard")
    return made


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_call_is_put_on_the_list_changed_and_settled(
    sign_in: SignIn, site: str, awa: Agent, conversation: Conversation, width: int, scheme: str
) -> None:
    page = sign_in(awa, viewport={"width": width, "height": 800}, color_scheme=scheme)
    open_(page, site, conversation)
    page.locator("#more-menu > summary").click()
    page.locator("#call-back").click()
    number = page.locator("#call-back-number")
    expect(number).to_be_focused()
    expect(number).to_have_value("06 12 34 56 78")
    look(page, f"call-back-form-{width}")
    assert complaints(page, "call back") == []
    assert width > 360 or too_wide(page, "call back") == []
    number.press("Enter")
    bridge = page.locator(".bridge")
    expect(bridge).to_contain_text("06 12 34 56 78")
    look(page, f"call-back-{width}")
    assert complaints(page, "called back") == []
    page.goto(f"{site}/asked/")
    expect(page.locator(".bridge")).to_contain_text("06 12 34 56 78")
    look(page, f"call-back-list-{width}")
    assert complaints(page, "list of calls") == []
    open_(page, site, conversation)
    bridge.locator("details > summary").click()
    look(page, f"call-back-ending-{width}")
    page.locator("button[value=reached]").click()
    expect(bridge).to_have_count(0)
    expect(page.locator("#exchange")).to_contain_text("06 12 34 56 78")
    look(page, f"call-back-ended-{width}")
    assert CallBack.objects.get().state == "reached"
