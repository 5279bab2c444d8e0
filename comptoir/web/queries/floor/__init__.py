"""The floor as it stands: what waits, what is promised, who is there."""

from comptoir.web.queries.floor.people import AtWork, at_work
from comptoir.web.queries.floor.standing import AGES, HORIZONS, Standing, standing
from comptoir.web.queries.floor.waiting import NEVER_LOOKED_AT, Oldest, oldest

__all__ = ["AGES", "HORIZONS", "NEVER_LOOKED_AT", "AtWork", "Oldest", "Standing", "at_work", "oldest", "standing"]
