"""Whether the reply asks for what is held already, or for what the customer's message says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from comptoir.understanding.personal_data import personal_data
from comptoir.understanding.tone.rules import found, pattern, rule
from comptoir.understanding.tone.texts import Span, plain, sentences, words_of

#: Other names under which a value may be held.
_SAME = {
    "order": "order_number", "order_id": "order_number", "case_number": "order_number", "reference": "order_number",
    "booking": "order_number", "mail": "email", "e_mail": "email", "telephone": "phone", "mobile": "phone",
    "phone_number": "phone", "postal_address": "address", "delivery_address": "address", "full_name": "name",
    "last_name": "name", "model": "product", "item": "product", "purchase_date": "date", "order_date": "date",
    "store": "place", "branch": "place", "shop": "place", "date_of_birth": "birth", "customer": "customer_number",
    "contract_number": "customer_number", "customer_id": "customer_number", "client_number": "customer_number",
    "contract": "customer_number", "order_no": "order_number", "tracking_number": "order_number",
    "file_number": "order_number", "booking_number": "order_number", "birth_date": "birth", "device": "product",
    "plan": "product", "subscription": "product", "bank_account": "iban", "postcode": "address",
    "shop_name": "place", "amount_paid": "amount", "account_number": "customer_number",
}  # fmt: skip
_REACH = 90
_STEM = 7
_WHICH = re.compile(r"\b(?:(?P<count>combien de|how many)|quel(?:le)?s?|which|what) (?P<noun>\w{3,})", re.IGNORECASE)
_SIGNED = re.compile(r"(?:^|[.!?\n,]\s*)[A-Z][\w']+(?:-[A-Z]\w+)? (?:[A-Z]\w+ )?[A-Z][\w'-]+[.!]?\s*$")
_NUMBER_SAID = re.compile(
    r"(?<![\w@.])(?=[\w-]{5,20}(?![\w@]))(?=[\w-]*\d[\w-]*\d[\w-]*\d)[A-Za-z]{0,5}[\w]*(?:-[\w]+){0,3}"
)


def asked_again(reply: str, message: str, known: Mapping[str, str], language: str) -> Span | None:
    """The first request for something held; reading a value back to have it confirmed is none."""
    text = plain(reply)
    held = {_SAME.get(key, key) for key, value in known.items() if value.strip()}
    for sentence in sentences(text):
        said = text[sentence.start : sentence.end]
        if pattern(language, "asking.checking").search(said) and not re.search(
            r"[,:] ?(?:quel|what|which|c'est quoi)", said
        ):
            continue
        for request in _requests(said, language):
            if _asks_for_held(request[1], message, held, known, language):
                return Span(sentence.start + request[0], sentence.start + min(len(said), request[0] + len(request[1])))
    return None


def _requests(said: str, language: str) -> list[tuple[int, str]]:
    """Where somebody is asked, and what follows; a question without a verb (« Numéro ? ») is asked whole."""
    forms = ("asking.ask", "asking.question") if "?" in said else ("asking.ask",)
    spans = [span for form in forms for span in found(language, form, said)]
    asked = [(span.start, said[span.start : span.end + _REACH]) for span in spans]
    if said.rstrip().endswith("?"):
        last = max(said.rfind(", "), said.rfind(" : "), 0)
        asked.append((last, said[last:]))
        if len(words_of(said)) <= 8:
            asked.append((0, said))
    return asked


def _asks_for_held(asked: str, message: str, held: set[str], known: Mapping[str, str], language: str) -> bool:
    wanted = {
        field for field in rule(language, "asking.fields") if pattern(language, f"asking.fields.{field}").search(asked)
    }
    if "email" in wanted and not re.search(
        r"(?:adresse|address)\b(?! (?:e-?mail|mail|email|electronique|courriel))", asked, re.IGNORECASE
    ):
        wanted.discard("address")
    if wanted & {"photo"}:
        wanted -= {"product", "date", "place"} if not {"product"} & held else {"date", "place"}
    return any(field in held or _message_says(field, message, language) for field in wanted) or _named(asked, message)


def _message_says(field: str, message: str, language: str) -> bool:
    """The customer wrote it already."""
    text = plain(message)
    kinds = {one.kind for one in personal_data(message, region="GB" if language == "en" else "FR", language=language)}
    if field in ("email", "phone", "address", "iban"):
        return field in kinds
    if field in ("order_number", "customer_number"):
        return bool(kinds & {"order", "customer"}) or any(
            not match.group().isdigit() for match in _NUMBER_SAID.finditer(text)
        )
    if field == "name":
        return bool(_SIGNED.search(text))
    if field == "problem":
        return len(words_of(text)) >= 5
    return (
        bool(pattern(language, f"asking.said.{field}").search(text))
        if rule(language, f"asking.said.{field}")
        else False
    )


def _named(asked: str, message: str) -> bool:
    """« Which line? » where the message says « line 6 », « how many chairs? » where it says « two chairs »."""
    text = plain(message)
    for which in _WHICH.finditer(asked):
        noun = re.escape(which.group("noun")[:_STEM])
        if which.group("count"):
            said = rf"(?<!\w)(?:\d+|deux|trois|quatre|cinq|six|two|three|four|five|six) (?i:{noun})"
        else:
            after = rf"(?<!\w)(?i:{noun})\w* (?:(?:de|du|des|la|le|n°|numero|of|number|no) ){{0,2}}(?:d'|l')?[A-Z0-9]"
            said = rf"{after}|(?<=\w )[A-Z]\w+ (?i:{noun})\w*"
        if re.search(said, text):
            return True
    return False
