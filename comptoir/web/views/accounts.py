"""Accounts: what is connected, whether it works, and connecting more."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.brands.models import Brand
from comptoir.channels.actions import (
    MissingCredentialError,
    check_account,
    connect_account,
    prepare_sign_in,
    reconnect_account,
)
from comptoir.channels.arranging import edit_account, rest_or_wake
from comptoir.channels.connecting import opened
from comptoir.channels.leaving import leave_network
from comptoir.channels.models import ChannelAccount
from comptoir.channels.signing_in import back_url, signs_in
from comptoir.connectors.base import Connector, ConnectorError, TransientError
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.saying import in_words
from comptoir.delivery.held_up import let_go
from comptoir.events.record import Actor
from comptoir.intake.models import HistoryReading
from comptoir.people.models import Team
from comptoir.people.permissions import Permission
from comptoir.sla.queries import opening_calendar
from comptoir.web.forms.accounts import ConnectForm, CredentialsForm
from comptoir.web.forms.settings import AccountForm
from comptoir.web.presenting.accounts import (
    absences,
    accounts_seen,
    connection_settings,
    embedding,
    families,
    first_steps,
    is_told_by_us,
    own_addresses,
    reservations,
    scopes_asked,
    stored_openly,
    week_words,
)
from comptoir.web.presenting.calendars import preview
from comptoir.web.presenting.rating_chart import rating_chart
from comptoir.web.queries.figures import latest_figures, ratings
from comptoir.web.requests import AgentRequest, acting, permission_required
from comptoir.web.wording import connector_label

setting_up = permission_required(Permission.SET_UP)
watching = permission_required(Permission.SET_UP, Permission.REPLAY_DELIVERIES)


@require_safe
@watching
def accounts(request: AgentRequest) -> HttpResponse:
    """Every account with its health."""
    return render(request, "accounts/list.html", {"accounts": accounts_seen()})


@require_safe
@watching
def account(request: AgentRequest, pk: int) -> HttpResponse:
    """One account: its health, its addresses, what to do."""
    found = [one for one in accounts_seen() if one.account.pk == pk]
    if not found:
        raise Http404
    account = found[0].account
    calendar = opening_calendar(account, account.team_id)
    context = {
        "signs_in": found[0].signs_in,
        "absences": found[0].absences,
        "history": HistoryReading.objects.filter(account=account).first(),
        "latest": latest_figures([account.pk]).get(account.pk, []),
        "rating": rating_chart(ratings(account.pk)),
        "seen": found[0],
        "addresses": own_addresses(account),
        "is_told": is_told_by_us(account),
        "embedding": embedding(account),
        "settings": connection_settings(account),
        "hours": week_words(account.weekly_hours),
        "calendar": calendar,
        "opening": preview(calendar) if calendar else None,
        "reserved": list(account.reserved_for.all()),
    }
    return render(request, "accounts/one.html", context)


@require_safe
@setting_up
def choose_kind(request: AgentRequest) -> HttpResponse:
    """Which network?"""
    is_ready = Brand.objects.exists() and Team.objects.exists()
    return render(request, "accounts/choose.html", {"families": families(), "is_ready": is_ready})


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def connect(request: AgentRequest, kind: str) -> HttpResponse:
    """Fill in what opens the account, store it, and ask the network whether it does."""
    connector = _connector(kind)
    form = ConnectForm(request.POST or None, connector=connector)
    context = {
        "form": form,
        "label": connector_label(connector),
        "reservations": reservations(connector),
        "steps": first_steps(connector),
        "absences": absences(connector),
        "scopes": scopes_asked(connector),
        "back": back_url() if signs_in(connector) else "",
    }
    if request.method == "POST" and form.is_valid():
        made = _connected(request, kind, form)
        if made is not None:
            return _first_check(request, made, connector)
    return render(request, "accounts/connect.html", context, status=422 if form.is_bound else 200)


def _connected(request: AgentRequest, kind: str, form: ConnectForm) -> ChannelAccount | None:
    try:
        with transaction.atomic():
            return connect_account(
                brand=form.cleaned_data["brand"],
                team=form.cleaned_data["team"],
                kind=kind,
                name=form.cleaned_data["name"],
                credentials=form.credentials,
                waits_for_sign_in=signs_in(connector_class(kind)),
                by=Actor("agent", request.agent.pk),
            )
    except MissingCredentialError as error:
        form.add_error(f"credential-{error.field}", _("This is needed."))
    except IntegrityError:
        form.add_error(None, _connected_before(kind, form.credentials))
    return None


def _connected_before(kind: str, credentials: Mapping[str, str]) -> str:
    own_id = connector_class(kind).own_id_in(credentials)
    other = ChannelAccount.objects.filter(kind=kind, own_id=own_id).first() if own_id else None
    if other is None:
        return _("This account is connected already.")
    said = _("This is connected already, as “%(name)s”: open it, and reconnect it there if something is wrong.")
    return said % {"name": other.name}


def _first_check(request: AgentRequest, made: ChannelAccount, connector: type[Connector]) -> HttpResponse:
    """Ask the network at once; where one signs in there, only what was typed by hand can have opened it already."""
    if signs_in(connector):
        try:
            with opened(made) as ours:
                ours.check()
        except ConnectorError as error:
            _tell_of_what_was_typed(request, made.credentials, connector, error)
            return redirect("sign_in_to_network", made.pk)
    _check(request, made)
    return redirect("account", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def reconnect(request: AgentRequest, pk: int) -> HttpResponse:
    """New credentials for an account; what is left empty stays as it is."""
    account = get_object_or_404(ChannelAccount, pk=pk)
    connector = _connector(account.kind)
    form = CredentialsForm(request.POST or None, connector=connector, is_renewal=True, stored=stored_openly(account))
    if request.method == "POST" and form.is_valid():
        try:
            reconnect_account(
                account, credentials=form.credentials, emptied=form.emptied, by=Actor("agent", request.agent.pk)
            )
        except MissingCredentialError as error:
            form.add_error(f"credential-{error.field}", _("This is needed."))
        except UnreadableSecretError:
            form.add_error(None, _("What was stored can no longer be read: fill in every field."))
        except IntegrityError:
            form.add_error(None, _("The same account of the network is connected under another name already."))
        except TransientError as error:
            said = {"reason": in_words(error.reason)}
            form.add_error(None, _("The check did not succeed: %(reason)s Nothing was changed.") % said)
        except ConnectorError as error:
            if _waits_for_sign_in(account, connector):
                prepare_sign_in(account, credentials=form.credentials, emptied=form.emptied, by=acting(request))
                _tell_of_what_was_typed(request, form.credentials, connector, error)
                return redirect("sign_in_to_network", pk)
            said = {"reason": in_words(error.reason)}
            form.add_error(None, _("The network refused: %(reason)s Nothing was changed.") % said)
        else:
            messages.success(request, _("The account works again."))
            return redirect("account", pk)
    context = {"form": form, "label": connector_label(connector), "account": account}
    return render(request, "accounts/connect.html", context, status=422 if form.is_bound else 200)


def _tell_of_what_was_typed(
    request: AgentRequest, typed: Mapping[str, str], connector: type[Connector], error: ConnectorError
) -> None:
    """Say why an access that was typed by hand does not do; where there is none, that one must sign in is no news."""
    if any(field.secret and not field.required and typed.get(field.name) for field in connector.credential_fields):
        said = {"reason": in_words(error.reason)}
        messages.warning(
            request, _("What you entered does not open the account. %(reason)s Correct it, or sign in here.") % said
        )


def _waits_for_sign_in(account: ChannelAccount, connector: type[Connector]) -> bool:
    """Whether only a sign-in can open it: what that needs is then corrected without asking the network."""
    return signs_in(connector) and account.status == ChannelAccount.Status.DISCONNECTED


@require_POST
@setting_up
def check(request: AgentRequest, pk: int) -> HttpResponse:
    """Ask the network now."""
    _check(request, get_object_or_404(ChannelAccount, pk=pk))
    return redirect("account", pk)


@require_POST
@setting_up
def pause(request: AgentRequest, pk: int) -> HttpResponse:
    """Stop using an account for a while, or go on."""
    get_object_or_404(ChannelAccount, pk=pk)
    rest_or_wake(pk, by=acting(request))
    return redirect("account", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def leave(request: AgentRequest, pk: int) -> HttpResponse:
    """Disconnect an account for good, once it was said what that means."""
    account = get_object_or_404(ChannelAccount, pk=pk)
    connector = _connector(account.kind)
    if request.method != "POST":
        return render(request, "accounts/leave.html", {"account": account, "label": connector_label(connector)})
    left_to_do = leave_network(account, by=acting(request))
    messages.success(request, _("The account is disconnected, and what opened it is forgotten."))
    if left_to_do:
        messages.warning(request, in_words(left_to_do))
    return redirect("account", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@setting_up
def edit(request: AgentRequest, pk: int) -> HttpResponse:
    """What it is called, who answers, who alone sees it."""
    account = get_object_or_404(ChannelAccount, pk=pk)
    present = {"name": account.name, "team": account.team_id, "reserved_for": account.reserved_for.all()}
    form = AccountForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        edit_account(pk, **form.cleaned_data, by=acting(request))
        messages.success(request, _("The changes are kept."))
        return redirect("account", pk)
    context = {"form": form, "account": account}
    return render(request, "accounts/edit.html", context, status=422 if form.is_bound else 200)


def _check(request: AgentRequest, account: ChannelAccount) -> None:
    try:
        health = check_account(account, by=Actor("agent", request.agent.pk))
    except UnreadableSecretError:
        messages.error(request, _("The stored credentials can no longer be read: reconnect the account."))
    except IntegrityError:
        messages.error(request, _("The same account of the network is connected under another name already."))
    except TransientError as error:
        said = _("The check did not succeed: %(reason)s The account was kept: correct it and check again.")
        messages.error(request, said % {"reason": in_words(error.reason)})
    except ConnectorError as error:
        said = _("The network refused: %(reason)s The account was kept: correct it and check again.")
        messages.error(request, said % {"reason": in_words(error.reason)})
    else:
        let_go(account.pk)
        who = health.handle or health.own_id
        said = _("The network answered: we are %(name)s.") % {"name": who} if who else _("The connection works.")
        messages.success(request, said)
        for remark in health.remarks:
            messages.warning(request, in_words(remark))


def _connector(kind: str) -> type[Connector]:
    try:
        return connector_class(kind)
    except UnknownKindError as error:
        raise Http404 from error
