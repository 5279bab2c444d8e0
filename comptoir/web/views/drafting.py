"""What a language model may write for the person who answers: a draft from the catalogue, a reply said better."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from comptoir.analysis.writing import NotWrittenError, drafted_answer, rewritten_reply, writer
from comptoir.catalogue.filling import filled
from comptoir.conversations.models import Conversation
from comptoir.people.permissions import Permission
from comptoir.understanding.tone.register import register_of
from comptoir.understanding.writing.drafting import Draft, Source
from comptoir.web.presenting.answers import Offered, answers_context, known_words, last_said
from comptoir.web.presenting.catalogue import compared
from comptoir.web.presenting.composer import limits_of, ways_to_answer
from comptoir.web.requests import AgentRequest, permission_required
from comptoir.web.views.conversations import conversation_seen

_MOST_CHARS, _LEAST_CHARS = 6_000, 12


@require_POST
@permission_required(Permission.ANSWER)
def draft_answer(request: AgentRequest, pk: int) -> HttpResponse:
    """A draft that answers the last message from the entries that are offered for it."""
    conversation = _served(request, pk)
    said = last_said(conversation)
    offered: list[Offered] = answers_context(request, conversation)["offered"]
    sources = [Source(str(one.entry.pk), one.entry.question, one.unfilled_text, one.link) for one in offered]
    language = conversation.language.partition("-")[0] or (offered[0].language if offered else "")
    try:
        draft = drafted_answer(
            conversation, said, sources, language=language, by=request.agent,
            register="familiar" if register_of(said, language) == "tu" else "formal", max_chars=_longest(conversation),
        )  # fmt: skip
    except NotWrittenError as error:
        return render(request, "catalogue/_written.html", {"refusal": str(error)})
    return render(request, "catalogue/_written.html", _draft_context(request, conversation, draft, offered, said))


def _served(request: AgentRequest, pk: int) -> Conversation:
    if writer() is None:
        raise Http404
    return conversation_seen(request, pk)


def _longest(conversation: Conversation) -> int | None:
    """The least of what the ways to answer here allow, in characters."""
    limits = limits_of(conversation.account)
    ways = [limits.of("public" if way == "public" else "private") for way in ways_to_answer(conversation)]
    return min((one.max_text_chars for one in ways if one.max_text_chars), default=None)


def _draft_context(
    request: AgentRequest, conversation: Conversation, draft: Draft, offered: list[Offered], said: str
) -> dict[str, Any]:
    known = known_words(request, conversation, said)
    cited = [(number, offered[number - 1].entry) for number in draft.cited]
    return {
        "conversation": conversation,
        "pieces": [(piece.kind, filled(piece.text, known), piece.sources) for piece in draft.pieces],
        "cited": cited,
        "entries": ",".join(str(entry.pk) for _number, entry in cited),
        "texts": dict.fromkeys(ways_to_answer(conversation), filled(draft.text, known)),
        "unfounded": draft.unfounded,
    }


@require_POST
@permission_required(Permission.ANSWER)
def rewrite_reply(request: AgentRequest, pk: int) -> HttpResponse:
    """What is being written, said better, beside what it was; nothing (204) where there is too little of it."""
    conversation = _served(request, pk)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()
    if not _LEAST_CHARS <= len(text) <= _MOST_CHARS:
        return HttpResponse(status=204)
    try:
        found = rewritten_reply(conversation, text, by=request.agent)
    except NotWrittenError as error:
        return render(request, "conversations/_rewritten.html", {"refusal": str(error)})
    context = {"found": found, "pieces": compared(text, found.text), "is_same": found.text == text}
    return render(request, "conversations/_rewritten.html", context)
