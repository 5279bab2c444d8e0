"""From public to private: the words of an invitation are put where one writes; what became of it is shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from comptoir.conversations.models import Conversation
from comptoir.desk.drafts import put_before_draft
from comptoir.desk.errors import DeskError
from comptoir.desk.invitation_texts import closing_text
from comptoir.desk.invitations import invite_to_private
from comptoir.desk.models import Invitation
from comptoir.people.permissions import Permission
from comptoir.web.presenting.composer import composer_context
from comptoir.web.queries.holdings import holdings
from comptoir.web.queries.invitations import private_context
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_read, conversation_seen
from comptoir.web.views.writing import keep_typed, told


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def private(request: AgentRequest, pk: int) -> HttpResponse:
    """The invitations of a conversation, and where it came from."""
    seen = conversation_read(request, pk)
    held = holdings(seen, request.agent)
    context = {"conversation": seen} | private_context(seen, request.agent, held)
    return render(request, "conversations/_private.html", context)


@require_POST
@permission_required(Permission.ANSWER)
def invite(request: AgentRequest, pk: int) -> HttpResponse:
    """Put an invitation's words where one writes, before what is there."""
    conversation = conversation_seen(request, pk)
    keep_typed(request, conversation)
    way = request.POST.get("way", "")
    if way not in Invitation.Way.values:
        raise Http404
    try:
        asking = invite_to_private(conversation.pk, way=Invitation.Way(way), by=request.agent)
    except DeskError as error:
        return told(request, conversation.pk, str(error))
    return _written(request, conversation, asking.text, asking.visibility)


@require_POST
@permission_required(Permission.ANSWER)
def close_in_public(request: AgentRequest, pk: int) -> HttpResponse:
    """Put a closing word for the public where one writes."""
    conversation = conversation_seen(request, pk)
    keep_typed(request, conversation)
    language = conversation.language or conversation.account.brand.language
    text = closing_text(language, first_name=conversation.customer_first_name)
    return _written(request, conversation, text, "public")


def _written(request: AgentRequest, conversation: Conversation, text: str, visibility: str) -> HttpResponse:
    put_before_draft(conversation.pk, agent=request.agent, text=text, visibility=visibility)
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    context = {"conversation": conversation} | composer_context(request, conversation)
    response = render(request, "conversations/_composer.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
    response["HX-Trigger"] = "exchange-changed, private-changed"
    return response
