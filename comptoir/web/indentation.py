"""Templates without their indentation: it is for whoever reads the source, and an eighth of a page would be spaces."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders.app_directories import Loader

_INDENT = re.compile(r"\n[ \t]+")
#: What is shown as it is written, and what a translation is looked up by.
_AS_IT_IS = re.compile(
    r"(<pre\b.*?</pre>|<textarea\b.*?</textarea>|{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%})", re.DOTALL
)


def without_indentation(source: str) -> str:
    """The same lines, each from its first sign on: an error still names the line it is on."""
    parts = _AS_IT_IS.split(source)
    parts[::2] = [_INDENT.sub("\n", part) for part in parts[::2]]
    return "".join(parts)


class UnindentedLoader(Loader):
    """The templates of our apps and of those we use; of a page alone, as a letter is sent as it is written."""

    def get_contents(self, origin: Origin) -> str:
        source: str = super().get_contents(origin)
        return without_indentation(source) if str(origin).endswith(".html") else source
