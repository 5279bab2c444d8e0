"""Mail that no person wrote: out-of-office replies, bounces, lists, newsletters, and loops of our own."""

from __future__ import annotations

import re
from collections.abc import Collection

from comptoir.connectors.email import headers as h

#: Put on all we send: mail that comes back with it is going round in circles.
LOOP_HEADER = "X-Comptoir-Account"

_ALWAYS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-loop",
    "x-failed-recipients",
    LOOP_HEADER.lower(),
)
_LIST = ("list-id", "list-unsubscribe", "list-post", "feedback-id", "x-campaign", "x-mailchimp-campaign-id")
_PRECEDENCE = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_MACHINE = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|ne[-_.]?pas[-_.]?repondre|mailer-daemon|postmaster|bounces?"
    r"|auto[-_.]?reply|notifications?)(?:[+\-_.].*)?@",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+\-_.].*)?@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"^(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|réponse automatique|message d[’']absence"
    r"|absence du bureau|absent(?:e)? du bureau|automatische (?:antwort|antwoord)"
    r"|abwesenheitsnotiz|abwesend|respuesta automática|risposta automatica|resposta automática"
    r"|afwezigheidsbericht|autosvar|automaattinen vastaus|autoreply|automatické odpověď"
    r"|automatyczna odpowiedź|автоответ|自動返信|自动回复)\b",
    re.IGNORECASE,
)


def is_automatic(headers: h.Headers, *, author: str, subject: str, own: Collection[str]) -> bool:
    """Whether a machine sent it. Nothing automatic is ever answered automatically."""
    if h.header_text(headers, "content-type").lower().startswith("multipart/report"):
        return True
    submitted = h.header_text(headers, "auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(name in headers for name in _ALWAYS) or h.header_text(headers, "return-path").replace(" ", "") == "<>":
        return True
    if h.header_text(headers, "x-auto-response-suppress").strip().lower() not in (
        "",
        "none",
        "dr",
        "rn",
        "nrn",
        "dr, rn, nrn",
    ):
        return True
    if _is_listed(headers) and not _is_own_list(headers, own):
        return True
    if _MACHINE.match(author) and not _answers_elsewhere(headers, author):
        return True
    return bool(_SUBJECT.match(subject))


def is_from_daemon(headers: h.Headers, author: str) -> bool:
    """Whether a mail server itself speaks. An empty Return-Path alone says no such thing: absent people have it too."""
    return bool(_DAEMON.match(author)) or author.lower() == "mailer-daemon" or "x-failed-recipients" in headers


def _is_listed(headers: h.Headers) -> bool:
    return h.header_text(headers, "precedence").lower() in _PRECEDENCE or any(name in headers for name in _LIST)


def _is_own_list(headers: h.Headers, own: Collection[str]) -> bool:
    """A shared mailbox may be a mailing list (Google Groups): people's mail to it bears a list's headers."""
    listed = h.header_text(headers, "list-id").lower() + h.header_text(headers, "list-post").lower()
    return any(address and (address in listed or address.replace("@", ".") in listed) for address in own)


def _answers_elsewhere(headers: h.Headers, author: str) -> bool:
    """A contact form writes from no-reply@ and names the customer in Reply-To."""
    wanted = h.addresses(headers, "reply-to")
    return bool(wanted) and wanted[0][1].lower() != author.lower() and not _MACHINE.match(wanted[0][1])
