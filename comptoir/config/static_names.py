"""Names by content for static files, also in the imports of one module by another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A file that is not listed keeps its own name, so that a page never breaks over a picture."""

    support_js_module_import_aggregation = True
    manifest_strict = False
