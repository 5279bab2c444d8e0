"""Messages and receipts of SMS gateways in the words of this house."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from typing import Any

from comptoir.connectors.base import Attachment, Author, Delivery, Direction, EventKind, NetworkEvent
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.shared.opting_out import wish_of
from comptoir.connectors.shared.telephone_numbers import in_full
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, name, number, text, whole
from comptoir.connectors.sms.addresses import bare, other_addresses
from comptoir.connectors.sms.charsets import decoded, readable
from comptoir.connectors.sms.fields import Fields, plain_name, read_fields
from comptoir.connectors.sms.parts import joined, part_of
from comptoir.core.reasons import Reason

_ID = ("messagesid", "smssid", "smsmessagesid", "sid", "messageuuid", "messageid", "msgid", "smsid", "id", "uuid",
       "inboundmessageid")  # fmt: skip
_FROM = ("from", "msisdn", "originator", "sender", "source", "src", "fromnumber", "mobile", "phonenumber", "phone",
         "originationnumber")  # fmt: skip
_TO = ("to", "recipient", "recipients", "destination", "dest", "receiver", "tonumber", "destinationaddress", "owner",
       "destinationnumber")  # fmt: skip
_TEXT = ("body", "text", "content", "message", "msg", "messagetext", "messagebody", "smstext")
_TIME = ("datesent", "receivedat", "createddatetime", "messagetimestamp", "timestamp", "time", "sentat", "datecreated",
         "donedate", "statusdatetime", "statustime", "date", "receiveddate", "senttimestamp", "occurredat",
         "outertimestamp", "creationdatetime", "messagetime", "completedat", "outeroccurredat")  # fmt: skip
#: What a gateway says happened, by its words without dashes and case.
_WORDS: dict[str, EventKind] = {
    **dict.fromkeys(
        ["received", "receiving", "messagereceived", "inbound", "incoming", "mo", "motext", "inboundmessage",
         "inboundsms", "smsreceived", "mobinary", "momedia", "inboundmessagereceived"],
        EventKind.MESSAGE,
    ),
    **dict.fromkeys(["sent", "messagesent", "smssent"], EventKind.SENT),
    **dict.fromkeys(
        ["delivered", "delivrd", "messagedelivered", "smsdelivered", "deliveredtohandset", "deliveredtoterminal",
         "deliverysuccess", "partiallydelivered", "messagefinalizeddelivered"],
        EventKind.DELIVERY,
    ),
    **dict.fromkeys(["read", "messageread", "seen"], EventKind.READ),
    **dict.fromkeys(
        ["failed", "undelivered", "undeliv", "undeliverable", "rejected", "rejectd", "expired", "messagefailed",
         "deliveryfailed", "deliveryfailure", "sendingfailed", "error", "smsfailed", "canceled", "cancelled", "deleted",
         "unreachable", "aborted"],
        EventKind.FAILED,
    ),
    **dict.fromkeys(
        ["queued", "accepted", "sending", "scheduled", "submitted", "buffered", "enroute", "pending", "dispatched",
         "messagesending", "acceptd", "processing", "created", "messagequeued"],
        EventKind.IGNORED,
    ),
}  # fmt: skip
#: What became of a message, in Kannel's numbers (its user guide, "Delivery Report values").
_KANNEL = {
    1: EventKind.DELIVERY, 2: EventKind.FAILED, 4: EventKind.IGNORED, 8: EventKind.SENT, 16: EventKind.FAILED,
}  # fmt: skip
#: Why Twilio could not deliver ("Error and Warning Dictionary"), where whoever answers can do something about it.
_MEANINGS = {
    "30003": Reason("This telephone cannot be reached at the moment: it is off, out of range, or takes no SMS."),
    "30004": Reason("This telephone, or its operator, blocks our messages: call, or write elsewhere."),
    "30005": Reason("Nobody has this number any more: look whether it is right."),
    "30006": Reason("This number cannot receive an SMS: it is not a mobile's."),
    "30007": Reason("The operator took it for advertising and held it back: say it otherwise, without a link."),
    "30008": Reason("The operator did not say why it was not delivered: send it again, or call."),
}
_OUTBOUND = re.compile(r"out|mt$|sent", re.IGNORECASE)


def read_delivery(delivery: Delivery, own_number: str | None) -> list[NetworkEvent]:
    """Every event of one delivery, each once; parts of long messages are put together. Raises PayloadError."""
    read = [(_event(fields, own_number), part_of(fields)) for fields in read_fields(delivery)]
    return each_once(joined(read)) or [NetworkEvent(EventKind.IGNORED, reason="An empty page.")]


def _event(fields: Fields, own_number: str | None) -> NetworkEvent:
    kind, word = _kind_of(fields)
    if kind is EventKind.MESSAGE:
        return _message(fields, own_number)
    customer = _number(fields.said("msisdn")) or _number(fields.said(*_TO)) or _number(fields.said(*_FROM))
    customer = in_full(customer, own_number) if customer else None
    is_receipt = kind is not EventKind.IGNORED
    return NetworkEvent(
        kind,
        "outgoing" if is_receipt else None,
        "private" if is_receipt else None,
        external_id=None if is_receipt else name(fields.said(*_ID)),
        target_id=name(fields.said(*_ID)) if is_receipt else None,
        thread_id=customer if is_receipt else None,
        author=Author(customer, customer) if is_receipt and customer else Author(),
        sent_at=_instant(fields),
        reason=_why_failed(fields, word) if kind is EventKind.FAILED else None if is_receipt else _why_ignored(word),
    )


def _kind_of(fields: Fields) -> tuple[EventKind, str]:
    """What is told, by the gateway's own words: its kind of event first, then the state it gives."""
    by_number = _KANNEL.get(whole(fields.any("dlr", "dlrtype")) or 0)
    if by_number is not None:
        return by_number, f"dlr {fields.said('dlr', 'dlrtype')}"
    word = ""
    for said in _words(fields):
        word = word or said
        found = _WORDS.get(said)
        if found is EventKind.MESSAGE or (found is not None and not _is_record(fields)):
            return found, said
    speaks = fields.said(*_FROM) and (_has_content(fields) or not word or _is_record(fields))
    return (EventKind.MESSAGE, word) if speaks or _is_record(fields) else (EventKind.IGNORED, word)


def _words(fields: Fields) -> Iterator[str]:
    for field in ("messagestatus", "eventtype", "type", "outertype", "outereventtype", "event", "smsstatus", "status",
                  "state", "deliverystatus", "dlrstatus", "messagestate", "msgstatus"):  # fmt: skip
        value = fields.any(field)
        said = mapping(value).get("groupName") or mapping(value).get("name") or mapping(value).get("code") or value
        if isinstance(said, str) and said:
            yield plain_name(said.rpartition(".")[2] if "." in said else said)
            yield plain_name(said)
    yield from reversed(fields.wrapped_in)
    if _OUTBOUND.search(name(fields.said("direction")) or ""):  # what Telnyx says of each recipient in the end
        yield plain_name(inside(fields.any("to"), 0, "status") or "")


def _is_record(fields: Fields) -> bool:
    """A message as an API lists it, whose state is not news."""
    return "datecreated" in fields.content and "sid" in fields.content


def _has_content(fields: Fields) -> bool:
    names = (*_TEXT, "media", "mediaurl0", "nummedia", "latitude", "messagetype", "smsmessagesid", "smssid")
    return any(field in fields.content for field in names)


def _message(fields: Fields, own_number: str | None) -> NetworkEvent:
    sender, recipient = _number(fields.said(*_FROM)), _number(fields.said(*_TO))
    said = name(fields.said("direction")) or ""
    is_ours = bool(_OUTBOUND.search(said)) or (own_number is not None and sender == own_number)
    shown = recipient if is_ours else sender
    customer = in_full(shown, own_number) if shown else None
    pressed = name(fields.said("buttonpayload"))
    text_ = _text(fields)
    wish = None if is_ours else wish_of(text_, name(fields.said("optouttype")))
    written = fields.said(*(_TO if is_ours else _FROM))
    named = name(fields.said("profilename", "sendername", "contactname"))
    earlier = (shown,) if shown and shown != customer else ()  # as they were known before
    who = Author(customer, customer, named, aliases=(*other_addresses(customer, written), *earlier))
    return NetworkEvent(
        EventKind.POSTBACK if pressed else EventKind.MESSAGE,
        _direction(is_ours),
        "private",
        external_id=name(fields.said(*_ID)),
        parent_id=name(fields.said("originalrepliedmessagesid", "inreplyto", "replyto")),
        thread_id=customer,
        author=Author(sender, sender) if is_ours else who,
        counterpart=who if is_ours else None,
        text=(name(fields.said("buttontext")) or text_) if pressed else text_,
        attachments=tuple(_attachments(fields)),
        sent_at=_instant(fields),
        custom=wish or {},
    )


def _direction(is_ours: bool) -> Direction:
    return "outgoing" if is_ours else "incoming"


def _text(fields: Fields) -> str | None:
    """The text, its letters as the gateway says; its zero bytes and halves are dealt with once parts are together."""
    field = next((one for one in _TEXT if isinstance(fields.content.get(one), str)), None)
    if field is None:
        return text(inside(fields.any("content"), "text"))
    charset, coding = fields.said("charset", "encoding") or "", fields.said("coding", "dcs", "datacoding") or ""
    raw = fields.raw.get(field)
    if raw is not None:
        return decoded(raw, charset, coding)
    written = str(fields.content[field])
    if coding or (fields.said("type") or "").lower() == "unicode":
        content = written.encode("utf-8", "surrogatepass")
        return decoded(content, coding=coding or "unicode") if written.isascii() else written
    return written


def _attachments(fields: Fields) -> Iterator[Attachment]:
    for position in range(min(whole(fields.any("nummedia")) or 10, 50)):
        url = name(fields.said(f"mediaurl{position}", f"media{position}"))
        if url:
            yield _file(url, name(fields.said(f"mediacontenttype{position}")))
    listed = fields.any("media", "mediaurls", "mediaurl", "attachments", "mms")
    for one in items(listed) if isinstance(listed, list) else [listed]:
        described = mapping(one)
        url = name(one) if isinstance(one, str) else name(described.get("url"))
        if url and "://" in url:
            kind = name(described.get("content_type")) or name(described.get("contentType"))
            yield _file(url, kind, whole(described.get("size")))
    latitude, longitude = number(fields.any("latitude")), number(fields.any("longitude"))
    if latitude is not None and longitude is not None:
        where = name(fields.said("label")) or name(fields.said("address"))
        yield Attachment("location", f"geo:{latitude},{longitude}", where)


def _file(url: str, mime_type: str | None, size_bytes: int | None = None) -> Attachment:
    shown = mime_type or mimetypes.guess_type(url.partition("?")[0][-200:])[0] or ""
    family = shown.split("/", 1)[0]
    kind = family if family in ("image", "video", "audio") else "contact" if "vcard" in shown else "file"
    return Attachment(kind, url, mime_type=mime_type, size_bytes=size_bytes)


def _instant(fields: Fields) -> Any:
    return next((found for field in _TIME if (found := instant(fields.any(field))) is not None), None)


def _number(said: str | None) -> str | None:
    """A number as the gateway writes it; a plus that a form made a space of is put back."""
    if said is None:
        return None
    written = f"+{said.strip()}" if re.fullmatch(r" \d{6,15}", said) else said.strip()
    return bare(readable(written)) or None


def _why_failed(fields: Fields, word: str) -> Reason:
    said = [name(fields.said(field)) for field in ("errorcode", "errcode", "reason", "errormessage", "description",
                                                  "errorcodelabel", "statusreason", "outererrorcode")]  # fmt: skip
    known = [one for one in said if one and one != "0"]
    meant = next((_MEANINGS[one] for one in known if one in _MEANINGS), None) if fields.said("messagesid") else None
    if meant is not None:
        return meant
    return Reason("The network could not deliver it (%(said)s).", said=", ".join(dict.fromkeys(known)) or word)


def _why_ignored(word: str) -> str:
    return (
        f"On its way ({word})." if word in _WORDS else f"Neither a message nor a receipt ({word or 'no kind given'})."
    )
