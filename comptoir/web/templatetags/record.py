"""How an entry of the record is put into words."""

from __future__ import annotations

import json

from django import template
from django.utils.translation import gettext as _

from comptoir.web.queries.record import Entry

register = template.Library()


@register.filter
def who_words(entry: Entry) -> str:
    """Who did it: a name where there is one, else what kind of actor."""
    if entry.who:
        return entry.who
    kinds = {
        "agent": _("A colleague"), "contact": _("A customer"), "token": _("An API token"), "bot": _("The bot"),
        "system": _("The system"),
    }  # fmt: skip
    return kinds.get(entry.event.actor_kind, entry.event.actor_kind)


@register.filter
def what_words(entry: Entry) -> str:
    """What was done, said plainly; an event without a sentence of its own is called by its noun."""
    noun = entry.event.name.partition(".")[0]
    nouns = {
        "conversation": _("A conversation changed"), "message": _("A message moved on"),
        "note": _("A note was written"),
        "agent": _("A colleague’s page changed"), "team": _("A team changed"), "brand": _("A brand changed"),
        "account": _("An account changed"), "contact": _("A customer’s page changed"), "clock": _("A promise moved on"),
        "token": _("An API token changed"), "webhook": _("A webhook changed"),
        "delivery": _("A delivery was read again"),
        "canned_response": _("An answer kept ready changed"), "macro": _("A macro changed, or was run"),
        "inbox_view": _("A saved view changed"), "draft": _("A colleague’s draft was taken over"),
        "invitation": _("An invitation to go on in private moved on"),
        "mention": _("A question in a note was put aside"), "attachments": _("Files were fetched"), "record": _("The record was taken away as a file"),
    }  # fmt: skip
    return _sentences().get(entry.event.name) or nouns.get(noun, entry.event.name)


def _sentences() -> dict[str, str]:
    return {
        "conversation.assigned": _("Conversation given"),
        "conversation.resolved": _("Conversation resolved"),
        "conversation.reopened": _("Conversation reopened"),
        "conversation.team_changed": _("Conversation passed to another team"),
        "conversation.tagged": _("Tag added"),
        "conversation.untagged": _("Tag removed"),
        "message.received": _("Message received"),
        "message.queued": _("Reply written"),
        "message.sent": _("Reply sent"),
        "message.failed": _("Reply failed"),
        "message.taken_back": _("Reply taken back"),
        "note.added": _("Note written"),
        "clock.breached": _("Promise broken"),
        "clock.stopped": _("Promise ended"),
        "agent.created": _("Colleague added"),
        "agent.invited": _("Colleague invited"),
        "agent.changed": _("Colleague’s role, teams or brands changed"),
        "agent.closed": _("Access closed"),
        "agent.opened": _("Access opened again"),
        "agent.link_made": _("Sign-in link made"),
        "agent.availability_changed": _("Presence changed"),
        "agent.second_factor_forgotten": _("Second factor taken away"),
        "agent.session_ended": _("Signed out elsewhere"),
        "account.connected": _("Account connected"),
        "account.disconnected": _("Account lost"),
        "account.reconnected": _("Account reconnected"),
        "account.paused": _("Account paused"),
        "account.resumed": _("Account resumed"),
        "account.hours_changed": _("Opening hours changed"),
        "token.created": _("API token made"),
        "token.revoked": _("API token revoked"),
        "record.exported": _("The record was taken away as a file"),
    }


@register.filter
def details_text(entry: Entry) -> str:
    """The details as they are kept."""
    return json.dumps(entry.event.details, ensure_ascii=False)[:2000]
