"""What was read in incoming messages, and what is still to be read."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.analysis.models.reasons import ContactReason
from comptoir.conversations.models import Conversation, Message

URGENT = 2


class Sentiment(models.TextChoices):
    """How the customer feels."""

    NEGATIVE = "negative", _("Unhappy")
    NEUTRAL = "neutral", pgettext_lazy("feeling", "Neutral")
    POSITIVE = "positive", _("Happy")


class Intent(models.TextChoices):
    """What a message is above all."""

    QUESTION = "question", _("Question")
    COMPLAINT = "complaint", _("Complaint")
    REQUEST = "request", _("Request")
    PRAISE = "praise", _("Praise")
    PURCHASE = "purchase_intent", _("Wish to buy")
    CHATTER = "chatter", _("Chatter")


class Ground(models.TextChoices):
    """Why a message presses."""

    SAFETY = "safety", _("safety")
    LEGAL = "legal", _("legal threat")
    CHURN = "churn", _("about to leave")
    DEADLINE = "deadline", _("a deadline")
    DISTRESS = "distress", _("distress")
    PRESS = "press", _("press or large audience")
    REPEATED = "repeated", _("not the first time")


def _between(field: str, least: float, most: float, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__gte": least, f"{field}__lte": most}), name=name)


class MessageAnalysisQuerySet(models.QuerySet["MessageAnalysis"]):
    def with_topic(self) -> MessageAnalysisQuerySet:
        """Each with the id, the name and the probability of its surest reason, all three None where there is none."""
        surest = MessageTopic.objects.filter(analysis=OuterRef("pk")).order_by("-confidence", "id")
        return self.annotate(
            topic_id=Subquery(surest.values("reason")[:1]),
            topic_name=Subquery(surest.values("reason__name")[:1]),
            topic_confidence=Subquery(surest.values("confidence")[:1]),
        )


class MessageAnalysis(models.Model):
    """What is shown of one incoming message: what was read in it, and what people have corrected.

    ``corrected`` names the figures that a person has set: reading again leaves them as they are. ``heads`` is the
    version of all that read it. ``personal_data`` is a list of [kind, start, end], in code points of the text without
    the blank space around it.
    """

    class Form(models.TextChoices):
        LIGHT = "light", _("At a glance")
        FULL = "full", _("Thoroughly")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="analysis")
    form = models.CharField(max_length=5, choices=Form)
    heads = models.CharField(max_length=40)
    read_at = models.DateTimeField()
    language = models.CharField(max_length=12)
    sentiment = models.CharField(max_length=8, choices=Sentiment)
    sentiment_score = models.FloatField(help_text="From -1 to 1.")
    sentiment_confidence = models.FloatField()
    intent = models.CharField(max_length=15, choices=Intent)
    intent_confidence = models.FloatField()
    needs_answer = models.BooleanField()
    urgency = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(3)], help_text="0: nothing presses; 2: today; 3: now."
    )
    grounds = ArrayField(models.CharField(max_length=8, choices=Ground), default=list)
    toxicity = models.FloatField(help_text="A probability.")
    spam = models.FloatField(help_text="A probability.")
    personal_data = models.JSONField(default=list)
    corrected = ArrayField(models.CharField(max_length=12), default=list, db_default=[])

    objects = MessageAnalysisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=["light", "full"]), name="analysis_form_is_known"),
            models.CheckConstraint(condition=Q(sentiment__in=Sentiment.values), name="analysis_sentiment_is_known"),
            models.CheckConstraint(condition=Q(intent__in=Intent.values), name="analysis_intent_is_known"),
            _between("urgency", 0, 3, "analysis_urgency_is_a_level"),
            _between("sentiment_score", -1, 1, "analysis_score_is_a_score"),
            _between("sentiment_confidence", 0, 1, "analysis_sentiment_confidence_is_a_share"),
            _between("intent_confidence", 0, 1, "analysis_intent_confidence_is_a_share"),
            _between("toxicity", 0, 1, "analysis_toxicity_is_a_share"),
            _between("spam", 0, 1, "analysis_spam_is_a_share"),
        ]
        indexes = [BrinIndex(fields=["read_at"], name="analysis_by_time", autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.sentiment}, {self.intent}, urgency {self.urgency}"

    @property
    def is_urgent(self) -> bool:
        """Whether it is to be seen to today, or now."""
        return self.urgency >= URGENT

    @property
    def is_toxic(self) -> bool:
        return self.toxicity >= 0.5

    @property
    def is_spam(self) -> bool:
        return self.spam >= 0.5


class MessageTopic(models.Model):
    """One reason that a message was written for, as far as one can tell; the surest is shown."""

    analysis = models.ForeignKey(MessageAnalysis, on_delete=models.CASCADE, db_index=False, related_name="topics")
    reason = models.ForeignKey(ContactReason, on_delete=models.CASCADE, related_name="+")
    confidence = models.FloatField(help_text="A probability; 1 where a person has said so.")

    class Meta:
        ordering = ["-confidence", "id"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "reason"], name="one_topic_per_message_and_reason"),
            _between("confidence", 0, 1, "topic_confidence_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.reason_id} in {self.analysis_id}"


#: Whether a conversation is a complaint, of its row ``read`` in SQL: read as one, or as anything but praise and said in
#: anger. Whoever is angry and asks a question complains.
COMPLAINS = "(read.intent = 'complaint' OR read.sentiment = 'negative' AND read.intent <> 'praise')"


class ConversationReading(models.Model):
    """What a conversation is filtered by: what the customer said in their last turn, since our last answer before it.

    The worst of it counts: the highest urgency, anything negative, any wish for an answer, a complaint before a
    question. Made again from the messages' analyses at any time.
    """

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="reading"
    )
    language = models.CharField(max_length=12)
    sentiment = models.CharField(max_length=8, choices=Sentiment)
    intent = models.CharField(max_length=15, choices=Intent)
    needs_answer = models.BooleanField()
    urgency = models.PositiveSmallIntegerField()
    reason = models.ForeignKey(ContactReason, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [_between("urgency", 0, 3, "reading_urgency_is_a_level")]
        # With the conversation in each, so that those of a page are looked up in the index alone.
        indexes = [
            models.Index(fields=["urgency", "conversation"], name="reading_by_urgency", condition=Q(urgency__gt=0)),
            models.Index(fields=["sentiment", "conversation"], name="reading_by_sentiment"),
            models.Index(fields=["intent", "conversation"], name="reading_by_intent"),
            models.Index(
                fields=["reason", "conversation"], name="reading_by_reason", condition=Q(reason__isnull=False)
            ),
            models.Index(fields=["language", "conversation"], name="reading_by_language"),
            models.Index(fields=["needs_answer", "conversation"], name="reading_by_answer"),
            # As COMPLAINS has it: who waits without a complaint is passed over in this one alone.
            models.Index(
                fields=["conversation"],
                name="reading_complains",
                condition=Q(intent="complaint") | Q(sentiment="negative") & ~Q(intent="praise"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.sentiment}, {self.intent}, urgency {self.urgency}"


class MessageToRead(models.Model):
    """An incoming message that is still to be read, or read again because its words changed.

    ``is_late`` ones (history, what was there before) wait until nothing else does. Asked for again while it is being
    read, its ``asked_at`` changes, and what was read of the former words does not end it.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="to_read")
    is_late = models.BooleanField()
    is_glanced_at = models.BooleanField(default=False, help_text="Its light form is there; the full one is not.")
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["is_late", "is_glanced_at", "message"], name="to_read_in_order"),
        ]

    def __str__(self) -> str:
        return f"message {self.message_id}"


class SweepProgress(models.Model):
    """Up to which id of a message everything that no event told of was put among what is to be read."""

    key = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField()
    seen = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key=1), name="one_sweep_of_messages")]

    def __str__(self) -> str:
        return f"up to {self.position}"
