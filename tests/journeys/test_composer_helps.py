"""The composer helps: it counts as the network counts, offers what is kept ready, and asks before it is too late."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from comptoir.catalogue.models import CannedResponse
from comptoir.connectors.base import TextUnit, text_length
from comptoir.conversations.models import Conversation, Draft, Message, NoteMention
from comptoir.delivery.checking import clean_text
from comptoir.delivery.models import Attempt
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.web.test_writing import PNG

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = [
    "Bonjour",
    "  entouré d’espaces insécables\u00a0\u2009\n",
    "e\u0301te\u0301, 👍🏽 👨\u200d👩\u200d👧\u200d👦 🇫🇷🇧🇪",
    "नमस्ते క్షమించండి സ്വാഗതം สวัสดี 한국어",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\r\nfin",
    "\u200bzéro\ufeff",
    "\x1c séparateur \x85",
    "Voir https://boutique.example/une/adresse?q=1, merci ! 1️⃣ ☎️ ©",
    "{à 10 €} " * 40,
    "Ŵ" * 71 + "🙂" * 40,
]


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent, fake_network: FakeNetwork) -> Conversation:
    """A customer who spoke in public."""
    one = make_conversation(account=make_account(team=agent.teams.get()), is_public=True)
    make_incoming(one)
    return one


@pytest.fixture
def page(sign_in: SignIn, agent: Agent, conversation: Conversation) -> Page:
    opened = sign_in(agent, viewport={"width": 1280, "height": 800})
    opened.goto(opened.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    return opened


def answers() -> list[str]:
    return list(Message.objects.outgoing().exclude(state="cancelled").values_list("text", flat=True))


def choose(page: Page, mode: str) -> None:
    page.locator(f".mode-{mode}").click()


def test_the_browser_counts_as_the_server_does(page: Page) -> None:
    script = """async ([texts, units]) => {
        const name = [...document.scripts].find((one) => one.type === "module").src;
        const { lengthOf } = await import(new URL("./composer/limits.js", name).href);
        return texts.map((text) => units.map((unit) => lengthOf(text.replaceAll("\\r\\n", "\\n"), unit)));
    }"""
    units = [unit.value for unit in TextUnit]
    counted = page.evaluate(script, [TEXTS, units])
    assert counted == [[text_length(clean_text(text), TextUnit(unit)) for unit in units] for text in TEXTS]


def test_private_words_become_public_only_when_it_is_said(page: Page) -> None:
    box = page.get_by_label("Votre texte")
    choose(page, "private")
    box.fill("Votre mot de passe provisoire")
    choose(page, "public")
    composer = page.locator("#composer")
    expect(page.locator("#composer-confirm").get_by_role("group")).to_be_visible()
    expect(composer).to_have_attribute("data-mode", "private")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-confirm").get_by_role("group")).to_be_hidden()
    expect(composer).to_have_attribute("data-mode", "private")
    choose(page, "public")
    page.get_by_role("button", name="Les rendre publics").click()
    expect(composer).to_have_attribute("data-mode", "public")
    expect(page.locator("#destination")).to_contain_text("visible de tous")
    expect(page.locator("#composer-send")).to_have_text("Répondre en public")


def test_a_note_becomes_a_reply_only_when_it_is_said(page: Page) -> None:
    box, composer = page.get_by_label("Votre texte"), page.locator("#composer")
    choose(page, "note")
    box.fill("Encore elle. Ne rien promettre avant lundi.")
    choose(page, "private")
    asked = page.locator("#composer-confirm").get_by_role("group")
    expect(asked).to_contain_text("écrits pour des collègues")
    expect(composer).to_have_attribute("data-mode", "note")
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    expect(composer).to_have_attribute("data-mode", "note")
    choose(page, "private")
    asked.get_by_role("button", name="En faire une réponse").click()
    expect(composer).to_have_attribute("data-mode", "private")
    expect(box).to_be_focused()


def test_an_answer_kept_ready_is_called_by_the_keyboard_and_its_gap_is_held(page: Page) -> None:
    CannedResponse.objects.create(shortcut="retard", title="Retard", text="Bonjour, ici {agent_name}. {first_name} ?")
    Conversation.objects.get().identity.contact.identities.update(name="")
    Conversation.objects.get().contact.__class__.objects.update(name="")
    box = page.get_by_label("Votre texte")
    box.press_sequentially("Merci. /ret")
    expect(page.locator("#composer").get_by_role("option")).to_contain_text("/retard")
    assert box.get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Merci. Bonjour, ici Awa Diop. {first_name} ?")
    expect(page.locator("#composer-gaps")).to_contain_text("{first_name} reste à remplir")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-refusal mark")).to_have_text("{first_name}")
    assert answers() == []


def test_a_colleague_is_addressed_in_a_note(page: Page, agent: Agent) -> None:
    colleague = make_agent(name="Émilie Roy", role="expert", teams=agent.teams.all())
    box = page.get_by_label("Votre texte")
    choose(page, "note")
    box.press_sequentially("@emil")
    expect(page.locator("#composer").get_by_role("option")).to_contain_text("Émilie Roy")
    page.keyboard.press("Tab")
    box.press_sequentially("tu sais ?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".item.note")).to_contain_text("@Émilie Roy tu sais ?")
    assert NoteMention.objects.get().agent == colleague


def test_a_colleague_who_may_not_read_here_is_told_of_and_not_offered(page: Page) -> None:
    make_agent(name="Zoé Perrin", role="agent")
    box = page.get_by_label("Votre texte")
    choose(page, "note")
    box.press_sequentially("@zoe")
    expect(page.locator("#composer").get_by_role("option")).to_have_text(
        "Personne de ce nom ne peut lire cette conversation."
    )
    page.keyboard.press("Enter")
    expect(box).to_have_value("@zoe\n")


def test_after_a_note_one_writes_to_colleagues_still(page: Page) -> None:
    choose(page, "note")
    page.get_by_label("Votre texte").fill("Je demande au dépôt.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".item.note")).to_contain_text("Je demande au dépôt.")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")


def test_an_emoji_is_found_in_french_without_the_mouse(page: Page) -> None:
    box = page.get_by_label("Votre texte")
    box.fill("Colis ")
    page.get_by_role("button", name="Émoji").press("Enter")
    page.get_by_label("Chercher un émoji").press_sequentially("livrai")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Colis 🚚")


def test_files_are_dropped_described_and_come_back_with_the_text(page: Page) -> None:
    page.locator("#composer-files").set_input_files({"name": "colis.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator(".draft-file")).to_contain_text("colis.png")
    page.reload()
    expect(page.locator(".draft-file")).to_contain_text("colis.png")
    page.get_by_label("Votre texte").fill("Voici")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_visible()
    expect(page.locator(".draft-file")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Votre texte")).to_have_value("Voici")
    expect(page.locator(".draft-file")).to_contain_text("colis.png")
    assert answers() == []


def test_a_file_that_the_network_does_not_take_is_refused_at_once(page: Page) -> None:
    page.locator("#composer-files").set_input_files({"name": "a.zip", "mimeType": "application/zip", "buffer": b"PK"})
    expect(page.locator("#composer-refusal")).to_contain_text("a.zip")
    expect(page.locator(".draft-file")).to_have_count(0)


def test_a_colleagues_answer_holds_back_what_was_begun_before(page: Page, conversation: Conversation) -> None:
    box = page.get_by_label("Votre texte")
    box.fill("Je regarde")
    make_outgoing(conversation, text="C’est réglé.", agent=make_agent(name="Paul Roy"))
    page.keyboard.press("Control+Enter")
    refusal = page.locator("#composer-refusal")
    expect(refusal).to_contain_text("Paul Roy a répondu pendant que vous écriviez")
    expect(refusal).to_contain_text("C’est réglé.")
    expect(box).to_have_value("Je regarde")
    page.get_by_role("button", name="Envoyer quand même").click()
    expect(box).to_have_value("")
    assert sorted(answers()) == ["C’est réglé.", "Je regarde"]


def test_sending_resolves_and_undo_opens_again(page: Page, conversation: Conversation) -> None:
    page.get_by_label("Votre texte").fill("C’est fait.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#undo")).to_be_visible()
    conversation.refresh_from_db()
    assert conversation.status == "resolved"
    page.keyboard.press("Control+z")
    expect(page.get_by_label("Votre texte")).to_have_value("C’est fait.")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since is None) == ("open", False)


def test_a_reply_is_sent_later_by_the_keyboard_and_taken_back(page: Page) -> None:
    page.get_by_label("Votre texte").fill("À demain")
    page.keyboard.press("Alt+Enter")
    later = page.get_by_role("group", name="Envoyer plus tard").get_by_role("button", name="Demain matin")
    later.press("Enter")
    expect(page.locator(".is-scheduled")).to_contain_text("Votre réponse partira")
    assert not Attempt.objects.exists()
    page.locator(".is-scheduled").get_by_role("button", name="Annuler l’envoi").click()
    expect(page.get_by_label("Votre texte")).to_have_value("À demain")
    assert answers() == []


def test_a_colleagues_draft_is_gone_on_with(page: Page, conversation: Conversation) -> None:
    theirs = Draft.objects.create(
        conversation=conversation, agent=make_agent(name="Paul Roy"), text="Chère madame", visibility="public"
    )
    page.reload()
    page.get_by_text("a commencé à écrire ici").click()
    page.get_by_role("button", name="Poursuivre ce brouillon").click()
    expect(page.get_by_label("Votre texte")).to_have_value("Chère madame")
    theirs.refresh_from_db()
    assert theirs.taken_over_by is not None


def test_no_sign_of_emoji_is_listed_twice() -> None:
    source = Path("comptoir/web/static/comptoir/js/composer/emoji.js").read_text()
    signs = [line.split(" ")[0] for line in source.splitlines() if " | " in line]
    assert len(signs) == len(set(signs)) > 120
