"""What a token may be used for, on top of what its agent may do."""

from __future__ import annotations

import enum


class Scope(enum.StrEnum):
    """One kind of use."""

    ACCOUNTS_READ = "accounts:read"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    MESSAGES_WRITE = "messages:write"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    EVENTS_READ = "events:read"
    FIGURES_READ = "figures:read"
    AUTOMATIONS_READ = "automations:read"
    AUTOMATIONS_WRITE = "automations:write"
    WEBHOOKS_WRITE = "webhooks:write"
    ROUTING_WRITE = "routing:write"
    ADMIN = "admin"
