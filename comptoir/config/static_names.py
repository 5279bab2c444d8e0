"""Names by content for static files, also in the imports of one module by another."""

from __future__ import annotations

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: One statement at a time: Django's own patterns reach from one `export` into the next import and name it twice.
_STATEMENT = (
    r"""(?P<matched>(?m:^)(?P<statement>(?:import|export)\b[^;'"()]*?\bfrom\s*|import\s*)"""
    r"""["'](?P<url>\.{1,2}/[^"']+)["'])"""
)
_CALL = r"""(?P<matched>\bimport\(\s*["'](?P<url>\.{1,2}/[^"']+)["']\s*\))"""


class NamedByContent(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A file that is not listed keeps its own name, so that a page never breaks over a picture."""

    manifest_strict = False
    patterns = (
        *HashedFilesMixin.patterns,
        ("*.js", ((_STATEMENT, '%(statement)s"%(url)s"'), (_CALL, 'import("%(url)s")'))),
    )
