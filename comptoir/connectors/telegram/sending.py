"""Our answers: the text, and each file as the kind of message that Telegram has for it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comptoir.connectors.base import (
    ConnectorError,
    Limits,
    Outgoing,
    OutgoingFile,
    PermanentError,
    Sent,
    TextUnit,
    UncertainError,
    text_length,
)
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import instant, mapping, name
from comptoir.connectors.telegram.bot import GONE, MOVED, UNCHANGED, Bot, split_id

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_PHOTO_BYTES = 10 * 1024 * 1024
LIMITS = Limits(
    max_text_chars=MAX_TEXT,
    text_unit=TextUnit.UTF16,
    max_files=10,
    max_file_bytes=50 * 1024 * 1024,
    sends_per_minute=600,
    max_choices=20,  # Telegram sets no bounds; beyond these they fit on no screen
    max_choice_chars=60,
)
#: How files of a type are sent; any other goes as a document.
_METHODS = {
    "image/jpeg": ("sendPhoto", "photo"), "image/png": ("sendPhoto", "photo"), "image/webp": ("sendPhoto", "photo"),
    "image/gif": ("sendAnimation", "animation"), "video/mp4": ("sendVideo", "video"),
    "audio/mpeg": ("sendAudio", "audio"), "audio/mp4": ("sendAudio", "audio"), "audio/ogg": ("sendVoice", "voice"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer goes: a chat, a topic in it, the business account it goes through, the message it answers."""

    chat_id: str
    topic: str | None
    business: str | None
    answers: str | None

    @classmethod
    def of(cls, outgoing: Outgoing) -> Target:
        """A private answer to what was said in a group goes to its author. Raises PermanentError."""
        kept = outgoing.parent_custom
        aside = outgoing.visibility == "private" and outgoing.parent_visibility == "public"
        chat = outgoing.recipient.id if aside else outgoing.thread_id or outgoing.recipient.id
        if not chat:
            raise PermanentError("Telegram was told neither a chat nor a person to write to.")
        parent = outgoing.parent_id or ""
        answers = split_id(parent)[2] if outgoing.visibility == "public" and _is_message(parent) else None
        return cls(chat, None if aside else name(kept.get("topic")), name(kept.get("business")), answers)

    def parameters(self) -> dict[str, Any]:
        answered = {"message_id": int(self.answers), "allow_sending_without_reply": True} if self.answers else None
        return {
            "business_connection_id": self.business,
            "chat_id": self.chat_id,
            "message_thread_id": int(self.topic) if self.topic and self.topic.isdigit() else None,
            "reply_parameters": answered,
        }


def send(bot: Bot, outgoing: Outgoing) -> Sent:
    """Send the text and the files. A group that became a supergroup is followed to its new id."""
    target = Target.of(outgoing)
    _stop_the_clock(bot, outgoing)
    try:
        return _send_to(bot, outgoing, target)
    except RefusedError as error:
        if not error.code.startswith(MOVED):
            raise
        return _send_to(bot, outgoing, replace(target, chat_id=error.code.removeprefix(MOVED)))


def _send_to(bot: Bot, outgoing: Outgoing, target: Target) -> Sent:
    captioned = bool(outgoing.files) and text_length(outgoing.text, TextUnit.UTF16) <= MAX_CAPTION
    sent: list[Mapping[str, Any]] = []
    try:
        if outgoing.text and not captioned:
            sent.append(_send_text(bot, outgoing.text, target, () if outgoing.files else outgoing.choices))
        for number, file in enumerate(outgoing.files, 1):
            caption = outgoing.text if captioned and not sent else ""
            choices = outgoing.choices if number == len(outgoing.files) else ()
            sent.append(_send_file(bot, file, caption, target, choices))
    except ConnectorError as error:
        if sent:
            raise UncertainError("Only a part arrived. %(reason)s", reason=error.reason) from error
        raise
    if not sent:
        raise PermanentError("There is neither a text nor a file to send.")
    return _sent(sent, target, captioned=captioned)


def _send_text(bot: Bot, text: str, target: Target, choices: Sequence[str]) -> Mapping[str, Any]:
    parameters = {**target.parameters(), "text": text, "reply_markup": _keyboard(choices, target)}
    return mapping(bot.call("sendMessage", repeatable=False, **parameters))


def _keyboard(choices: Sequence[str], target: Target) -> dict[str, Any] | None:
    """A keyboard that goes once it was used; a business account has none, and shows buttons below the message."""
    if not choices:
        return None
    if target.business:
        rows = [[{"text": one, "callback_data": str(number)}] for number, one in enumerate(choices, 1)]
        return {"inline_keyboard": rows}
    keys = [[{"text": one}] for one in choices]
    return {"keyboard": keys, "one_time_keyboard": True, "resize_keyboard": True, "selective": bool(target.answers)}


def _send_file(bot: Bot, file: OutgoingFile, caption: str, target: Target, choices: Sequence[str]) -> Mapping[str, Any]:
    method, field = _METHODS.get(file.mime_type, ("sendDocument", "document"))
    if method == "sendPhoto" and len(file.content) > _MAX_PHOTO_BYTES:
        method, field = "sendDocument", "document"
    parameters = {**target.parameters(), "caption": caption or None, "reply_markup": _keyboard(choices, target)}
    written = {
        key: json.dumps(value) if isinstance(value, dict) else value for key, value in parameters.items() if value
    }
    files = {field: (file.name, file.content, file.mime_type)}
    return mapping(bot.call(method, repeatable=False, files=files, **written))


def _sent(messages: list[Mapping[str, Any]], target: Target, *, captioned: bool) -> Sent:
    chat = name(mapping(messages[0].get("chat")).get("id")) or target.chat_id
    scope = f"{target.business}:{chat}" if target.business else chat
    ids = [f"{scope}/{name(message.get('message_id'))}" for message in messages if name(message.get("message_id"))]
    if len(ids) < len(messages):
        raise UncertainError("Telegram took the message without saying under which number it keeps it.")
    return Sent(
        ids[0],
        instant(messages[0].get("date")),
        thread_id=chat,
        custom={"captioned": True} if captioned else {},
        part_ids=tuple(ids[1:]),
    )


def _stop_the_clock(bot: Bot, outgoing: Outgoing) -> None:
    """A pressed button shows a clock until it is answered; Telegram gives up by itself, so losing this is harmless."""
    pressed = name(outgoing.parent_custom.get("callback"))
    if pressed:
        with contextlib.suppress(ConnectorError):
            bot.call("answerCallbackQuery", callback_query_id=pressed)


def _is_message(external_id: str) -> bool:
    number = external_id.rpartition("/")[2]
    return "/" in external_id and number.isdigit() and len(number) <= 12


# --- changing what was said ---------------------------------------------------------------------------------------


def edit(bot: Bot, external_id: str, text: str, custom: Mapping[str, Any]) -> None:
    """Put another text in the place of ours, or of what stands under our file; saying the same again is a success."""
    business, chat, number = split_id(external_id)
    place: dict[str, Any] = {"business_connection_id": business, "chat_id": chat, "message_id": int(number)}
    try:
        if custom.get("captioned"):
            bot.call("editMessageCaption", **place, caption=text)
        else:
            bot.call("editMessageText", **place, text=text)
    except RefusedError as error:
        if error.code != UNCHANGED:
            raise


def delete(bot: Bot, external_id: str) -> None:
    """Delete one message, within 48 hours; one that is gone is a success."""
    business, chat, number = split_id(external_id)
    try:
        if business:
            bot.call("deleteBusinessMessages", business_connection_id=business, message_ids=[int(number)])
        else:
            bot.call("deleteMessage", chat_id=chat, message_id=int(number))
    except RefusedError as error:
        if error.code != GONE:
            raise


def react(bot: Bot, external_id: str, emoji: str | None) -> None:
    """Put our one reaction under a message, or take it back."""
    _business, chat, number = split_id(external_id)
    reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
    bot.call("setMessageReaction", chat_id=chat, message_id=int(number), reaction=reaction)
