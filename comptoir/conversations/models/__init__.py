"""Conversations, their messages, and what agents add to them."""

from comptoir.conversations.models.attachments import Attachment
from comptoir.conversations.models.consulting import Consultation
from comptoir.conversations.models.conversation import Conversation, Priority, Tag
from comptoir.conversations.models.following import Following, NoteMention, ReadMark
from comptoir.conversations.models.handing import HandOff
from comptoir.conversations.models.matter import JoinedConversation, Matter
from comptoir.conversations.models.message import FormerText, Message, MessagePart, Reaction
from comptoir.conversations.models.searching import SearchPerson, SearchProgress, SearchSubject, SearchText
from comptoir.conversations.models.wording import WordedAct
from comptoir.conversations.models.writing import Draft, DraftFile, Note

__all__ = [
    "Attachment",
    "Consultation",
    "Conversation",
    "Draft",
    "DraftFile",
    "Following",
    "FormerText",
    "HandOff",
    "JoinedConversation",
    "Matter",
    "Message",
    "MessagePart",
    "Note",
    "NoteMention",
    "Priority",
    "Reaction",
    "ReadMark",
    "SearchPerson",
    "SearchProgress",
    "SearchSubject",
    "SearchText",
    "Tag",
    "WordedAct",
]
