"""Templates: listed, and filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from comptoir.connectors.base import (
    FilledTemplate,
    MessageTemplate,
    PermanentError,
)
from comptoir.connectors.whatsapp.tests.far_side import (
    ACCEPTED,
    ACCOUNT,
    ANSWER,
    MESSAGES,
    bodies,
    whatsapp,
)
from tests.connectors.meta import Meta, sent_json


def template(name: str, body: str, *others: dict[str, Any], **more: Any) -> dict[str, Any]:
    components = [{"type": "BODY", "text": body}, *others]
    return {"name": name, "language": "fr", "status": "APPROVED", "components": components, **more}


TEMPLATES = f"GET /{ACCOUNT}/message_templates"


def test_templates_are_listed_page_by_page_with_their_blanks() -> None:
    following = f"https://graph.facebook.com/v23.0/{ACCOUNT}/message_templates?after=x"
    suivi = template("suivi", "Bonjour {{1}}, {{2}} part demain.", {"type": "FOOTER", "text": "La Maison"})
    unsendable = [
        template("image", "x", {"type": "HEADER", "format": "IMAGE"}),
        template("titre", "x", {"type": "HEADER", "format": "TEXT", "text": "{{1}}"}),
        template("lien", "x", {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.example/{{1}}"}]}),
        template("code", "x", {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE"}]}),
    ]
    pages = [{"data": [suivi], "paging": {"next": following}}, {"data": [*unsendable, template("bonjour", "Bonjour")]}]
    assert whatsapp(Meta({TEMPLATES: pages})).templates() == [
        MessageTemplate("bonjour", "fr", "Bonjour", 0, "APPROVED"),
        MessageTemplate("suivi", "fr", "Bonjour {{1}}, {{2}} part demain.\n\nLa Maison", 2, "APPROVED"),
    ]


def test_numbered_blanks_are_filled_in_their_order() -> None:
    meta = Meta({TEMPLATES: {"data": [template("suivi", "{{2}} pour {{1}}")]}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", "fr", ("Léa", "Lampe"))))
    (body,) = bodies(meta)
    assert body["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Léa"}, {"type": "text", "text": "Lampe"}]}
    ]


def test_named_blanks_are_filled_by_name() -> None:
    named = template("suivi", "Bonjour {{prenom}}, {{objet}}", parameter_format="NAMED")
    meta = Meta({TEMPLATES: {"data": [named]}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", "fr", ("Léa", "Lampe"))))
    (parameters,) = [one["parameters"] for one in sent_json(meta.asked[1])["template"]["components"]]
    assert [one["parameter_name"] for one in parameters] == ["prenom", "objet"]


@pytest.mark.parametrize(("language", "values"), [("fr", ("Léa",)), ("en", ("Léa", "Lampe"))])
def test_blanks_that_do_not_fit_are_refused_before_anything_is_sent(language: Any, values: Any) -> None:
    meta = Meta({TEMPLATES: {"data": [template("suivi", "{{1}} {{2}}")]}})
    with pytest.raises(PermanentError):
        whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", language, values)))
