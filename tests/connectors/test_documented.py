"""What is written about connectors holds for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir import connectors
from comptoir.connectors.base import SignsIn
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
