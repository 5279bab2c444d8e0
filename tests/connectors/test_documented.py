"""What is written about connectors holds for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir import connectors
from comptoir.connectors.base import (
    DeletesOthers,
    EditsMessages,
    HidesOthers,
    Likes,
    Measures,
    Moderates,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    Reports,
    SendsMessages,
    SendsTemplates,
    SignsIn,
    Streams,
)
from comptoir.connectors.registry import connector_classes

TABLE = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text(encoding="utf-8")
KINDS = sorted(connector_classes())


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_a_row_in_the_table_and_a_page_of_its_own(kind: str) -> None:
    assert f"| `{kind}` |" in TABLE
    assert (Path(connectors.__file__).parent / kind / "README.md").stat().st_size > 300


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_tried_is_said_in_both_languages(kind: str) -> None:
    connector = connector_classes()[kind]
    row = next(line for line in TABLE.splitlines() if f"| `{kind}` |" in line)
    assert all(connector.unverified) == any(connector.unverified)
    assert ("**not" in row) <= all(connector.unverified), "the table reserves what the screen does not"


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_told_what_to_do_first(kind: str) -> None:
    connector = connector_classes()[kind]
    assert connector.preparations
    pairs = [*connector.preparations, *connector.absences, *(field.label for field in connector.credential_fields)]
    assert all(french and english for french, english in pairs)
    if issubclass(connector, SignsIn):
        assert all(all(scope.why) for scope in connector.oauth.scopes)


def _cells(kind: str) -> dict[str, str]:
    """The row of one kind, by the names of the columns."""
    head = next(line for line in TABLE.splitlines() if line.startswith("| network | kind |"))
    row = next(line for line in TABLE.splitlines() if f"| `{kind}` |" in line)
    columns, cells = ([one.strip() for one in line.strip("|").split("|")] for line in (head, row))
    return dict(zip(columns, cells, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_says_what_the_code_can_do(kind: str) -> None:
    known, cells = connector_classes()[kind], _cells(kind)
    answers = f"{cells['reply in public']} {cells['reply in private']}"
    moderates = cells["hide, delete"]
    said = {
        "history": not cells["history"].startswith(("–", "`comptoir import`")),
        "edits": "edit" in answers,
        "takes back": "ours" in moderates or "own" in moderates,
        "hides or removes": any(word in moderates for word in ("hide", "hold", "remove", "others’")),
        "reports": "report" in moderates,
        "likes": cells["like"] != "–",
        "figures": cells["native figures"] != "–",
        "templates": "template" in answers,
        "publishes": cells["publish"] != "–",
    }
    done = {
        "history": issubclass(known, ReadsHistory),
        "edits": issubclass(known, EditsMessages),
        "takes back": issubclass(known, Moderates),
        "hides or removes": issubclass(known, HidesOthers | DeletesOthers),
        "reports": issubclass(known, Reports),
        "likes": issubclass(known, Likes),
        "figures": issubclass(known, Measures),
        "templates": issubclass(known, SendsTemplates),
        "publishes": False,
    }
    assert said == done


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_says_how_it_receives(kind: str) -> None:
    known, cell = connector_classes()[kind], _cells(kind)["receive"].lower()
    polled = ("poll", "asking", "archive", "queue", "imap")
    pushed = ("webhook", "post", "events api", "interactions", "notices")
    assert any(word in cell for word in polled) == issubclass(known, Polls)
    assert any(word in cell for word in pushed) == issubclass(known, ReceivesWebhooks)
    streamed = ("stream", "gateway", "queue", "idle", "asterisk")
    assert any(word in cell for word in streamed) == issubclass(known, Streams)


@pytest.mark.parametrize("kind", KINDS)
def test_who_answers_and_who_does_not_is_in_the_table(kind: str) -> None:
    known, cells = connector_classes()[kind], _cells(kind)
    none = ("–", "no ", "not open", "calls")
    answers = [not cells[column].startswith(none) for column in ("reply in public", "reply in private")]
    assert any(answers) == issubclass(known, SendsMessages)


def test_every_network_that_would_publish_is_named_where_publishing_is_missed() -> None:
    missed = TABLE.partition("**Publish**")[2].partition("RCS is")[0]
    for kind in KINDS:
        label = connector_classes()[kind].label
        assert (f"{label}" in missed) == connector_classes()[kind].offers_publishing, label
