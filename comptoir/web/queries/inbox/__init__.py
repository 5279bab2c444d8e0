"""The lists of the inbox: what an agent looks at, its pages, its rows, how much there is of it."""

from comptoir.web.queries.inbox.filters import InboxFilters
from comptoir.web.queries.inbox.listing import Listing, Position, Sort, StandingView
from comptoir.web.queries.inbox.lists import Reach
from comptoir.web.queries.inbox.pages import PAGE, InboxPage, inbox_page, inbox_rows, listed

__all__ = [
    "PAGE",
    "InboxFilters",
    "InboxPage",
    "Listing",
    "Position",
    "Reach",
    "Sort",
    "StandingView",
    "inbox_page",
    "inbox_rows",
    "listed",
]
