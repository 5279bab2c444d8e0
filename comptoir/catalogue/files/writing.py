"""The catalogue given out: everything that an entry says, in a form that comes back in unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comptoir.catalogue.content import Content
from comptoir.catalogue.files import markdown, tables
from comptoir.catalogue.models import CatalogueEntry, EntryVersion

FORMATS = {"jsonl": "application/jsonl", "csv": "text/csv", "md": "text/markdown"}


Pair = tuple[CatalogueEntry, EntryVersion]


def written(pairs: Iterable[Pair], form: str, brands: Mapping[int, str]) -> Iterator[str]:
    """Pieces of a file in one of FORMATS; ``brands`` are slugs by id."""
    entries = ((entry.key, fields_of(entry, version, brands)) for entry, version in pairs)
    if form == "csv":
        return tables.write(row for key, one in entries for row in _rows(key, one))
    if form == "md":
        return markdown.write(entries)
    return (json.dumps({"key": key, **one}, ensure_ascii=False) + "\n" for key, one in entries)


def fields_of(entry: CatalogueEntry, version: EntryVersion, brands: Mapping[int, str]) -> dict[str, Any]:
    """An entry as an object of our JSON lines, without its key; what is empty is left out."""
    content = Content.of_json(version.content)
    main = next((one for one in content.variants if one.language == content.language), content.variants[0])
    found: dict[str, Any] = {
        "question": content.question,
        "phrasings": list(content.phrasings),
        "answer": main.text,
        "language": content.language,
        "bot_may_answer": "bot" in content.uses,
        "uses": list(content.uses),
        "answers": [_answer(one) for one in content.variants],
        "topics": list(content.topics),
        "brand": brands.get(content.brand_id or 0, ""),
        "valid_from": content.valid_from_on.isoformat() if content.valid_from_on else "",
        "valid_until": content.valid_until_on.isoformat() if content.valid_until_on else "",
        "review_on": entry.review_on.isoformat() if entry.review_on else "",
        "owner": entry.owner.user.email if entry.owner else "",
        "approved": version.status == EntryVersion.Status.APPROVED,
    }
    always = {"phrasings", "bot_may_answer", "approved"}
    return {name: value for name, value in found.items() if value or name in always}


def _answer(variant: Any) -> dict[str, str]:
    found = {name: getattr(variant, name) for name in ("text", "language", "channel", "register", "visibility", "link")}
    return {name: value for name, value in found.items() if value}


def _rows(key: str, one: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    head = {name: str(one.get(name, "")) for name in ("question", "language", "brand", "owner", "review_on")}
    head |= {name: str(one.get(name, "")) for name in ("valid_from", "valid_until")}
    lists = {"phrasings": "\n".join(one["phrasings"])}
    lists |= {name: ", ".join(one.get(name, [])) for name in ("topics", "uses")}
    for number, answer in enumerate(one["answers"]):
        rest = {name: answer.get(name, "") for name in ("channel", "register", "visibility", "link")}
        own = {"key": key, "answer": answer["text"], "answer_language": answer["language"], **rest}
        yield own | (head | lists if number == 0 else {})
