"""What each role is for, in a sentence: for whoever invites, and for whoever is invited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROLE_MEANINGS: dict[str, StrOrPromise] = {
    Agent.Role.AGENT: _("Answers customers: replies, notes, hands over, closes."),
    Agent.Role.COMMUNITY_MANAGER: _("Answers customers as an adviser does, and approves marketing’s answers."),
    Agent.Role.EXPERT: _("Gives an opinion where asked, in notes; does not write to customers."),
    Agent.Role.SUPERVISOR: _("Runs the counter: every team, promises, routing, automations, the bot, approvals."),
    Agent.Role.DIRECTOR: _("Reads every conversation and the figures; changes nothing."),
    Agent.Role.ADMINISTRATOR: _("May do everything, and sets up: people, accounts, brands, programs."),
    Agent.Role.READER: _("Reads the conversations of their teams; writes nothing."),
}
