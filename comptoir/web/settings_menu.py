"""The settings' one place: what there is to set, for whom, and under which heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.search_words import folded
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_SETTING_UP = (Permission.SET_UP,)
_PROMISING = (Permission.MAKE_PROMISES,)
_ROUTING = (Permission.ARRANGE_ROUTING,)
_TEACHING = (Permission.TEACH,)
_RUNNING_BOT = (Permission.RUN_BOT,)
_AUTOMATING = (Permission.AUTOMATE,)
_WATCHING = (Permission.SET_UP, Permission.REPLAY_DELIVERIES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen; ``within`` are the addresses that belong to it, ``permissions`` any of those that open it."""

    address: str
    label: Promise
    says: Promise
    permissions: Sequence[Permission] = ()
    within: frozenset[str] = frozenset()

    def is_for(self, agent: Agent) -> bool:
        return not self.permissions or any(may(agent, permission) for permission in self.permissions)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    label: Promise
    entries: Sequence[Entry] = field(default_factory=tuple)


GROUPS: Sequence[Group] = (
    Group(
        _("You"),
        (
            Entry("me", _("Profile and hours"), _("Your language, your hours, how colleagues see you.")),
            Entry(
                "notification_choices",
                _("What I am told"),
                _("What you hear of, how, and your quiet hours."),
                within=frozenset({"notifications"}),
            ),
            Entry(
                "safety",
                _("Signing in"),
                _("Password, second factor, passkeys, and where you are signed in."),
                within=frozenset({"end_session", "end_other_sessions"}),
            ),
            Entry(
                "canned_responses",
                _("Answers kept ready"),
                _("What you write often, called by / where you write."),
                (Permission.ANSWER,),
                frozenset({"new_canned_response", "canned_response"}),
            ),
            Entry(
                "macros",
                _("Macros"),
                _("Several acts under one name, done at one press."),
                (Permission.ASSIGN,),
                frozenset({"new_macro", "macro"}),
            ),
            Entry(
                "keys",
                _("My keys"),
                _("What each key does when you are not writing."),
                (Permission.READ_CONVERSATIONS,),
            ),
        ),
    ),
    Group(
        _("The counter"),
        (
            Entry(
                "guide",
                _("First steps"),
                _("From an empty counter to a first reply."),
                _SETTING_UP,
                frozenset({"guide_test", "leave_guide"}),
            ),
            Entry(
                "brands",
                _("Brands"),
                _("What customers talk about: name, language, time zone."),
                _SETTING_UP,
                frozenset({"new_brand", "edit_brand", "known_names"}),
            ),
            Entry(
                "accounts",
                _("Accounts"),
                _("Pages, mailboxes and numbers, their health and their hours."),
                _WATCHING,
                frozenset(
                    {
                        "account",
                        "choose_kind",
                        "connect",
                        "reconnect_account",
                        "edit_account",
                        "account_hours",
                        "sign_in_to_network",
                        "choose_offered",
                    }
                ),
            ),
            Entry(
                "routing_rules",
                _("Who gets it"),
                _("Which team a message goes to, and how much it presses."),
                _ROUTING,
                frozenset({"new_routing_rule", "routing_rule"}),
            ),
            Entry(
                "automations",
                _("Automations"),
                _("What is done by itself when something happens or time has passed."),
                _AUTOMATING,
                frozenset({"new_automation", "automation", "automation_runs"}),
            ),
            Entry(
                "promises",
                _("Promises"),
                _("How soon customers are answered, and which of them."),
                _PROMISING,
                frozenset({"new_promise", "promise"}),
            ),
            Entry(
                "calendars",
                _("Calendars"),
                _("Opening hours, holidays and exceptional days."),
                _PROMISING,
                frozenset({"new_calendar", "calendar"}),
            ),
            Entry(
                "contact_reasons",
                _("Contact reasons"),
                _("Why customers write, as your company sorts it."),
                _TEACHING,
                frozenset({"new_contact_reason", "contact_reason"}),
            ),
            Entry(
                "readings",
                _("Readings"),
                _("What the machine reads in messages, what you corrected, what it learnt."),
                _TEACHING,
            ),
            Entry(
                "bot",
                _("Bot"),
                _("What it may do on each account, how right it was, and the switch that stops it."),
                _RUNNING_BOT,
                frozenset({"account_bot"}),
            ),
            Entry(
                "account_figures",
                _("Where customers are"),
                _("What each network counts, and how far you depend on one of them."),
                _WATCHING,
            ),
        ),
    ),
    Group(
        _("Team"),
        (
            Entry("colleagues", _("Who is here"), _("Colleagues, their teams, and who is available.")),
            Entry(
                "people",
                _("People"),
                _("Who works here, what they may do and see."),
                _SETTING_UP,
                frozenset({"new_agent", "agent", "close_agent"}),
            ),
            Entry(
                "teams",
                _("Teams"),
                _("Who answers together, and for what."),
                _SETTING_UP,
                frozenset({"new_team", "edit_team"}),
            ),
            Entry(
                "routing_teams",
                _("How teams share their work"),
                _("By hand, in turn or by load; what happens when nobody is free."),
                _ROUTING,
                frozenset({"routing_team", "routing_weights"}),
            ),
            Entry(
                "routing_agents",
                _("Skills and load"),
                _("What each colleague does well, and how much at once."),
                _ROUTING,
                frozenset({"routing_agent", "new_skill"}),
            ),
        ),
    ),
    Group(
        _("Other programs"),
        (
            Entry(
                "tokens",
                _("API tokens"),
                _("What lets a program read and write here."),
                _SETTING_UP,
                frozenset({"new_token"}),
            ),
            Entry(
                "webhooks",
                _("Webhooks"),
                _("Addresses that are told what happens here."),
                _SETTING_UP,
                frozenset({"new_webhook", "webhook", "edit_webhook"}),
            ),
        ),
    ),
    Group(
        _("Logs"),
        (
            Entry("record", _("The record"), _("Who did what, and when."), (Permission.READ_RECORD,)),
            Entry(
                "deliveries",
                _("Set aside"),
                _("What a network delivered and we could not read."),
                (Permission.REPLAY_DELIVERIES,),
                frozenset({"delivery"}),
            ),
        ),
    ),
)


#: Screens of the rail that the command bar does not carry on every page.
_BESIDE = (
    Entry("floor", _("Floor"), _("Who is here, what waits and what is promised, now."), (Permission.SEE_EVERY_TEAM,)),
    Entry("arbitration", _("Arbitration"), _("What the bot decided, to be ruled on."), (Permission.ANSWER,)),
)
#: Those it does carry (`templatetags.finding`).
_AT_HAND = frozenset({"accounts", "people", "deliveries", "me", "keys"})


def screens_called(agent: Agent, typed: str) -> list[Entry]:
    """Screens that this person may open, whose name or description has what was typed; those so named first."""
    wanted = folded(typed)
    entries = [*_BESIDE, *(entry for group in GROUPS for entry in group.entries if entry.address not in _AT_HAND)]
    open_to = [entry for entry in entries if entry.is_for(agent)]
    named = [entry for entry in open_to if wanted in folded(str(entry.label))]
    return [*named, *(one for one in open_to if one not in named and wanted in folded(str(one.says)))]


def menu_for(agent: Agent) -> list[tuple[Promise, list[Entry]]]:
    """The headings with what this person may open."""
    groups = [(group.label, [entry for entry in group.entries if entry.is_for(agent)]) for group in GROUPS]
    return [(label, entries) for label, entries in groups if entries]
