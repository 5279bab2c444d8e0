"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("comptoir", "tests", "benchmarks", "scripts")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts and "node_modules" not in path.parts
]
FORBIDDEN_FILES = {"services.py", "utils.py", "helpers.py", "common.py", "util.py", "misc.py"}
FORBIDDEN_NAMES = {"data", "info", "process"}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_no_file_has_a_name_that_says_nothing():
    assert [str(path) for path in SOURCES if path.name in FORBIDDEN_FILES] == []


def test_no_class_is_a_manager():
    found = [
        f"{path}: {node.name}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Manager")
    ]
    assert found == []


def test_no_file_of_ours_is_longer_than_its_reader():
    long = {str(path): count for path in SOURCES if (count := len(path.read_text("utf-8").splitlines())) > 350}
    assert {path for path in long if "/tests" not in path and "fixtures" not in path} == set()


def test_nothing_is_left_to_do():
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b")
    here = Path(__file__).resolve()
    assert [str(path) for path in SOURCES if path.resolve() != here and pattern.search(path.read_text("utf-8"))] == []


def test_no_path_of_one_machine_and_no_registry_is_written_down():
    pattern = re.compile(r"/work/|/root/|/home/[a-z]+/|files\.pythonhosted\.org|registry\.npmjs\.org|pypi\.org/simple")
    texts = [
        *SOURCES,
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("*.lock"),
        *ROOT.glob("*.toml"),
        ROOT / "Makefile",
        ROOT / ".ci" / "run",
    ]
    here = Path(__file__).resolve()
    assert [
        str(path)
        for path in texts
        if path.exists() and path.resolve() != here and pattern.search(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("app", sorted(path.parent.name for path in (ROOT / "comptoir").glob("*/apps.py")))
def test_every_app_is_installed(app):
    from django.conf import settings

    assert f"comptoir.{app}" in settings.INSTALLED_APPS


def test_models_have_their_migrations(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_environment_is_documented():
    """Every variable that the code reads stands in docs/operations.md."""
    documented = (ROOT / "docs" / "operations.md").read_text("utf-8")
    internal = {"COMPTOIR_SUPERVISOR_PID"}
    read = {
        name
        for path in SOURCES
        if path.is_relative_to(ROOT / "comptoir") and path.name != "tests.py" and "tests" not in path.parts
        for name in re.findall(r"\bCOMPTOIR_[A-Z0-9_]+\b", path.read_text("utf-8"))
    }
    assert sorted(name for name in read - internal if f"`{name}`" not in documented) == []


def test_no_group_is_repeated_possessively():
    """Python before 3.11.5 matches such patterns wrongly where the group can be matched in several ways (gh-106052)."""
    pattern = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+(?=[^\d])")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "comptoir") and "tests" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if 'r"' in line or "r'" in line or 'rb"' in line
        if pattern.search(line)
    ]
    assert found == []
