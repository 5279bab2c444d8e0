"""What was read in messages, and correcting it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.errors import ImpossibleFigureError, NotReadYetError
from comptoir.analysis.models import Figure, MessageAnalysis, MessageTopic
from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Words
from comptoir.conversations.models import Conversation
from comptoir.conversations.models import Message as StoredMessage
from comptoir.people.permissions import Permission

router = Router(tags=["messages"])

_TOPICS = Prefetch("analysis__topics", queryset=MessageTopic.objects.select_related("reason"))
Share = Annotated[float, Field(ge=0, le=1)]


class Feeling(Schema):
    label: Literal["negative", "neutral", "positive"]
    score: Annotated[float, Field(ge=-1, le=1)]
    confidence: Share


class Kind(Schema):
    label: Literal["question", "complaint", "request", "praise", "purchase_intent", "chatter"]
    confidence: Share


class Reason(Schema):
    reason_id: int
    name: str
    confidence: Share


class Urgency(Schema):
    level: Annotated[int, Field(ge=0, le=3, description="0: nothing presses; 1: a little; 2: today; 3: now.")]
    grounds: list[str]


class PersonalData(Schema):
    kind: str
    start: int = Field(description="In code points of the text without the blank space around it.")
    end: int


class Analysis(Schema):
    """What is shown of a message: a figure named in `corrected` was set by a person."""

    form: Literal["light", "full"]
    version: str = Field(description="Of everything that read it.")
    read_at: datetime
    language: str
    sentiment: Feeling
    intent: Kind
    needs_answer: bool
    urgency: Urgency
    topics: list[Reason]
    toxicity: Share
    spam: Share
    personal_data: list[PersonalData]
    corrected: list[str]


class Correction(Asked):
    figure: Literal["language", "sentiment", "intent", "needs_answer", "urgency", "topic", "toxicity", "spam"]
    to: Annotated[Words, Field(max_length=40)] = Field(
        description="A label; a level 0 to 3; “yes” or “no” for needs_answer, toxicity and spam; for a topic the id "
        "of a contact reason, or nothing for none; for a language its ISO 639-1 code, or “und”."
    )


@router.post(
    "/messages/{int:message_id}/corrections",
    response={201: Analysis},
    **needs(Scope.MESSAGES_WRITE, Permission.CORRECT_READINGS),
)
def correct_analysis(request: ApiRequest, message_id: int, asked: Correction) -> Analysis:
    """Set one figure of an incoming message to what it is; corrections are kept, and learnt from."""
    readable = Conversation.objects.visible_to(request.agent)
    message = StoredMessage.objects.incoming().filter(pk=message_id, conversation__in=readable).first()
    if message is None:
        raise ProblemError("not-found", _("No such message."))
    try:
        correct_reading(message_id, figure=Figure(asked.figure), to=asked.to, by=request.agent, actor=acting(request))
    except ImpossibleFigureError as error:
        raise invalid("/to", str(error)) from error
    except NotReadYetError as error:
        raise ProblemError("conflict", str(error)) from error
    shown = shown_analysis(with_analyses(StoredMessage.objects.all()).get(pk=message_id))
    assert shown is not None
    return shown


def with_analyses(messages: QuerySet[StoredMessage]) -> QuerySet[StoredMessage]:
    """Messages of which showing the analyses asks the database once more, however many there are."""
    return messages.select_related("analysis").prefetch_related(_TOPICS)


def shown_analysis(message: StoredMessage) -> Analysis | None:
    """What was read in a message; None where nothing was, and for what we wrote ourselves."""
    if message.direction != StoredMessage.Direction.INCOMING:
        return None
    try:
        read: MessageAnalysis = message.analysis
    except ObjectDoesNotExist:
        return None
    return Analysis(
        form="light" if read.form == MessageAnalysis.Form.LIGHT else "full",
        version=read.heads,
        read_at=read.read_at,
        language=read.language,
        sentiment=Feeling.model_validate(
            {"label": read.sentiment, "score": read.sentiment_score, "confidence": read.sentiment_confidence}
        ),
        intent=Kind.model_validate({"label": read.intent, "confidence": read.intent_confidence}),
        needs_answer=read.needs_answer,
        urgency=Urgency(level=read.urgency, grounds=list(read.grounds)),
        topics=[
            Reason(reason_id=one.reason_id, name=one.reason.name, confidence=one.confidence)
            for one in read.topics.all()
        ],
        toxicity=read.toxicity,
        spam=read.spam,
        personal_data=[PersonalData(kind=kind, start=start, end=end) for kind, start, end in read.personal_data],
        corrected=list(read.corrected),
    )
