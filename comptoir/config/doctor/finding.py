"""One thing that was found, and its remedy."""

from __future__ import annotations

from dataclasses import dataclass

from comptoir.config.language import _, gettext_noop

ACCOUNT = "account "
#: The checks, for whoever translates their names.
CHECKS = (
    gettext_noop("python"),
    gettext_noop("data folder"),
    gettext_noop("free space"),
    gettext_noop("secrets"),
    gettext_noop("postgresql programs"),
    gettext_noop("public address"),
    gettext_noop("web"),
    gettext_noop("live"),
    gettext_noop("database"),
    gettext_noop("extensions"),
    gettext_noop("migrations"),
    gettext_noop("clock"),
    gettext_noop("worker"),
    gettext_noop("backlog"),
    gettext_noop("administrators"),
    gettext_noop("set aside"),
    gettext_noop("files"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``remedy`` is empty when all is well. What is ``ok`` and has one is well for a trial."""

    check: str
    ok: bool
    found: str
    remedy: str = ""

    @property
    def title(self) -> str:
        """The check's name for people; ``check`` is what programs know it by."""
        if self.check.startswith(ACCOUNT):
            return _("account {who}").format(who=self.check.removeprefix(ACCOUNT))
        return _(self.check)


def finding(check: str, ok: bool, found: str, remedy: str) -> Finding:
    """What was found, with the remedy only where it is not ok."""
    return Finding(check, ok, found, "" if ok else remedy)
