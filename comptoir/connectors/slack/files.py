"""Files of a reply: put with Slack first, where nobody sees them, and then shared with its text in one message.

Source: Slack, "Working with files", files.getUploadURLExternal and files.completeUploadExternal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.connectors.base import Outgoing, OutgoingFile, TransientError
from comptoir.connectors.shared.untrusted import mapping, mappings, name
from comptoir.connectors.slack.api import LABEL, Workspace
from comptoir.connectors.slack.messages import said_in
from comptoir.connectors.slack.mrkdwn import escaped, readable

MAX_FILES, MAX_FILE_BYTES = 10, 1000 * 1000 * 1000
_MAX_ALT_CHARS = 1000


def share(workspace: Workspace, outgoing: Outgoing, channel: str, root: str | None) -> None:
    """Say the text together with the files; a file that is refused leaves nothing half said."""
    body: dict[str, Any] = {"files": [_put(workspace, one) for one in outgoing.files], "channel_id": channel}
    if outgoing.text:
        body["initial_comment"] = escaped(outgoing.text)
    if root:
        body["thread_ts"] = root
    workspace.tell("files.completeUploadExternal", body)


def _put(workspace: Workspace, file: OutgoingFile) -> dict[str, str]:
    """Leave one file with Slack. What is not shared afterwards Slack forgets: doing it twice harms nothing."""
    asked: dict[str, str | int] = {"filename": file.name, "length": len(file.content)}
    if file.alt_text:
        asked["alt_txt"] = file.alt_text[:_MAX_ALT_CHARS]
    told = mapping(workspace.ask("files.getUploadURLExternal", **asked).content)
    url, identifier = name(told.get("upload_url")), name(told.get("file_id"))
    if url is None or identifier is None or not url.startswith("https://"):
        raise TransientError("%(network)s did not say where to put a file.", network=LABEL)
    workspace.put(url, file.content)
    return {"id": identifier, "title": file.name}


def is_shared_in(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Whether a message is this reply: its files by their names, with its text. Slack keeps no key beside files."""
    return _names(mappings(message.get("files"))) == [one.name for one in outgoing.files] and (
        (said_in({**message, "attachments": ()}) or "").strip() == readable(escaped(outgoing.text)).strip()
    )


def _names(files: Sequence[Mapping[str, Any]]) -> list[str]:
    return [name(one.get("title")) or name(one.get("name")) or "" for one in files]
