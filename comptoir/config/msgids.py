"""The texts that the source wants translated: calls of gettext in Python, tags in templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from comptoir.config.catalogue import Key

#: Calls whose first text is said in the reader's language when it is read: reasons, and errors whose text is one.
_REASONS = (
    "Reason",
    "template",
    "AuthError",
    "CaseError",
    "FetchFailedError",
    "ForeignHostError",
    "PayloadError",
    "PermanentError",
    "PostgresError",
    "SecretsError",
    "SignatureError",
    "StreamError",
    "TransientError",
    "UncertainError",
    "UnsafeAddressError",
)
#: Name of the function -> which arguments are (text, plural, context).
_FUNCTIONS: dict[str, tuple[int, int | None, int | None]] = {
    **dict.fromkeys(_REASONS, (0, None, None)),
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
_CALL_IN_TEMPLATE = re.compile(r"(?<![\w.])(n?p?gettext|_)\(")


def used_texts(package: Path) -> dict[Key, str]:
    """Every text to translate below ``package``, with one place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if not path.is_file() or "migrations" in inside or "tests" in inside or path.name == "tests.py":
            continue
        if path.suffix == ".py":
            texts = _in_python(path.read_text("utf-8"))
        elif path.suffix in (".html", ".txt") and "templates" in inside:
            texts = _in_template(path.read_text("utf-8"), path.name)
        else:
            continue
        for key in texts:
            found.setdefault(key, str(path.relative_to(package)))
    return found


def _in_python(source: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = (
                node.func.id
                if isinstance(node.func, ast.Name)
                else node.func.attr
                if isinstance(node.func, ast.Attribute)
                else ""
            )
            key = _key_of(name, [one.value if isinstance(one, ast.Constant) else None for one in node.args])
            if key is not None:
                yield key


def _in_template(source: str, name: str) -> Iterator[Key]:
    """Django turns the tags of a template into calls of gettext; everything else of it becomes noise."""
    from django.utils.translation.template import templatize

    calls = templatize(source, origin=name)
    for found in _CALL_IN_TEMPLATE.finditer(calls):
        key = _key_of(found.group(1), _leading_texts(calls[found.end() :]))
        if key is not None:
            yield key


def _leading_texts(arguments: str) -> list[object]:
    texts: list[object] = []
    rest = arguments.lstrip()
    while literal := re.match(r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?\s*""", rest):
        texts.append(ast.literal_eval(literal.group(1)))
        rest = rest[literal.end() :]
    return texts


def _key_of(name: str, arguments: list[object]) -> Key | None:
    if name not in _FUNCTIONS:
        return None
    text, plural, context = (
        None if at is None else arguments[at] if at < len(arguments) else None for at in _FUNCTIONS[name]
    )
    if not isinstance(text, str) or not text:
        return None
    return Key(text, plural if isinstance(plural, str) else "", context if isinstance(context, str) else "")
