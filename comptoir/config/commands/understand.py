"""`comptoir understand`: what is understood of each line of the standard input.

Nothing is stored, and Django is not loaded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from comptoir.config.language import _, gettext_noop
from comptoir.understanding.analysis import Analysis
from comptoir.understanding.reader import understand

_BATCH = 256
#: A line longer than this is read up to here.
_MAX_BYTES = 1_000_000
_WORTH_SAYING = 0.5

_LABELS = {
    "negative": gettext_noop("negative"),
    "neutral": gettext_noop("neutral"),
    "positive": gettext_noop("positive"),
    "question": gettext_noop("question"),
    "complaint": gettext_noop("complaint"),
    "request": gettext_noop("request"),
    "praise": gettext_noop("praise"),
    "purchase_intent": gettext_noop("thinks of buying"),
    "chatter": gettext_noop("chatter"),
    "safety": gettext_noop("safety"),
    "legal": gettext_noop("legal threat"),
    "churn": gettext_noop("leaving"),
    "deadline": gettext_noop("deadline"),
    "distress": gettext_noop("distress"),
    "press": gettext_noop("press or large audience"),
    "repeated": gettext_noop("contacted before"),
    "phone": gettext_noop("telephone number"),
    "email": gettext_noop("e-mail address"),
    "address": gettext_noop("postal address"),
    "iban": gettext_noop("bank account"),
    "card": gettext_noop("payment card"),
    "nir": gettext_noop("social security number"),
    "tax": gettext_noop("tax number"),
    "order": gettext_noop("order number"),
    "customer": gettext_noop("customer number"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two forms."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object for each line"))
    parser.add_argument("--light", action="store_true", help=_("the fast form, for listening to a stream"))


def run(options: argparse.Namespace) -> int:
    """One line out for each line in, in order, a batch at a time."""
    lines = _lines()
    while batch := list(islice(lines, _BATCH)):
        for analysis in understand(batch, light=options.light):
            said = json.dumps(analysis.to_json(), ensure_ascii=False) if options.json else _readable(analysis)
            sys.stdout.buffer.write(said.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _lines() -> Iterator[str]:
    """The lines of the standard input; what is not UTF-8 is replaced, an empty line is one too."""
    for line in sys.stdin.buffer:
        ended = line.removesuffix(b"\n").removesuffix(b"\r")
        yield ended[:_MAX_BYTES].decode("utf-8", "replace")


def _readable(analysis: Analysis) -> str:
    sentiment, intent = analysis.sentiment, analysis.intent
    parts = [
        analysis.language,
        f"{_(_LABELS[sentiment.label])} {_share(sentiment.confidence)}",
        f"{_(_LABELS[intent.label])} {_share(intent.confidence)}",
        _("to be answered") if analysis.needs_answer else _("no answer needed"),
        _("urgency {level}").format(level=analysis.urgency.level) + _in_brackets(analysis.urgency.grounds),
        *(f"{topic.key} {_share(topic.confidence)}" for topic in analysis.topics),
    ]
    if analysis.toxicity >= _WORTH_SAYING:
        parts.append(_("insults or threats {share}").format(share=_share(analysis.toxicity)))
    if analysis.spam >= _WORTH_SAYING:
        parts.append(_("spam {share}").format(share=_share(analysis.spam)))
    if analysis.personal_data:
        kinds = dict.fromkeys(one.kind for one in analysis.personal_data)
        parts.append(_("personal data") + _in_brackets(tuple(kinds)))
    return " · ".join(parts)


def _share(chance: float) -> str:
    return _("{count}%").format(count=round(100 * chance))


def _in_brackets(names: Sequence[str]) -> str:
    return f" ({', '.join(_(_LABELS[name]) for name in names)})" if names else ""
