"""What the record calls the things that it tells of, where they have no name of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: By the kind of subject (`events.Event.subject_kind`).
THINGS: dict[str, StrOrPromise] = {
    "message": _("Message"),
    "note": _("Note"),
    "draft": _("Draft"),
    "invitation": _("Way to private"),
    "slapolicy": _("Promise"),
    "slaclock": _("Promise"),
    "openingcalendar": _("Calendar"),
    "routingrule": _("Routing rule"),
    "skill": _("Skill"),
    "cannedresponse": _("Answer kept ready"),
    "catalogueentry": _("Entry of the catalogue"),
    "contactreason": _("Contact reason"),
    "matter": pgettext_lazy("between conversations", "Matter"),
    "macro": _("Macro"),
    "automation": _("Automation"),
    "inboxview": pgettext_lazy("inbox", "Saved view"),
    "webhookendpoint": _("Webhook"),
    "rawdelivery": _("Delivery"),
    "trainedheads": _("What was learnt"),
    "bulkact": _("Act on several conversations"),
}
