"""What a connector can do beyond reading payloads: small abstract classes, found with ``isinstance``."""

from __future__ import annotations

from comptoir.connectors.base.abilities.account import (
    LocatesMedia,
    Measures,
    MediaSource,
    RegistersApplications,
    RenewsCredentials,
    SignsIn,
)
from comptoir.connectors.base.abilities.answering import (
    EditsMessages,
    FindsSent,
    HeedsRefusals,
    PlacesCalls,
    SendsMessages,
    SendsTemplates,
    SharesThreads,
    SignalsTyping,
)
from comptoir.connectors.base.abilities.listening import (
    Page,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    Streams,
    SubscribesWebhooks,
)
from comptoir.connectors.base.abilities.moderating import DeletesOthers, HidesOthers, Likes, Moderates, Reports

__all__ = [
    "DeletesOthers",
    "EditsMessages",
    "FindsSent",
    "HeedsRefusals",
    "HidesOthers",
    "Likes",
    "LocatesMedia",
    "Measures",
    "MediaSource",
    "Moderates",
    "Page",
    "PlacesCalls",
    "Polls",
    "ReadsHistory",
    "ReceivesWebhooks",
    "RegistersApplications",
    "RenewsCredentials",
    "Reports",
    "SendsMessages",
    "SendsTemplates",
    "SharesThreads",
    "SignalsTyping",
    "SignsIn",
    "Streams",
    "SubscribesWebhooks",
]
