"""The counter: its brands, its accounts, its first steps, and the programs it speaks to."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, WATCH, Line, everyone_here, only

_ADMINISTRATOR = only("administrator", status=OK)
_ADMINISTRATOR_ACTS = only("administrator", status=DONE)

TABLE: dict[str, Line] = {
    "settings": Line(everyone_here(OK, stranger=OK)),
    "guide": Line(_ADMINISTRATOR),
    "guide_test": Line(_ADMINISTRATOR_ACTS, "", {}),
    "leave_guide": Line(_ADMINISTRATOR_ACTS, "", {}),
    "brands": Line(_ADMINISTRATOR),
    "new_brand": Line(_ADMINISTRATOR),
    "edit_brand": Line(_ADMINISTRATOR, "brand"),
    "known_names": Line(_ADMINISTRATOR, "brand"),
    "strike_name": Line(only("administrator", status=404), "brand", {}),  # which is no name
    "accounts": Line(only(*WATCH, status=OK)),
    "choose_kind": Line(_ADMINISTRATOR),
    "connect": Line(_ADMINISTRATOR, "fake"),
    "account": Line(only(*WATCH, status=OK), "account"),
    "edit_account": Line(_ADMINISTRATOR, "account"),
    "account_hours": Line(_ADMINISTRATOR, "account"),
    "check_account": Line(_ADMINISTRATOR_ACTS, "account", {}),
    "pause_account": Line(_ADMINISTRATOR_ACTS, "account", {}),
    "leave_account": Line(_ADMINISTRATOR, "account"),
    "reconnect_account": Line(_ADMINISTRATOR, "account"),
    "sign_in_to_network": Line(only("administrator", status=404), "account"),
    "signed_in_to_network": Line(_ADMINISTRATOR_ACTS),
    "register_at_network": Line(only("administrator", status=404), "account", {}),
    "choose_offered": Line(only("administrator", status=404), "account"),
    "take_offered": Line(only("administrator", status=404), "account", {}),
    "account_figures": Line(only(*WATCH, status=OK)),
    "tokens": Line(_ADMINISTRATOR),
    "new_token": Line(_ADMINISTRATOR),
    "revoke_token": Line(_ADMINISTRATOR_ACTS, "api_token", {}),
    "webhooks": Line(_ADMINISTRATOR),
    "new_webhook": Line(_ADMINISTRATOR),
    "webhook": Line(_ADMINISTRATOR, "endpoint"),
    "edit_webhook": Line(_ADMINISTRATOR, "endpoint"),
    "switch_webhook": Line(_ADMINISTRATOR_ACTS, "endpoint", {}),
    "webhook_secret": Line(_ADMINISTRATOR, "endpoint", {}),
    "delete_webhook": Line(_ADMINISTRATOR_ACTS, "endpoint", {}),
    "replay_webhook": Line(_ADMINISTRATOR_ACTS, "endpoint", {"span": "hour"}),
}  # fmt: skip
