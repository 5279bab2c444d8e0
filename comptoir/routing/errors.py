"""What staff are told when a rule, or a way of giving out work, cannot be kept."""

from __future__ import annotations

from django.utils.translation import gettext as _


class RoutingError(Exception):
    """The text, translated, is for whoever tried."""


class UnfinishedRuleError(RoutingError):
    """A condition or an effect lacks something, or there is nothing to be done."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(_("This rule was not kept: %(reason)s") % {"reason": reason})
