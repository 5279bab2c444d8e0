"""Why a promise is due when it is, asked beside the conversation, by keyboard."""

from __future__ import annotations

import pytest

from comptoir.desk.actions import tag_conversation
from comptoir.sla.models import SLAClock
from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day
from tests.journeys.test_accessibility import seen_both_ways

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_unfolded_stays_while_the_pane_changes(sign_in: SignIn, site: str) -> None:
    agent, _exchange = ordinary_day()
    page = sign_in(agent)
    pk = SLAClock.objects.filter(stopped_at=None).latest("id").conversation_id
    page.goto(f"{site}/conversations/{pk}/")
    page.locator("#why-due summary").focus()
    page.keyboard.press("Enter")
    page.locator("#why-due ol").wait_for()
    tag_conversation(pk, name="relance", by=agent)
    page.locator("#person .tag", has_text="relance").wait_for()
    page.locator("#why-due ol").wait_for()
    assert page.evaluate("document.activeElement.parentElement.id") == "why-due"
    assert seen_both_ways(page, "why due") == []
