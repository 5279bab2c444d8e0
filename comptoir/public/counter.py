"""The door of every widget endpoint: which counter, from which site, by whom, how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.typing import growing_drafts
from comptoir.core.crypto import UnreadableSecretError
from comptoir.public.problems import ProblemError
from comptoir.public.rate import Buckets, Rate, client_address, counted_address
from comptoir.public.visitors import Visitor, claimed_visitor, verified_visitor
from comptoir.sla.queries import CALENDARS_OF_ACCOUNT

buckets = Buckets()
_ALLOWED_HEADERS = "Authorization, Content-Type, If-None-Match, X-Comptoir-Identity"
_PREFLIGHT_LASTS_S = 7200


@dataclass(frozen=True, slots=True)
class Counter:
    """One chat account, as one request meets it."""

    account: ChannelAccount
    credentials: Mapping[str, str]
    visitor: Visitor | None
    agent_is_typing: bool
    knows_address: bool = False

    @property
    def known_visitor(self) -> Visitor:
        assert self.visitor is not None, "the endpoint does not ask for a visitor"
        return self.visitor


View = Callable[..., HttpResponseBase]


def counter_endpoint(
    method: Literal["GET", "POST"], *, rates: tuple[Rate, Rate], for_visitors: bool = True
) -> Callable[[View], View]:
    """Make a view an endpoint of the widget: called by any site's script, without cookies, with problems as errors.

    The view is given the request and its Counter. ``rates``: what one visitor, and what one address, may ask.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def endpoint(request: HttpRequest, key: str, **named: Any) -> HttpResponseBase:
            asked = request.headers.get("Access-Control-Request-Method") if request.method == "OPTIONS" else None
            try:
                if asked is None and request.method != method:
                    raise ProblemError(405, "method", _("This address answers to %(method)s.") % {"method": method})
                _check_size(request)
                counter = _counter(request, key, for_visitors=for_visitors and asked is None)
                _check_origin(request, counter)
                if asked is not None:
                    return _crossed(request, _preflight(method))
                _check_rate(request, view.__name__, counter, rates)
                return _crossed(request, view(request, counter, **named))
            except ProblemError as problem:
                return _crossed(request, problem.answer(), refused=problem.code == "origin")
            except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
                return _crossed(request, _unreadable(error).answer())

        return endpoint

    return decorate


def _check_size(request: HttpRequest) -> None:
    """Before anything is read: what is uploaded fills the disk until it is refused."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared) > settings.STRANGERS_REQUEST_BYTES:
        raise ProblemError(413, "too_large", _("The request is too large: nothing of it was kept."))


def _unreadable(error: Exception) -> ProblemError:
    """What Django could not or would not read, told as the widget expects to be told."""
    if isinstance(error, RequestDataTooBig):
        return ProblemError(413, "too_large", _("The request is too large: nothing of it was kept."))
    return ProblemError(400, "unreadable", _("The request cannot be read: nothing of it was kept."))


def _counter(request: HttpRequest, key: str, *, for_visitors: bool) -> Counter:
    claimed = claimed_visitor(request) if for_visitors else None
    account = (
        ChannelAccount.objects.active()
        .select_related("brand", *CALENDARS_OF_ACCOUNT)
        .annotate(types_to_browser=_typing(claimed), types_to_customer=_typing(claimed, as_customer=True))
        .annotate(knows_address=_knows_address(claimed))
        .filter(kind="chat", hook_key=key)
        .first()
    )
    if account is None:
        raise ProblemError(404, "no_counter", _("There is no counter at this address."))
    credentials = _credentials(account)
    if claimed is None:
        return Counter(account, credentials, None, agent_is_typing=False)
    visitor = verified_visitor(claimed, account, credentials)
    found = vars(account)
    is_typing = found["types_to_browser"] or (visitor.is_verified and found["types_to_customer"])
    return Counter(account, credentials, visitor, agent_is_typing=is_typing, knows_address=found["knows_address"])


def _knows_address(visitor: Visitor | None) -> Exists:
    """Whether we hold an address to answer at of whoever this browser is: left in a chat, or that of their mails, where
    they were invited from elsewhere or found to be one person. Which one, nobody is told.
    """
    if visitor is None:
        return Exists(ContactIdentity.objects.none())
    here = ContactIdentity.objects.filter(channel="chat", scope="", external_id=visitor.anonymous_id)
    theirs = ContactIdentity.objects.filter(contact__in=here.values("contact"))
    return Exists(theirs.filter(Q(channel="email") | (Q(channel="chat") & ~Q(handle=""))))


def _typing(visitor: Visitor | None, *, as_customer: bool = False) -> Exists:
    """Whether an agent writes to this browser, or to the customer it claims to be: one query with the account."""
    if visitor is None or (as_customer and visitor.claim is None):
        return Exists(growing_drafts().none())
    whose = (
        {"scope": OuterRef("hook_key"), "external_id": visitor.claim.host_id}
        if as_customer and visitor.claim
        else {"scope": "", "external_id": visitor.anonymous_id}
    )
    to_them = {f"conversation__identity__{name}": expected for name, expected in whose.items()}
    return Exists(
        growing_drafts().filter(conversation__account=OuterRef("pk"), conversation__identity__channel="chat", **to_them)
    )


def _credentials(account: ChannelAccount) -> Mapping[str, str]:
    try:
        return account.credentials
    except UnreadableSecretError:
        raise ProblemError(503, "unavailable", _("This counter is not available right now.")) from None


def _check_origin(request: HttpRequest, counter: Counter) -> None:
    allowed = counter.credentials.get("allowed_origins", "").replace(",", " ").split()
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    if allowed and origin and origin != own and origin not in {one.rstrip("/") for one in allowed}:
        raise ProblemError(403, "origin", _("This site may not use this counter."))


def _check_rate(request: HttpRequest, name: str, counter: Counter, rates: tuple[Rate, Rate]) -> None:
    asking = [(f"{name} from {counted_address(client_address(request))}", rates[1])]
    if counter.visitor is not None:
        asking.append((f"{name} by {counter.account.pk} {counter.visitor.id}", rates[0]))
    for who, rate in asking:
        wait_s = buckets.take(who, rate)
        if wait_s:
            raise ProblemError(429, "too_often", _("Too many requests: try again in a moment."), retry_after_s=wait_s)


def _preflight(method: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = method
    response["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
    response["Access-Control-Max-Age"] = str(_PREFLIGHT_LASTS_S)
    return response


def _crossed(request: HttpRequest, response: HttpResponseBase, *, refused: bool = False) -> HttpResponseBase:
    """Let the site that asked read the answer. Never with credentials: there are no cookies here."""
    origin = request.headers.get("Origin")
    if origin and not refused:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Vary"] = "Origin"
    response.setdefault("Cache-Control", "no-store")
    return response
