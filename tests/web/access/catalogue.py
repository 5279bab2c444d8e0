"""The catalogue: everybody reads, those who serve and experts write, supervisors approve; marketing's, its manager."""

from __future__ import annotations

from tests.web.access.expecting import DONE, GONE, OK, REFUSED, Line, everyone_here, expect, those_who_serve
from tests.web.conftest import ROLES

_READ = everyone_here(OK, stranger=OK)
_DOWNLOAD = everyone_here(OK, stranger=OK)


def _writers(status: int) -> dict[str, int]:
    roles = dict.fromkeys(ROLES, status) | dict.fromkeys(("director", "reader"), REFUSED)
    return expect(stranger=status, **roles)


def _approvers(status: int) -> dict[str, int]:
    """The community manager is let in, and refused an entry that is not marketing's alone."""
    roles = dict.fromkeys(ROLES, REFUSED) | dict.fromkeys(("supervisor", "administrator"), status)
    return expect(stranger=REFUSED, **roles)


TABLE: dict[str, Line] = {
    "catalogue": Line(_READ),
    "knowledge_gaps": Line(_READ),
    "export_catalogue": Line(_DOWNLOAD),
    "entry": Line(_READ, "drafted_entry"),
    "entry_version": Line(_READ, "drafted_entry/1"),
    "new_entry": Line(_writers(OK)),
    "edit_entry": Line(_writers(OK), "drafted_entry"),
    "import_catalogue": Line(_writers(OK)),
    "preview_import": Line(_writers(GONE), "drafted_entry"),
    "find_gaps": Line(_writers(DONE), "", {}),
    "mind_entry": Line(_writers(DONE), "drafted_entry", {}),
    "approve_entry": Line(_approvers(DONE), "drafted_entry", {"version": "1"}),
    "refuse_entry": Line(_approvers(DONE), "drafted_entry", {"version": "1", "reason": "Non"}),
    "retire_entry": Line(_approvers(DONE), "drafted_entry", {}),
    "answers": Line(those_who_serve(OK), "conversation"),
    # Without a model they are nowhere; test_drafting has one.
    "draft_answer": Line(those_who_serve(GONE), "conversation", {}),
    "rewrite_reply": Line(those_who_serve(GONE), "conversation", {"text": "Bonjour à vous"}),
}
