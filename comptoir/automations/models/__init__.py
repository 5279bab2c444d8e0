"""Macros, which people run; automations, which run by themselves, and each of their runs."""

from comptoir.automations.models.automation import Automation, AutomationRevision
from comptoir.automations.models.macro import Macro
from comptoir.automations.models.run import AutomationRun

__all__ = ["Automation", "AutomationRevision", "AutomationRun", "Macro"]
