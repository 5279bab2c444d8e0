"""What a customer who spoke in public is asked in their own language; the agent may change every word of it."""

from __future__ import annotations

_LINK = {
    "fr": "Bonjour{name}, pour que rien de personnel ne s’affiche ici, continuons en privé : {link}",
    "en": "Hello{name}, so that nothing personal shows here, let us go on in private: {link}",
    "de": "Guten Tag{name}, damit hier nichts Persönliches steht, machen wir privat weiter: {link}",
    "es": "Hola{name}, para que aquí no aparezca nada personal, sigamos en privado: {link}",
    "it": "Buongiorno{name}, perché qui non compaia nulla di personale, continuiamo in privato: {link}",
    "nl": "Hallo{name}, zodat hier niets persoonlijks staat, gaan we privé verder: {link}",
    "pt": "Olá{name}, para que nada pessoal apareça aqui, continuemos em privado: {link}",
}
_NETWORK = {
    "fr": "Bonjour{name}, je vous écris en privé pour que rien de personnel ne s’affiche en public. ",
    "en": "Hello{name}, I am writing to you in private so that nothing personal shows in public. ",
    "de": "Guten Tag{name}, ich schreibe Ihnen privat, damit nichts Persönliches öffentlich steht. ",
    "es": "Hola{name}, le escribo en privado para que nada personal aparezca en público. ",
    "it": "Buongiorno{name}, le scrivo in privato perché nulla di personale compaia in pubblico. ",
    "nl": "Hallo{name}, ik schrijf u privé zodat er niets persoonlijks openbaar staat. ",
    "pt": "Olá{name}, escrevo-lhe em privado para que nada pessoal apareça em público. ",
}
_CLOSING = {
    "fr": "Merci{name}, c’est réglé en privé. N’hésitez pas à revenir vers nous.",
    "en": "Thank you{name}, this was settled in private. Do come back to us any time.",
    "de": "Danke{name}, das ist privat geklärt. Melden Sie sich jederzeit wieder.",
    "es": "Gracias{name}, ha quedado resuelto en privado. Aquí estamos para lo que necesite.",
    "it": "Grazie{name}, abbiamo risolto in privato. Siamo qui per qualsiasi cosa.",
    "nl": "Bedankt{name}, dit is privé opgelost. Laat het ons gerust weten als er nog iets is.",
    "pt": "Obrigado{name}, ficou resolvido em privado. Estamos aqui para o que precisar.",
}


def invitation_text(language: str, *, first_name: str, link: str | None) -> str:
    """The words of an invitation, with the ``link`` to the chat or, without one, the beginning of a private message."""
    return _filled(_LINK if link else _NETWORK, language, first_name, link or "")


def closing_text(language: str, *, first_name: str) -> str:
    """The word in public that ends what was settled in private."""
    return _filled(_CLOSING, language, first_name, "")


def _filled(texts: dict[str, str], language: str, first_name: str, link: str) -> str:
    text = texts.get(language[:2].lower(), texts["en"] if language else texts["fr"])
    return text.format(name=f" {first_name}" if first_name else "", link=link)
