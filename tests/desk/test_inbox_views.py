"""Saved views: whose they are, and who may change them."""

from __future__ import annotations

import pytest

from comptoir.desk.errors import EmptyTextError, NameTakenError, NotYoursError
from comptoir.desk.inbox_views import (
    change_inbox_view,
    delete_inbox_view,
    rename_inbox_view,
    save_inbox_view,
    share_inbox_view,
)
from comptoir.desk.models import InboxView
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


def saved(by: Agent, name: str = "Colis", *, is_shared: bool = False) -> InboxView:
    return save_inbox_view(name=name, filters={"text": ["colis"]}, sort="newest", by=by, is_shared=is_shared)


def test_a_view_is_kept_for_whoever_made_it() -> None:
    agent = make_agent()
    view = saved(agent, "  Colis \x00 perdus ")
    assert (view.name, view.owner, view.filters) == ("Colis perdus", agent, {"text": ["colis"]})
    assert Event.objects.filter(name="inbox_view.saved").count() == 1


def test_a_view_without_a_name_is_refused() -> None:
    with pytest.raises(EmptyTextError):
        saved(make_agent(), " \x00 ")


def test_two_views_of_one_agent_have_two_names() -> None:
    agent = make_agent()
    saved(agent)
    with pytest.raises(NameTakenError):
        saved(agent)
    assert saved(make_agent()).name == "Colis"


def test_an_agent_may_not_share() -> None:
    with pytest.raises(NotYoursError):
        saved(make_agent(), is_shared=True)


def test_a_shared_view_is_changed_by_those_who_may_share_alone() -> None:
    view = saved(make_agent(role="supervisor"), is_shared=True)
    assert view.owner is None
    with pytest.raises(NotYoursError):
        rename_inbox_view(view.pk, name="À moi", by=make_agent())
    assert rename_inbox_view(view.pk, name="Retards", by=make_agent(role="administrator")).name == "Retards"


def test_anothers_own_view_does_not_exist_even_for_a_supervisor() -> None:
    view = saved(make_agent())
    supervisor = make_agent(role="supervisor")
    for act in (
        lambda: rename_inbox_view(view.pk, name="Vu", by=supervisor),
        lambda: change_inbox_view(view.pk, filters={}, sort="", by=supervisor),
        lambda: share_inbox_view(view.pk, is_shared=True, by=supervisor),
        lambda: delete_inbox_view(view.pk, by=supervisor),
    ):
        with pytest.raises(InboxView.DoesNotExist):
            act()


def test_a_view_shown_otherwise_keeps_its_name() -> None:
    agent = make_agent()
    view = change_inbox_view(saved(agent).pk, filters={"language": ["de"]}, sort="waiting", by=agent)
    assert (view.name, view.filters, view.sort) == ("Colis", {"language": ["de"]}, "waiting")


def test_what_is_shared_can_be_kept_for_oneself_again() -> None:
    supervisor = make_agent(role="supervisor")
    view = saved(supervisor)
    assert share_inbox_view(view.pk, is_shared=True, by=supervisor).owner is None
    assert share_inbox_view(view.pk, is_shared=False, by=supervisor).owner == supervisor


def test_a_deleted_view_is_gone_and_recorded() -> None:
    agent = make_agent()
    delete_inbox_view(saved(agent).pk, by=agent)
    assert not InboxView.objects.exists()
    assert Event.objects.filter(name="inbox_view.deleted").exists()
