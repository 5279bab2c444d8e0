"""Namespaces of the extensions we speak, and the parts of an address."""

from __future__ import annotations

from comptoir.connectors.shared.untrusted import storable

CLIENT = "jabber:client"
FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
PING = "urn:xmpp:ping"
RSM = "http://jabber.org/protocol/rsm"
FORM = "jabber:x:data"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CARBONS = "urn:xmpp:carbons:2"  # XEP-0280
CORRECTION = "urn:xmpp:message-correct:0"  # XEP-0308
DISCO_INFO = "http://jabber.org/protocol/disco#info"  # XEP-0030
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
DELAY = "urn:xmpp:delay"  # XEP-0203
FALLBACK = "urn:xmpp:fallback:0"  # XEP-0428
FILE_METADATA = "urn:xmpp:file:metadata:0"  # XEP-0446
FORWARD = "urn:xmpp:forward:0"  # XEP-0297
MAM = "urn:xmpp:mam:2"  # XEP-0313
MARKERS = "urn:xmpp:chat-markers:0"  # XEP-0333
MODERATED = "urn:xmpp:message-moderate:1"  # XEP-0425
MUC, MUC_USER = "http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user"  # XEP-0045
NICK = "http://jabber.org/protocol/nick"  # XEP-0172
OCCUPANT_ID = "urn:xmpp:occupant-id:0"  # XEP-0421
OMEMO = "eu.siacs.conversations.axolotl"  # XEP-0384
OOB = "jabber:x:oob"  # XEP-0066
REACTIONS = "urn:xmpp:reactions:0"  # XEP-0444
RECEIPTS = "urn:xmpp:receipts"  # XEP-0184
REPLY = "urn:xmpp:reply:0"  # XEP-0461
RETRACT, RETRACT_0 = "urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"  # XEP-0424
SHARED_FILES = "urn:xmpp:sfs:0"  # XEP-0447
SID = "urn:xmpp:sid:0"  # XEP-0359
UPLOAD = "urn:xmpp:http:upload:0"  # XEP-0363
URL_DATA = "http://jabber.org/protocol/url-data"  # XEP-0103


def bare(jid: str | None) -> str | None:
    """An address without its device: user@server."""
    return storable(jid).partition("/")[0].lower() or None if jid else None


def full(jid: str | None) -> str | None:
    """An address with what stands behind its slash: in a room, who says it."""
    room, nick = bare(jid), resource(jid)
    return f"{room}/{nick}" if room and nick else room


def resource(jid: str | None) -> str | None:
    """What stands behind the slash: a device or, in a room, a nickname."""
    return storable(jid).partition("/")[2] or None if jid else None
