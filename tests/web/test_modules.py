"""The screens' modules: which imports which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import comptoir

STATIC = Path(comptoir.__file__).parent / "web" / "static"
#: `import … from "./a.js"`, `export … from "./a.js"`, `import "./a.js"` and `import("./a.js")`: each is rewritten to
#: the name with its digest, so that each counts.
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)

Imports = Mapping[str, list[str]]


def imports_within(folder: Path) -> Imports:
    found = {}
    for module in sorted(folder.rglob("*.js")):
        named = _IMPORT.findall(_COMMENT.sub("", module.read_text("utf-8")))
        there = [(module.parent / one).resolve().relative_to(folder.resolve()).as_posix() for one in named]
        found[module.relative_to(folder).as_posix()] = there
    return found


def circle(imports: Imports) -> list[str]:
    """The first circle that is found, its first module named again at its end; empty where there is none."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> Iterator[list[str]]:
        if module in way:
            yield [*way[way.index(module) :], module]
        elif module not in done:
            for one in imports.get(module, ()):
                yield from walk(one, [*way, module])
            done.add(module)

    return next((found for module in imports for found in walk(module, [])), [])


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Each one's name has a digest of what it says in it, names of what it imports included: in a circle there is no
    last one to begin with, and `collectstatic` leaves names that no file has.
    """
    found = circle(imports_within(STATIC))
    assert not found, "These import each other: " + " -> ".join(found)


def test_what_is_imported_is_there() -> None:
    imports = imports_within(STATIC)
    assert {one for named in imports.values() for one in named} <= set(imports)
    assert imports["comptoir/js/composer.js"], "imports are read"


@pytest.mark.parametrize(
    "statement",
    ['import { a } from "./b.js";', "import './b.js';", 'export {\n  a,\n} from "./b.js";', 'import("./b.js").then(a)'],
)
def test_a_circle_is_found_and_named(tmp_path: Path, statement: str) -> None:
    for name, written in {
        "a": statement,
        "b": 'import "./c.js";',
        "c": 'import "./a.js";',
        "d": "// import './d.js'",
    }.items():
        (tmp_path / f"{name}.js").write_text(written, "utf-8")
    assert circle(imports_within(tmp_path)) == ["a.js", "b.js", "c.js", "a.js"]
