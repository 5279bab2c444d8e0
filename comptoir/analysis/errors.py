"""What a person is told when something about readings or contact reasons cannot be done."""

from __future__ import annotations

from django.utils.translation import gettext as _


class AnalysisError(Exception):
    """Nothing was changed; ``str()`` says why, to a person."""


class NotReadYetError(AnalysisError):
    """Nothing was read in the message, so that there is nothing to correct."""

    def __init__(self) -> None:
        super().__init__(_("This message has not been read yet: in a moment there is something to correct."))


class ImpossibleFigureError(AnalysisError):
    """What it is corrected to is nothing that the figure can be."""

    def __init__(self) -> None:
        super().__init__(_("A message cannot be that. Nothing was changed: choose one of the answers offered."))


class ReasonNameTakenError(AnalysisError):
    """Another reason at the same place has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a reason called “%(name)s” here already. Choose another name.") % {"name": name})


class ReasonPlaceError(AnalysisError):
    """It would lie below itself, below another brand's, or too deep."""


class ReasonInUseError(AnalysisError):
    """Messages were filed under it, or other reasons lie below it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Messages were filed under this reason, or other reasons lie below it. Switch it off instead: nothing "
                "more will be filed there, and what was stays."
            )
        )


class NotAListError(AnalysisError):
    """There would be more names than are looked for; ``most`` is how many are."""

    def __init__(self, most: int) -> None:
        text = _("A brand has at most %(most)s products and places on its list. Nothing was changed: shorten yours.")
        super().__init__(text % {"most": most})
