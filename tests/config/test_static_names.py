"""Every module that a laid-out module names is there: a name that is wrong would stop all scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management import call_command

from comptoir.config.static_files import _MANNER

_NAMED = re.compile(
    r"""(?:\bfrom|^import)\s*["'](\.{1,2}/[^"']+)["']|\bimport\(["'](\.{1,2}/[^"']+)["']\)""", re.MULTILINE
)


def test_modules_name_one_another_by_content(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "comptoir.config.static_names.NamedByContent"}}
    call_command("collectstatic", *_MANNER, skip_checks=True)
    modules = [
        path for path in (tmp_path / "comptoir/js").rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)
    ]
    named = [(path, found[0] or found[1]) for path in modules for found in _NAMED.findall(path.read_text())]
    assert len(named) > 20
    for path, name in named:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), f"{path.name} imports {name}"
        assert (path.parent / name).is_file(), f"{path.name} imports {name}, which is not there"
    assert (tmp_path / "comptoir/css/finding.css.gz").is_file()
