"""Asking Akismet whether a message is spam, where a company has a key (akismet.com/developers, comment-check 1.1).

It only ever adds: what it calls spam is spam with a probability of at least CALLED_SPAM; what it lets pass is as we
read it. No network tells us from which address somebody wrote, which Akismet asks for: it is given nobody's, and judges
by the text. The text leaves without personal data, and no name goes with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import httpx

from comptoir.understanding.analysis import Analysis
from comptoir.understanding.replacing.masking import masked
from comptoir.understanding.replacing.settings import AkismetSettings

CALLED_SPAM, CALLED_BLATANT = 0.9, 0.99
_URL = "https://rest.akismet.com/1.1/comment-check"
_DAY_S, _PAUSE_S, _FAILURES_BEFORE_PAUSE, _MAX_CHARS = 86_400.0, 60.0, 3, 10_000
_NOBODYS_ADDRESS = "127.0.0.1"


@dataclass
class Akismet:
    """Counts its calls, and leaves the service alone for a minute after some failures in a row."""

    settings: AkismetSettings
    client: httpx.Client = field(default_factory=httpx.Client)
    now: Callable[[], float] = time.monotonic
    _calls: int = 0
    _day_began: float | None = None
    _failures: int = 0
    _paused_until: float = float("-inf")

    def judged(self, texts: Sequence[str], analyses: Sequence[Analysis]) -> list[Analysis]:
        """The analyses, with what Akismet calls spam called so; as they were where it does not answer."""
        return [self._judged(text, one) for text, one in zip(texts, analyses, strict=True)]

    def _judged(self, text: str, ours: Analysis) -> Analysis:
        if not text.strip() or ours.spam >= CALLED_SPAM or not self._may_ask():
            return ours
        try:
            called = self._asked(masked(text, ours.personal_data)[:_MAX_CHARS], ours.language)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            self._failures += 1
            if self._failures >= _FAILURES_BEFORE_PAUSE:
                self._paused_until, self._failures = self.now() + _PAUSE_S, 0
            return ours
        self._failures = 0
        return replace(ours, spam=max(ours.spam, called))

    def _may_ask(self) -> bool:
        now = self.now()
        if self._day_began is None or now - self._day_began >= _DAY_S:
            self._day_began, self._calls = now, 0
        if now < self._paused_until or self._calls >= self.settings.calls_per_day or not self.settings.key():
            return False
        self._calls += 1
        return True

    def _asked(self, text: str, language: str) -> float:
        """How probable spam is by its word. Raises ValueError where it says neither yes nor no (a wrong key)."""
        response = self.client.post(
            _URL,
            timeout=self.settings.timeout_s,
            data={
                "api_key": self.settings.key(),
                "blog": self.settings.blog,
                "user_ip": _NOBODYS_ADDRESS,
                "comment_type": "message",
                "comment_content": text,
                "blog_lang": language,
                "blog_charset": "UTF-8",
            },
        )
        response.raise_for_status()
        said = response.text.strip()
        if said not in ("true", "false"):
            raise ValueError(said[:100])
        is_blatant = response.headers.get("X-akismet-pro-tip", "") == "discard"
        return (CALLED_BLATANT if is_blatant else CALLED_SPAM) if said == "true" else 0.0
