"""What staff are told when a macro or an automation cannot be kept or run."""

from __future__ import annotations

from django.utils.translation import gettext as _


class UnfinishedStepError(Exception):
    """A step lacks something; the text, translated, goes into what the macro or automation is refused with."""


class MacroError(Exception):
    """The text, translated, is for whoever tried."""


class UnfinishedMacroError(MacroError):
    """An act of the macro lacks something, or there is none."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("This macro was not kept: %(reason)s") % {"reason": reason})


class MacroNameTakenError(MacroError):
    """Another macro has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a macro called “%(name)s” already: choose another name.") % {"name": name})


class MacroRefusedError(MacroError):
    """One of its acts cannot be done, so none was."""

    def __init__(self, act: str, reason: str) -> None:
        text = _("Nothing was done, because one step of the macro could not be (%(step)s). %(reason)s")
        super().__init__(text % {"step": act, "reason": reason})


class NotYourMacroError(MacroError):
    """A shared macro belongs to those who look after the counter."""

    def __init__(self) -> None:
        super().__init__(_("A shared macro is changed by a supervisor or an administrator."))


class AutomationError(Exception):
    """The text, translated, is for whoever tried."""


class UnfinishedAutomationError(AutomationError):
    """It lacks when, what, or something in between."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("This automation was not kept: %(reason)s") % {"reason": reason})


class AutomationNameTakenError(AutomationError):
    """Another automation has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is an automation called “%(name)s” already: choose another name.") % {"name": name})


class ActRefusedError(AutomationError):
    """One of its acts cannot be done, so none was."""

    def __init__(self, act: str, reason: str) -> None:
        super().__init__(f"{act}: {reason}")
        self.act, self.reason = act, reason
