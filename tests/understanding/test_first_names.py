"""A first name is taken from a person's name, and from nothing that may as well be a company's or a handle."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from comptoir.understanding.first_names import first_name_in


@pytest.mark.parametrize(
    ("called", "first"),
    [
        # people, as the networks show them
        ("Nadia Roux", "Nadia"),
        ("Camille", "Camille"),
        ("Jean DUPONT", "Jean"),
        ("Jean-Baptiste Le Goff", "Jean-Baptiste"),
        ("Élodie Da Silva", "Élodie"),
        ("Léa M.", "Léa"),
        ("✨ Zoé 🌸", "Zoé"),
        ("Marie (elle/she)", "Marie"),
        ("N’Golo Kanté", "N’Golo"),
        ("John O'Neil", "John"),
        ("Emily McKay", "Emily"),
        ("Vincent van Gogh", "Vincent"),
        ("Kevin De Bruyne", "Kevin"),
        ("Jean de La Fontaine", "Jean"),
        ("Paul-Henri de La Tour-Marie", "Paul-Henri"),
        ("Anne d’Ormesson", "Anne"),
        ("Иван Петров", "Иван"),
        # companies, clubs, offices
        ("Atelier des Ormeaux", ""),
        ("Boulangerie Martin", ""),
        ("Marie Coiffure", ""),
        ("L’Atelier de Zoé", ""),
        ("Les Petits Plats", ""),
        ("Lumière de lune", ""),
        ("Rose des Vents", ""),
        ("Maison de Villiers", ""),
        ("Paul & Virginie", ""),
        ("Jean et Marie", ""),
        ("Chez Marcel", ""),
        ("Dupont SARL", ""),
        ("Martin (service achats)", ""),
        ("The Lamp Shop", ""),
        ("Baker Brothers Ltd", ""),
        ("Friends of Lyon", ""),
        ("Acme Support Team", ""),
        ("Lumen®", ""),
        ("Maison", ""),
        ("SNCF", ""),
        ("LUMEN Paris", ""),
        # handles, titles, nobody
        ("nadia_roux", ""),
        ("nadia.roux", ""),
        ("camille69", ""),
        ("camille", ""),
        ("JeanDupont", ""),
        ("@nadia", ""),
        ("Léa | Photographe", ""),
        ("M. Dupont", ""),
        ("Mme Roux", ""),
        ("Dr House", ""),
        ("Mrs Baker", ""),
        ("J. Roux", ""),
        ("Dupont, Jean", ""),
        ("Un utilisateur de Google", ""),
        ("A Google User", ""),
        ("Visiteur", ""),
        ("李 明", ""),
        ("Je suis très en colère ce matin", ""),
        ("🔥🔥🔥", ""),
        ("", ""),
    ],
)
def test_a_first_name_is_a_persons(called: str, first: str) -> None:
    assert first_name_in(called) == first


@pytest.mark.parametrize(
    "called",
    [
        "Connard Dupont", "Salope Martin", "Ta Gueule", "Gros Con", "Fuck You", "Bitch Please", "Hitler Adolf",
        "Enculé", "Nique", "Arnaque", "Voleurs", "Remboursez Moi", "Boycott Lueur", "Jean Connard", "Jean-Connard",
        "Scheisse Müller", "Puta Madre", "Null", "Undefined", "Prénom Nom",
    ],
)  # fmt: skip
def test_nobody_is_called_by_an_insult_or_a_reproach_that_they_have_for_a_name(called: str) -> None:
    assert first_name_in(called) == ""


def test_the_commonest_names_are_no_insults() -> None:
    given = tomllib.loads(files("comptoir.understanding").joinpath("rules/first_names.toml").read_text("utf-8"))[
        "given"
    ]
    assert [name for name in given if not first_name_in(f"{name.title()} Cohen")] == []
