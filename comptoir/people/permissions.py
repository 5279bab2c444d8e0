"""What each role may do. The one table that views, API and commands ask."""

from __future__ import annotations

import enum

from comptoir.people.models import Agent


class Permission(enum.StrEnum):
    """One thing a person may or may not do."""

    READ_CONVERSATIONS = "read_conversations"
    SEE_EVERY_TEAM = "see_every_team"
    ANSWER = "answer"
    WRITE_NOTES = "write_notes"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    HAND_OFF = "hand_off"
    CONSULT = "consult"
    SET_UP = "set_up"
    REPLAY_DELIVERIES = "replay_deliveries"
    READ_RECORD = "read_record"
    SHARE_VIEWS = "share_views"
    MAKE_PROMISES = "make_promises"
    ARRANGE_ROUTING = "arrange_routing"
    CORRECT_READINGS = "correct_readings"
    TEACH = "teach"
    WRITE_ENTRIES = "write_entries"
    APPROVE_ENTRIES = "approve_entries"
    APPROVE_MARKETING_ENTRIES = "approve_marketing_entries"
    READ_FIGURES = "read_figures"
    READ_FIGURES_OF_AGENTS = "read_figures_of_agents"
    RUN_BOT = "run_bot"
    AUTOMATE = "automate"


_WORK = {
    Permission.READ_CONVERSATIONS,
    Permission.ANSWER,
    Permission.WRITE_NOTES,
    Permission.ASSIGN,
    Permission.RESOLVE,
    Permission.HAND_OFF,
    Permission.CONSULT,
    Permission.CORRECT_READINGS,
    Permission.WRITE_ENTRIES,
    Permission.READ_FIGURES,
}

GRANTS: dict[str, frozenset[Permission]] = {
    Agent.Role.AGENT: frozenset(_WORK),
    Agent.Role.COMMUNITY_MANAGER: frozenset(_WORK | {Permission.APPROVE_MARKETING_ENTRIES}),
    Agent.Role.EXPERT: frozenset(
        {Permission.READ_CONVERSATIONS, Permission.WRITE_NOTES, Permission.CORRECT_READINGS, Permission.WRITE_ENTRIES}
        | {Permission.HAND_OFF}
    ),
    Agent.Role.SUPERVISOR: frozenset(
        _WORK
        | {Permission.SEE_EVERY_TEAM, Permission.REPLAY_DELIVERIES, Permission.READ_RECORD, Permission.SHARE_VIEWS}
        | {Permission.MAKE_PROMISES, Permission.ARRANGE_ROUTING, Permission.TEACH, Permission.RUN_BOT}
        | {Permission.AUTOMATE}
        | {Permission.APPROVE_ENTRIES, Permission.APPROVE_MARKETING_ENTRIES, Permission.READ_FIGURES_OF_AGENTS}
    ),
    Agent.Role.DIRECTOR: frozenset(
        {Permission.READ_CONVERSATIONS, Permission.SEE_EVERY_TEAM}
        | {Permission.READ_FIGURES, Permission.READ_FIGURES_OF_AGENTS}
    ),
    Agent.Role.ADMINISTRATOR: frozenset(Permission),
    Agent.Role.READER: frozenset({Permission.READ_CONVERSATIONS}),
}


def may(agent: Agent, permission: Permission) -> bool:
    """Whether an active agent's role grants ``permission``."""
    return agent.is_active and permission in GRANTS[agent.role]
