"""E-mail addresses, also spelled out so that machines should not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comptoir.understanding.personal_data.kinds import PersonalData

_PLAIN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")

#: A comma for a point, or a blank beside it, in an address of a provider that everybody knows.
_PROVIDERS = (
    r"(?:gmail|hotmail|outlook|yahoo|orange|free|sfr|laposte|wanadoo|icloud|live|msn|proton|protonmail|gmx|web|libero|ziggo|sapo|btinternet|aol|bbox|numericable|skynet|bluewin|"
    r"t-online|virgilio|tiscali|alice|kpnmail|telefonica|terra|uol|me|mac|mail)"
)
_TYPED = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?@\s?{_PROVIDERS}\s?[,;.]\s?[a-z]{{2,3}}(?![\w-])", re.IGNORECASE)
_OPEN, _CLOSE = r"[\s]{0,2}[\[({<]\s?", r"\s?[\])}>][\s]{0,2}"
_AT_WORD = (
    r"(?:arobase?s?|arrobas?|aroba[sz]e?|arrobase|chiocciola|chiocciolina|apenstaart(?:je)?|klammeraffe|at|ät|chez|a)"
)
_BARE_AT = _AT_WORD.replace("|a)", ")")
_POINT_WORD = r"(?:point|dot|punto|punkt|punt|ponto)"
_AT = rf"(?:{_OPEN}(?:{_AT_WORD}|@){_CLOSE}|\s{{1,2}}{_BARE_AT}\s{{1,2}}|\s?@\s?|[-_*]{{1,2}}(?:at|arobase|arroba)[-_*]{{1,2}})"
_POINT = rf"(?:{_OPEN}(?:{_POINT_WORD}|\.){_CLOSE}|\s{{1,2}}{_POINT_WORD}\s{{1,2}}|\s?\.\s?(?=[a-z]{{2,8}}\b)|\.|[-_]{{1,2}}(?:dot|point|punto)[-_]{{1,2}})"
_JOIN = (
    rf"(?:\s{{1,2}}(?:{_POINT_WORD}|tiret(?:\s(?:du\s)?(?:bas|6|8))?|underscore|underline|dash|hyphen|minus|strich|unterstrich|trattino(?:\sbasso)?|gui[óo]n(?:\sbajo)?|streepje|h[íi]fen|"
    rf"plus)\s{{1,2}}|{_OPEN}(?:{_POINT_WORD}|\.|_|-){_CLOSE})"
)
_SPELLED = re.compile(
    rf"(?<![\w.+-])(?P<name>[\w.+-]{{1,40}}(?:{_JOIN}[\w.+-]{{1,40}}){{0,3}}){_AT}"
    rf"(?P<host>[a-z0-9-]{{2,40}}(?:{_POINT}[a-z0-9-]{{2,40}}){{0,2}}){_POINT}(?P<end>[a-z]{{2,8}})(?![\w-])",
    re.IGNORECASE,
)
_ENDINGS = frozenset(
    [
        "fr",
        "com",
        "net",
        "org",
        "eu",
        "be",
        "ch",
        "lu",
        "ca",
        "uk",
        "io",
        "info",
        "biz",
        "de",
        "es",
        "it",
        "nl",
        "pt",
        "br",
        "at",
        "ie",
        "us",
        "mq",
        "gp",
        "re",
        "gf",
        "nc",
        "pf",
        "bzh",
        "paris",
        "gouv",
        "example",
        "test",
        "mail",
        "email",
        "me",
        "co",
        "tv",
        "pro",
        "app",
        "dev",
    ]
)

#: What a spelled-out address cannot be without: looked for alone, as the whole form takes long where « at » is a word.
_SPELLED_AT = re.compile(
    rf"@|[\[({{<]\s?{_AT_WORD}\s?[\])}}>]|\s{_BARE_AT}\s|[-_*](?:at|arobase|arroba)[-_*]", re.IGNORECASE
)
_SPELLED_END = re.compile(
    rf"(?:\.|{_POINT_WORD})[\s\])}}>_-]{{0,4}}(?:{'|'.join(sorted(_ENDINGS))})(?![\w-])", re.IGNORECASE
)


def mails(text: str) -> Iterator[PersonalData]:
    """Every address, those that are written as such first."""
    for form in (_PLAIN, _TYPED) if "@" in text else ():
        for match in form.finditer(text):
            yield PersonalData("email", match.start(), match.end())
    if not (_SPELLED_AT.search(text) and _SPELLED_END.search(text)):
        return
    for match in _SPELLED.finditer(text):
        if match["end"].lower() in _ENDINGS and not _is_page(match):
            yield PersonalData("email", match.start(), match.end())


def _is_page(match: re.Match[str]) -> bool:
    """« pay 1.45 at shop.example », « verify it at shop.example/login »."""
    return match.string[match.end() : match.end() + 1] == "/" or not any(sign.isalpha() for sign in match["name"])
