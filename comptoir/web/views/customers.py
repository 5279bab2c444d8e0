"""The customer: what is written about them, and who else they are."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from comptoir.contacts.actions import edit_contact
from comptoir.contacts.models import Contact, ContactMerge
from comptoir.conversations.models import Conversation
from comptoir.desk.contact_merging import merge_contacts, undo_merge
from comptoir.desk.errors import DeskError
from comptoir.events.record import Actor
from comptoir.people.permissions import Permission
from comptoir.web.forms.customers import CustomerForm
from comptoir.web.presenting.person import person_context
from comptoir.web.queries.holdings import holdings
from comptoir.web.queries.inbox import Reach
from comptoir.web.queries.search.patience import SearchTakesTooLongError
from comptoir.web.queries.search.people import people_found
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen
from comptoir.web.views.writing import told

_FORM = "conversations/_customer_form.html"
_MOST_FOUND = 10


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.ANSWER)
def edit_customer(request: AgentRequest, pk: int) -> HttpResponse:
    """Write down what is known of the customer of a conversation; what cannot be read stays in the form."""
    conversation = conversation_seen(request, pk)
    form = CustomerForm(request.POST or None, contact=conversation.contact)
    context = {"conversation": conversation, "form": form}
    if request.method != "POST":
        return render(request, _FORM, context)
    if not form.is_valid():
        return retarget(reswap(render(request, _FORM, context, status=422), "outerHTML"), "#customer-form")
    said = form.cleaned_data
    edit_contact(
        conversation.contact_id,
        by=Actor("agent", request.agent.pk),
        name=said["name"],
        language=said["language"],
        about=said["about"],
        attributes=said["details"],
        tags=said["tags"],
    )
    return _person(request, conversation, said=_("What is known of the customer is kept."))


@require_safe
@permission_required(Permission.ANSWER)
def find_customer(request: AgentRequest, pk: int) -> HttpResponse:
    """Other customers by what was typed of their names, addresses or numbers, one of whom may be this one."""
    conversation = conversation_seen(request, pk)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context: dict[str, object] = {"conversation": conversation, "typed": typed}
    try:
        people = people_found(Reach.of(request.agent), typed, limit=_MOST_FOUND)
    except SearchTakesTooLongError:
        context["takes_too_long"] = True
    else:
        others = {one.identity.contact_id: one for one in people if one.identity.contact_id != conversation.contact_id}
        context["people"] = list(others.values())
    return render(request, "conversations/_customers_found.html", context)


@require_POST
@permission_required(Permission.ANSWER)
def merge_customer(request: AgentRequest, pk: int) -> HttpResponse:
    """Another contact is found to be this conversation's customer."""
    conversation = conversation_seen(request, pk)
    named = request.POST.get("gone", "")
    gone = get_object_or_404(_known(request), pk=int(named) if named.isdecimal() and len(named) <= 18 else 0)
    reason = request.POST.get("reason", "")
    return _done(
        request,
        conversation,
        lambda: merge_contacts(conversation.contact_id, gone.pk, reason=reason, by=request.agent),
        said=_("Joined: %(gone)s and %(kept)s are one customer now.") % {"gone": gone, "kept": conversation.contact},
    )


@require_POST
@permission_required(Permission.ANSWER)
def part_customer(request: AgentRequest, pk: int) -> HttpResponse:
    """They are two people after all."""
    conversation = conversation_seen(request, pk)
    named = request.POST.get("merge", "")
    merge = get_object_or_404(
        ContactMerge.objects.select_related("gone"),
        kept=conversation.contact_id,
        pk=int(named) if named.isdecimal() and len(named) <= 18 else 0,
    )
    return _done(
        request,
        conversation,
        lambda: undo_merge(merge.pk, by=request.agent),
        said=_("Parted: %(gone)s is a customer of their own again.") % {"gone": merge.gone},
    )


def _known(request: AgentRequest) -> QuerySet[Contact]:
    """Contacts with a conversation that the agent may read."""
    return Contact.objects.filter(pk__in=Conversation.objects.visible_to(request.agent).values("contact"))


def _done(request: AgentRequest, conversation: Conversation, act: Callable[[], object], *, said: str) -> HttpResponse:
    try:
        act()
    except DeskError as error:
        return told(request, conversation.pk, str(error))
    return _person(request, conversation, said=said)


def _person(request: AgentRequest, conversation: Conversation, *, said: str) -> HttpResponse:
    """The pane as it is now; by ear, what was done."""
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    conversation = conversation_seen(request, conversation.pk)
    context = person_context(request, conversation, holdings(conversation, request.agent))
    response = render(request, "conversations/_person.html", context)
    return trigger_client_event(response, "said", {"words": said}, after="settle")
