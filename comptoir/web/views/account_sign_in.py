"""Signing in to a network to open an account: what is asked for and why, there, back, and which page was meant."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comptoir.channels.models import ChannelAccount
from comptoir.channels.signing_in import (
    back_url,
    come_back,
    leave_for,
    open_with,
    register_application,
    signs_in,
    wants_application,
)
from comptoir.connectors.base import ConnectorError, OfferedAccount
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core import crypto
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.saying import in_words
from comptoir.people.permissions import Permission
from comptoir.web.presenting.accounts import scopes_asked
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.wording import connector_label

setting_up = permission_required(Permission.SET_UP)

_LEFT, _OFFERED = "account_sign_ins", "accounts_offered"
_WITHIN_S = 15 * 60
_MOST_LEFT = 5


@require_safe
@setting_up
def leave(request: AgentRequest, pk: int) -> HttpResponse:
    """What the network will be asked for, permission by permission, and the way there."""
    account = _signing_in(pk)
    connector = connector_class(account.kind)
    try:
        if wants_application(account):
            context = {"account": account, "label": connector_label(connector)}
            return render(request, "accounts/register.html", context)
        leaving = leave_for(account)
    except ConnectorError as error:
        messages.error(request, in_words(error.reason))
        return redirect("reconnect_account", pk)
    except UnreadableSecretError:
        messages.error(request, _("The stored credentials can no longer be read: reconnect the account."))
        return redirect("reconnect_account", pk)
    left = {state: one for state, one in request.session.get(_LEFT, {}).items() if one["at"] > time.time() - _WITHIN_S}
    kept = dict(list(left.items())[-_MOST_LEFT + 1 :])
    request.session[_LEFT] = kept | {
        leaving.state: {"account": account.pk, "verifier": leaving.verifier, "at": time.time()}
    }
    context = {
        "account": account,
        "label": connector_label(connector),
        "scopes": scopes_asked(connector),
        "address": leaving.url,
        "back": back_url(),
    }
    return render(request, "accounts/sign_in.html", context)


@require_POST
@setting_up
def register(request: AgentRequest, pk: int) -> HttpResponse:
    """Register Comptoir at the network, then go on to sign in."""
    account = _signing_in(pk)
    try:
        if wants_application(account):
            register_application(account, by=acting(request))
    except ConnectorError as error:
        messages.error(request, _refused(error))
        return redirect("reconnect_account", pk)
    except UnreadableSecretError:
        messages.error(request, _("The stored credentials can no longer be read: reconnect the account."))
        return redirect("reconnect_account", pk)
    return redirect("sign_in_to_network", pk)


@require_safe
@setting_up
def back(request: AgentRequest) -> HttpResponse:
    """Back from the network, with a code or with its refusal; the state says for which account."""
    waiting = request.session.get(_LEFT, {})
    one = waiting.pop(request.GET.get("state", ""), None)
    request.session[_LEFT] = waiting
    if one is None or one["at"] < time.time() - _WITHIN_S:
        messages.error(request, _("This sign-in is over or was not begun here. Begin again from the account’s page."))
        return redirect("accounts")
    account = _signing_in(one["account"])
    code = request.GET.get("code", "")
    if not code:
        said = request.GET.get("error_description") or request.GET.get("error") or _("no code came back")
        messages.error(request, _("The network did not let us in: “%(said)s”. Nothing changed.") % {"said": said[:300]})
        return redirect("account", account.pk)
    return _come_back(request, account, code, one["verifier"])


def _come_back(request: AgentRequest, account: ChannelAccount, code: str, verifier: str) -> HttpResponse:
    try:
        offered = come_back(account, code=code, verifier=verifier)
    except ConnectorError as error:
        messages.error(request, _refused(error))
        return redirect("account", account.pk)
    if len(offered) == 1:
        return _opened(request, account, offered[0])
    request.session[_OFFERED] = {"account": account.pk, "sealed": _sealed(offered)}
    return redirect("choose_offered", account.pk)


@require_safe
@setting_up
def choose(request: AgentRequest, pk: int) -> HttpResponse:
    """The sign-in opens several pages or numbers: which one is this account?"""
    account = _signing_in(pk)
    offered = _offered(request, account)
    if not offered:
        messages.error(request, _("This sign-in is over or was not begun here. Begin again from the account’s page."))
        return redirect("account", pk)
    return render(request, "accounts/choose_offered.html", {"account": account, "offered": offered})


@require_POST
@setting_up
def take(request: AgentRequest, pk: int) -> HttpResponse:
    """This one."""
    account = _signing_in(pk)
    wanted = [one for one in _offered(request, account) if one.own_id == request.POST.get("own_id")]
    if not wanted:
        messages.error(request, _("This sign-in is over or was not begun here. Begin again from the account’s page."))
        return redirect("account", pk)
    del request.session[_OFFERED]
    return _opened(request, account, wanted[0])


def _opened(request: AgentRequest, account: ChannelAccount, offered: OfferedAccount) -> HttpResponse:
    try:
        health = open_with(account, offered, by=acting(request))
    except IntegrityError:
        messages.error(request, _("The same account of the network is connected under another name already."))
    except ConnectorError as error:
        messages.error(request, _refused(error))
    else:
        who = health.name or health.handle or health.own_id
        messages.success(request, _("The network answered: we are %(name)s.") % {"name": who})
        for remark in health.remarks:
            messages.warning(request, in_words(remark))
    return redirect("account", account.pk)


def _refused(error: ConnectorError) -> str:
    return _("The network refused: %(reason)s Nothing was changed.") % {"reason": in_words(error.reason)}


def _signing_in(pk: int) -> ChannelAccount:
    account = get_object_or_404(ChannelAccount, pk=pk)
    try:
        if signs_in(connector_class(account.kind)):
            return account
    except UnknownKindError:
        pass
    raise Http404


def _sealed(offered: Sequence[OfferedAccount]) -> str:
    """What was offered, encrypted: it holds tokens, and sessions are kept in the database."""
    plain = [{"own_id": one.own_id, "name": one.name, "credentials": dict(one.credentials)} for one in offered]
    return crypto.encrypt({"offered": json.dumps(plain)}).decode()


def _offered(request: AgentRequest, account: ChannelAccount) -> list[OfferedAccount]:
    kept: dict[str, Any] = request.session.get(_OFFERED, {})
    if kept.get("account") != account.pk:
        return []
    try:
        plain = json.loads(crypto.decrypt(kept["sealed"].encode())["offered"])
    except UnreadableSecretError:
        return []
    return [OfferedAccount(**one) for one in plain]
