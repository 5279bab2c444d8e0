"""How an entry of the record is put into words."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _

from comptoir.web.queries.record import Entry
from comptoir.web.wording_record import THINGS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()


@register.filter
def who_words(entry: Entry) -> str:
    """Who did it: a name where there is one, else what kind of actor."""
    if entry.who:
        return entry.who
    kinds = {
        "agent": _("A colleague"), "contact": _("A customer"), "token": _("An API token"), "bot": _("The bot"),
        "system": _("The system"), "automation": _("An automation"),
    }  # fmt: skip
    return str(kinds.get(entry.event.actor_kind, entry.event.actor_kind))


@register.filter
def what_words(entry: Entry) -> str:
    """What was done, said plainly; an event without a sentence of its own is called by its noun."""
    noun = entry.event.name.partition(".")[0]
    return str(_sentences().get(entry.event.name) or _nouns().get(noun, entry.event.name))


@cache
def _nouns() -> dict[str, StrOrPromise]:
    return {
        "conversation": _("A conversation changed"), "message": _("A message moved on"),
        "note": _("A note was written"), "hand_off": _("A hand-off moved on"),
        "consultation": _("A question to an expert moved on"), "matter": _("A matter moved on"),
        "agent": _("A colleague’s page changed"), "team": _("A team changed"), "brand": _("A brand changed"),
        "account": _("An account changed"), "contact": _("A customer’s page changed"),
        "clock": _("A promise moved on"), "policy": _("A promise was changed"),
        "rule": _("A routing rule changed"), "skill": _("A skill changed"),
        "weights": _("What conversations weigh changed"),
        "calendar": _("A calendar changed"), "promises": _("Running promises were computed anew"),
        "token": _("An API token changed"), "webhook": _("A webhook changed"),
        "delivery": _("A delivery was read again"),
        "canned_response": _("An answer kept ready changed"), "macro": _("A macro changed, or was run"),
        "inbox_view": _("A saved view changed"), "draft": _("A colleague’s draft was taken over"),
        "invitation": _("An invitation to go on in private moved on"),
        "mention": _("A question in a note was put aside"), "attachments": _("Files were fetched"),
        "record": _("The record was taken away as a file"),
        "analysis": _("What was read in a message was corrected"),
        "contact_reason": _("A contact reason changed"),
        "decision": _("The bot decided"), "bot": _("What the bot may do changed"),
        "entry": _("An entry of the catalogue changed"),
    }  # fmt: skip


@cache
def _sentences() -> dict[str, StrOrPromise]:
    return _sentences_of_serving() | _sentences_of_work() | _sentences_of_setting_up()


def _sentences_of_serving() -> dict[str, StrOrPromise]:
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
        "clock.mended": _("Broken promise taken back: not due yet"),
        "clock.stopped": _("Promise ended"),
        "clock.waived": _("Promise ended: no answer needed"),
        "clock.warned": _("Promise about to be broken, or late: warning given"),
        "clock.moved": _("Promise due at another time"),
        "clock.paused": _("Promise paused: we wait for the customer"),
        "clock.resumed": _("Promise runs on"),
        "policy.webhooks_chosen": _("Webhooks of a promise’s warnings chosen"),
        "conversation.help_called": _("Help called for"),
        "conversation.priority_raised": _("Conversation more urgent"),
        "conversation.priority_lowered": _("Conversation less urgent"),
        "conversation.pointed_out": _("Conversation pointed out by an automation"),
        "agent.created": _("Colleague added"),
        "agent.invited": _("Colleague invited"),
        "agent.changed": _("Colleague’s role, teams or brands changed"),
        "agent.closed": _("Access closed"),
        "agent.opened": _("Access opened again"),
        "agent.link_made": _("Sign-in link made"),
        "agent.availability_changed": _("Presence changed"),
        "agent.second_factor_forgotten": _("Second factor taken away"),
        "agent.session_ended": _("Signed out elsewhere"),
        "agent.company_account_linked": _("Known by the company’s account from now on"),
        "account.connected": _("Account connected"),
        "account.disconnected": _("Account lost"),
        "account.reconnected": _("Account reconnected"),
        "account.left": _("Account disconnected for good"),
        "account.paused": _("Account paused"),
        "account.resumed": _("Account resumed"),
        "account.hours_changed": _("Opening hours changed"),
        "account.opened": _("Account opened by its network"),
        "account.application_registered": _("Comptoir registered at the network"),
        "account.signed_in": _("Signed in to the network"),
        "account.fell_silent": _("Account fell silent"),
        "account.spoke_again": _("Account speaks again"),
        "account.subscription_lost": _("Network stopped delivering"),
        "account.subscribed": _("Network delivers again"),
        "account.clock_differs": _("Clock found to differ from the network’s"),
        "account.clock_agrees": _("Clock agrees with the network’s again"),
        "account.held_up": _("Nothing leaves an account"),
        "account.leaves_again": _("What was held up leaves again"),
        "history.read": _("Account’s history read"),
        "history.failed": _("Account’s history could not be read"),
        "token.created": _("API token made"),
        "token.revoked": _("API token revoked"),
        "record.exported": _("The record was taken away as a file"),
        "figures.exported": _("Figures were taken away as a file"),
    }


def _sentences_of_work() -> dict[str, StrOrPromise]:
    return {
        "conversation.started": _("Conversation begun"),
        "conversation.routed": _("Conversation routed by rules"),
        "conversation.bounced": _("Conversation handed from team to team"),
        "hand_off.offered": _("Conversation offered to another team"),
        "hand_off.accepted": _("Hand-off accepted"),
        "hand_off.refused": _("Hand-off refused"),
        "hand_off.answered": _("Hand-off given back with an answer"),
        "hand_off.withdrawn": _("Hand-off taken back"),
        "consultation.asked": _("Expert asked"),
        "consultation.reminded": _("Expert reminded"),
        "consultation.answered": _("Expert answered"),
        "consultation.withdrawn": _("Question to an expert taken back"),
        "consultation.escalated": _("Expert did not answer in time"),
        "consultation.unsent": _("Question to an expert could not be mailed"),
        "matter.opened": _("Matter opened"),
        "matter.joined": _("Conversation joined to a matter"),
        "matter.parted": _("Conversation taken out of a matter"),
        "matter.changed": _("Matter changed"),
        "matter.resolved": _("Matter resolved"),
        "matter.reopened": _("Matter reopened"),
        "conversation.named": _("Conversation called by the name of its channel"),
        "conversation.snoozed": _("Conversation put away until later"),
        "conversation.woken": _("Conversation back from later"),
        "conversation.held": _("Conversation pending"),
        "conversation.marked_spam": _("Conversation put with the spam"),
        "conversation.cleared_of_spam": _("Conversation taken out of the spam"),
        "conversation.thread_passed": _("Exchange passed to another application"),
        "conversation.thread_requested": _("Exchange asked for by another application"),
        "conversation.thread_taken": _("Exchange taken back from another application"),
        "conversation.merged": _("Conversations merged"),
        "conversation.merged_away": _("Conversation merged into another"),
        "conversation.unmerged": _("Merging of conversations undone"),
        "conversation.split": _("Conversation split"),
        "conversation.moved": _("Conversation moved to another account"),
        "contact.changed": _("Customer’s card changed"),
        "contact.merged": _("Customers merged"),
        "contact.parted": _("Customers parted again"),
        "message.analysed": _("Message read by the machine"),
        "analysis.corrected": _("What the machine read, corrected"),
        "heads.trained": _("The machine learnt from corrections"),
        "contact_reason.saved": _("Contact reason kept"),
        "contact_reason.moved": _("Contact reasons put in order"),
        "contact_reason.deleted": _("Contact reason deleted"),
        "message.completed": _("Message’s words asked of the network"),
        "message.delayed": _("Reply delayed by the network"),
        "message.requeued": _("Reply tried again"),
        "message.rescheduled": _("Reply put to another time"),
        "message.moderation_requested": _("Something asked of the network about a message"),
        "message.replaced": _("Answer replaced by a later one"),
        "message.edited": _("Message changed by its author"),
        "message.edit_refused": _("Network refused to change an answer"),
        "message.reported": _("Message reported to the network’s moderators"),
        "message.report_refused": _("Network refused a report"),
        "message.hidden": _("Message hidden from the public"),
        "message.shown": _("Message shown to the public again"),
        "message.removed": _("Customer’s message removed"),
        "message.liked": _("Customer’s message liked"),
        "message.unliked": _("Our like taken back"),
        "message.hiding_refused": _("Network refused to hide a message"),
        "message.showing_refused": _("Network refused to show a message again"),
        "message.deletion_refused": _("Network refused to delete a message"),
        "message.removal_refused": _("Network refused to remove a message"),
        "message.liking_refused": _("Network refused our like"),
        "message.unliking_refused": _("Network refused to take our like back"),
        "invitation.prepared": _("Way to private prepared"),
        "invitation.sent": _("Way to private sent"),
        "invitation.opened": _("Way to private opened by the customer"),
        "invitation.joined": _("Customer came to the private exchange"),
        "invitation.solved": _("Solved in private"),
        "invitation.closed": _("Closed with a word in public"),
        "call_back.asked": _("Call to a customer asked for"),
        "call_back.changed": _("Call to a customer put to another time or number"),
        "call_back.placed": _("Customer called, as was asked for"),
        "call_back.fell_overdue": _("Customer not called by the time that was set"),
        "call_back.missed": _("Call to a customer not picked up"),
        "call_back.reached": _("Customer reached by the call that was asked for"),
        "call_back.given_up": _("Call to a customer given up"),
        "call_back.withdrawn": _("Call to a customer not needed any more"),
        "call.placed": _("Customer called"),
        "call.answered": _("Call taken"),
        "call.ended": _("Call ended"),
        "call.missed": _("Call missed"),
        "call.lost": _("How the call ended was never told"),
        "call.voicemail": _("Message left on the voicemail"),
        "draft.taken_over": _("Draft taken over"),
        "delivery.replayed": _("Delivery read again"),
        "delivery.set_aside": _("Delivery set aside"),
        "reaction.removed": _("Reaction withdrawn"),
    }


def _sentences_of_setting_up() -> dict[str, StrOrPromise]:
    return {
        "inbox_view.saved": _("List kept under a name"),
        "inbox_view.renamed": _("Kept list renamed"),
        "inbox_view.changed": _("Kept list changed"),
        "inbox_view.shared": _("Kept list shared"),
        "inbox_view.deleted": _("Kept list deleted"),
        "automation.created": _("Automation written"),
        "automation.changed": _("Automation changed"),
        "automation.switched": _("Automation switched on or off"),
        "automation.moved": _("Automation moved"),
        "automation.deleted": _("Automation deleted"),
        "automation.run": _("Automation run"),
        "automation.stopped": _("Automation stopped"),
        "automation.resumed": _("Automation let go on"),
        "macro.saved": _("Macro saved"),
        "macro.deleted": _("Macro deleted"),
        "macro.run": _("Macro run"),
        "canned_response.deleted": _("Ready answer deleted"),
        "entry.drafted": _("Entry of the catalogue written"),
        "entry.approved": _("Entry of the catalogue approved"),
        "entry.refused": _("Entry of the catalogue refused"),
        "entry.minded": _("Who minds an entry, or its review, changed"),
        "entry.retired": _("Entry of the catalogue retired"),
        "entry.restored": _("Entry of the catalogue restored"),
        "entry.taken_off_bot": _("Entry taken off the bot"),
        "entry.given_back_to_bot": _("Entry given back to the bot"),
        "entry.bot_target_set": _("How sure the bot must be of an entry changed"),
        "answer.drafted": _("An answer drafted by the language model"),
        "answer.rewritten": _("A reply said better by the language model"),
        "decision.made": _("The bot decided"),
        "decision.ruled": _("A decision of the bot was ruled on"),
        "bot.set": _("What the bot may do changed"),
        "bot.stopped": _("Every bot stopped"),
        "bot.resumed": _("The bots go on"),
        "conversation.handed_over": _("Conversation handed over by the bot"),
        "mention.put_aside": _("Question of a colleague seen to"),
        "messages.imported": _("Messages imported"),
        "account.changed": _("Account changed"),
        "agent.hours_changed": _("Colleague’s hours changed"),
        "agent.invitation_withdrawn": _("Invitation withdrawn"),
        "agent.password_set": _("Password chosen"),
        "brand.created": _("Brand added"),
        "brand.names_listed": _("Products and places listed"),
        "brand.name_struck": _("Product or place taken off its list"),
        "brand.changed": _("Brand changed"),
        "team.created": _("Team added"),
        "team.changed": _("Team changed"),
        "team.routing_changed": _("How a team shares its work changed"),
        "agent.routing_changed": _("Colleague’s skills or load changed"),
        "rule.created": _("Routing rule written"),
        "rule.changed": _("Routing rule changed"),
        "rule.switched": _("Routing rule switched on or off"),
        "rule.moved": _("Routing rule moved"),
        "rule.deleted": _("Routing rule deleted"),
        "calendar.created": _("Calendar added"),
        "calendar.changed": _("Calendar changed"),
        "calendar.deleted": _("Calendar deleted"),
        "policy.created": _("Promise added"),
        "policy.changed": _("Promise changed"),
        "policy.switched": _("Promise switched on or off"),
        "policy.moved": _("Promise moved"),
        "policy.deleted": _("Promise deleted"),
        "skill.added": _("Skill added"),
        "skill.deleted": _("Skill deleted"),
        "webhook.created": _("Webhook added"),
        "webhook.changed": _("Webhook changed"),
        "webhook.deleted": _("Webhook deleted"),
        "webhook.disabled": _("Webhook turned off"),
        "webhook.enabled": _("Webhook turned on"),
    }


@register.filter
def about_words(entry: Entry) -> str:
    """What it is about: its name where it has one, else what kind of thing it is."""
    kind = entry.event.subject_kind
    return entry.what or str(THINGS.get(kind, kind))


@register.filter
def details_text(entry: Entry) -> str:
    """The details as they are kept."""
    return json.dumps(entry.event.details, ensure_ascii=False)[:2000]
