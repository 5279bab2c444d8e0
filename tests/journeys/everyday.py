"""A counter on an ordinary day, for looking at every screen: the demonstration, and one exchange with everything."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Page

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.models import ContactReason, Figure, ReasonExample, TrainedHeads
from comptoir.api.actions import create_token
from comptoir.automations.actions import save_macro
from comptoir.automations.models import Automation, Macro
from comptoir.bot.models import Decision, EntryRest, Ruling
from comptoir.bot.rulings import Word, rule_on
from comptoir.catalogue.actions import CannedWords, make_canned_response
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import rewrite_entry
from comptoir.catalogue.models import CatalogueEntry, CatalogueFile, EntryVersion, KnowledgeGap
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.config.demonstration import load_demonstration
from comptoir.conversations.files import keep_file
from comptoir.conversations.indexing import catch_up
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation, tag_conversation
from comptoir.desk.drafts import save_draft
from comptoir.desk.invitations import invite_to_private
from comptoir.desk.models import InboxView, Invitation
from comptoir.desk.notes import add_note
from comptoir.intake.models import ContextPost, RawDelivery
from comptoir.notifications.models import Notification, WebhookEndpoint
from comptoir.people.models import Agent
from comptoir.reporting.following import begin_counting, count_past
from comptoir.routing.models import RoutingRule
from comptoir.sla.calendars import Exceptional, create_calendar
from comptoir.sla.models import OpeningCalendar, SLAPolicy
from tests.catalogue.entries import make_entry
from tests.factories import (
    make_agent,
    make_analysis,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
)
from tests.journeys.automating import automated_counter

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636878f5ed3f00084603b9d2c6e3ac0000000049454e44ae426082"
)
_COMPLAINT = "Je vous écris pour la troisième fois au sujet de ma commande, toujours sans réponse de votre part. " * 12


def ordinary_day() -> tuple[Agent, Conversation]:
    """Load it; returns an administrator and the exchange."""
    load_demonstration(with_week=False)
    agent = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR).order_by("pk").first()
    assert agent is not None
    account = ChannelAccount.objects.order_by("pk").first()
    assert account is not None
    AccountHealth.objects.filter(account=account).update(
        last_error="The network no longer knows us.", last_error_at=now(), token_expires_at=now() + timedelta(days=2)
    )
    RawDelivery.objects.create(
        account=account,
        body=b'{"text": "<script>alert(1)</script>"',
        state="set_aside",
        reason="JSON, column 37",
        tries=5,
    )
    _kept_at_hand(account, agent)
    hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    strike = Exceptional(now().date() + timedelta(days=3), reason="Grève")
    create_calendar(
        owner=account.brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=hours, country="FR",
        exceptions=[strike],
    )  # fmt: skip
    exchange = eventful_exchange(account, agent)
    _bots_work(agent, exchange)
    automated_counter()
    catch_up()
    begin_counting()
    while count_past():
        pass
    return agent, exchange


def _bots_work(agent: Agent, exchange: Conversation) -> None:
    """Some decisions, one of them ruled on, one proposed in the exchange, and an entry that was taken off."""
    entry = CatalogueEntry.objects.filter(approved_version__isnull=False).latest("id")
    said = Message.objects.incoming().exclude(conversation=exchange).exclude(text="").order_by("-sent_at")[:7]
    last = exchange.messages.incoming().order_by("-sent_at", "-pk")[:1]
    for place, message in enumerate([*said, *last]):
        decision = Decision.objects.create(
            message=message, account=message.account, decided_at=now(), mode="proposes", done="proposed", entry=entry,
            version=entry.approved_version, phrasing="Ma commande n’est pas arrivée", confidence=0.97 - 0.1 * place,
            answers_from=0.92, candidates=[[str(entry.pk), 0.9]], rules=["urgency"] if place % 2 else [],
            language="fr", text="Bonjour, je regarde votre commande avec le transporteur.\n{agent_name}",
            would_answer=place == 0, teaches=1.0,
        )  # fmt: skip
        if place < 2:
            rule_on(decision.pk, Word(Ruling.Verdict.REFUSED, cause="other_question", words="Il part."), by=agent)
    EntryRest.objects.create(entry=entry, since=now(), cause="drift", judged=6, right=4)


def _answers_of_the_company(agent: Agent) -> None:
    """Entries, one with a draft; a file that waits to be brought in; what nothing answers."""
    entry = make_entry(
        question="Où est mon colis ?", phrasings=("Ma commande n’est pas arrivée", "toujours rien reçu"),
        variants=(
            Variant("Bonjour {first_name}, je regarde la commande {order_number} avec le transporteur.", "fr"),
            Variant("Hello {first_name}, I am checking with the carrier.", "en", channel="email"),
        ),
    )  # fmt: skip
    content = Content.of_json(EntryVersion.objects.get(entry=entry).content)
    text = "Bonjour {first_name}, j’appelle le transporteur pour la commande {order_number}."
    changed = replace(content, variants=(Variant(text, "fr"), *content.variants[1:]))
    rewrite_entry(entry.pk, changed, by=agent, reason="Plus direct")
    lines = "key;question;answer;language\nneuf;Neuf ?;Oui.;fr\n;;Rien;fr\n"
    CatalogueFile.objects.create(
        name="faq.csv", content=lines.encode(), source="csv", language="fr", by=agent, at=now()
    )
    message = Message.objects.incoming().latest("id")
    KnowledgeGap.objects.create(
        found_at=now(), brand=message.account.brand, language="fr", weight=4, message_ids=[message.pk], nearest=entry
    )


def _kept_at_hand(account: ChannelAccount, agent: Agent) -> None:
    """What a counter has after a week: answers kept ready, macros, a view, a webhook, a token, a notification."""
    words = CannedWords(shortcut="suivi", title="Où est ma commande", text="Bonjour {first_name}, voici le suivi.")
    make_canned_response(words, owner=None, by=agent)
    acts = [{"act": "assign", "to": "me"}, {"act": "tag", "name": "livraison"}, {"act": "reply", "text": "Bonjour."}]
    _answers_of_the_company(agent)
    save_macro(None, name="Accuser réception", is_shared=True, by=agent, acts=acts)
    InboxView.objects.create(name="Public du matin", owner=agent, filters={"visibility": ["public"]}, sort="waiting")
    WebhookEndpoint.objects.create(url="https://crm.maison.example/comptoir", event_names=["message.received"])
    create_token(name="Entrepôt", agent=agent, scopes=["conversations:read"])
    asked = make_conversation(account=account)
    make_incoming(asked)
    colleague = make_agent(name="Élise Petit", teams=[account.team], email="elise.petit@maison.example")
    add_note(asked.pk, text=f"@{agent.name} pouvez-vous regarder ?", by=colleague)
    Notification.objects.create(agent=agent, kind="addressed", conversation=asked, at=now())
    Notification.objects.create(agent=agent, kind="assigned", conversation=asked, at=now(), times=3, seen_at=now())


def eventful_exchange(account: ChannelAccount, agent: Agent) -> Conversation:
    """Every kind of entry there is, in one public exchange."""
    who = make_identity(channel=account.kind, name="Donaudampfschifffahrtsgesellschaftskapitänswitwe Schmidt-Rottluff")
    start = now() - timedelta(days=1, hours=3)
    exchange = make_conversation(
        account=account, identity=who, is_public=True, thread_id="fil-1", at=start, subject="Commande 4411"
    )
    ContextPost.objects.create(
        account=account, external_id="post-1", thread_id="fil-1", is_ours=True, sent_at=start,
        author={"name": "Maison"}, text="La collection d’hiver est arrivée en boutique.",
    )  # fmt: skip
    first = make_incoming(
        exchange, text=_COMPLAINT, sent_at=start, html="<p><b>Bonjour</b></p>", signature="Envoyé de mon téléphone"
    )
    _readings(first, agent)
    make_incoming(exchange, text="😡😡", sent_at=start + timedelta(minutes=2))
    make_incoming(exchange, text="مرحبا، هل يمكنني تغيير عنوان التوصيل؟", sent_at=start + timedelta(minutes=3))
    make_incoming(exchange, text="À oublier", sent_at=start + timedelta(minutes=4), deleted_at=now())
    _files(first.pk)
    colleague = make_agent(name="Paul Roy", teams=[account.team], email="paul.roy@maison.example")
    assign_conversation(exchange.pk, to=colleague, by=agent)
    tag_conversation(exchange.pk, name="livraison", by=agent)
    make_outgoing(
        exchange,
        text="Bonjour, je regarde.",
        agent=agent,
        state="read",
        sent_at=now() - timedelta(hours=2),
        read_at=now(),
    )
    add_note(exchange.pk, text="Cliente fidèle depuis 2019, geste commercial possible.", by=colleague)
    make_outgoing(
        exchange,
        text="Voici le suivi.",
        agent=agent,
        state="failed",
        external_id=None,
        failure="The network refused it (400).",
    )
    make_outgoing(exchange, text="Et le bon.", agent=agent, state="uncertain", external_id=None, visibility="private")
    save_draft(exchange.pk, agent=colleague, text="Chère", visibility="public")
    exchange.refresh_from_db()
    return exchange


def _readings(message: Message, agent: Agent) -> None:
    """What was read in it, what was corrected, and what was learnt from others."""
    reason = ContactReason.objects.filter(parent__isnull=False).earliest("id")
    make_analysis(
        message, reason=reason, urgency=2, grounds=["repeated", "churn"], sentiment="negative", intent="complaint"
    )
    correct_reading(message.pk, figure=Figure.URGENCY, to="3", by=agent)
    for is_kept in (False, True):
        TrainedHeads.objects.create(
            figure="urgency", form="full", is_kept=is_kept, coefficients=b"x" if is_kept else None, learnt_from=41,
            last_correction=1, trained_at=now(), texts=212, corrected=19, share_before=0.914,
            share_after=0.947 if is_kept else 0.911, corrected_before=2, corrected_after=14,
        )  # fmt: skip


def _files(message_id: int) -> None:
    kept = keep_file(io.BytesIO(_PIXEL), declared_type="image/png")
    common = {
        "message_id": message_id,
        "mime_type": kept.mime_type,
        "size_bytes": kept.size_bytes,
        "storage_key": kept.storage_key,
    }
    Attachment.objects.create(
        position=0, kind="image", state="stored", name="colis.png", alt_text="Un colis ouvert", **common
    )
    Attachment.objects.create(
        position=1, kind="file", state="stored", name="facture-2026-11.pdf", **common | {"mime_type": "application/pdf"}
    )
    Attachment.objects.create(
        message_id=message_id, position=2, kind="video", state="refused", name="film.mov", reason="Plus de 25 Mo"
    )


#: What opens over a screen: its name, the screen it opens on, and what is pressed, one after the other.
OPENED: dict[str, tuple[str, tuple[str, ...]]] = {
    "filters-open": ("inbox", ("#filter-toggle",)),
    "views-menu": ("inbox", ("#views-menu summary",)),
    "sort-menu": ("inbox", ("#sort-menu summary",)),
    "choosing": ("inbox", ("#select-toggle", ".row:first-child input[type=checkbox]")),
    "assign-menu": ("conversation", ("#assign-menu summary",)),
    "snooze-menu": ("conversation", ("#snooze-menu summary",)),
    "tag-menu": ("conversation", ("#tag-menu summary",)),
    "macro-menu": ("conversation", ("#macro-menu summary",)),
    "more-menu": ("conversation", ("#more-menu summary",)),
    "private-menu": ("conversation", ("#private-menu summary",)),
    "send-menu": ("conversation", ("#send-menu summary",)),
    "emoji": ("conversation", ("#composer-emoji",)),
    "note": ("conversation", (".mode-note",)),
    "reading-open": ("conversation", ("a.reading",)),
    "keys-open": ("me", ("[data-act=keys]",)),
    "me-menu": ("me", ("#me-menu summary",)),
}

#: What these open is fetched first.
_FETCHING = ("#filter-toggle", "a.reading", "#composer-emoji")


def press_all(page: Page, presses: Sequence[str]) -> None:
    """Press them one after the other, and wait for what they fetch."""
    for selector in presses:
        page.locator(selector).first.click()
    page.wait_for_load_state("networkidle" if presses[-1] in _FETCHING else "load")


def screens(exchange: Conversation) -> dict[str, str]:
    """Every screen by name, with its address; an administrator reaches all of them."""
    return _work(exchange) | _catalogue() | _bots() | _settings(exchange) | _own(exchange)


def _catalogue() -> dict[str, str]:
    """The company's answers: one that serves, with a draft beside it."""
    entry = f"/catalogue/{CatalogueEntry.objects.latest('id').pk}/"
    return {
        "catalogue": "/catalogue/",
        "catalogue-drafts": "/catalogue/?show=drafts",
        "catalogue-none": "/catalogue/?show=retired",
        "entry": entry,
        "entry-version": f"{entry}versions/2/",
        "entry-edit": f"{entry}edit/",
        "entry-new": "/catalogue/new/",
        "import": "/catalogue/import/",
        "import-preview": f"/catalogue/import/{CatalogueFile.objects.latest('id').pk}/",
        "gaps": "/catalogue/gaps/",
    }


def _bots() -> dict[str, str]:
    """What the bot decided, ruled on and not, and what it may do."""
    ruled = Decision.objects.filter(ruling__isnull=False).latest("id")
    return {
        "arbitration": "/bot/",
        "bot-decision": f"/bot/decisions/{ruled.pk}/",
        "bot": "/settings/bot/",
        "bot-account": f"/settings/bot/accounts/{ruled.account_id}/",
    }


def _work(exchange: Conversation) -> dict[str, str]:
    """Where one answers, finds and hears of things."""
    here = f"/conversations/{exchange.pk}/"
    return {
        "inbox": "/inbox/all/",
        "inbox-waiting": "/inbox/all/?sort=waiting",
        "inbox-mine": "/inbox/mine/",
        "inbox-resolved": "/inbox/resolved/",
        "inbox-filtered": "/inbox/all/?visibility=public&tag=livraison",
        "inbox-saved": f"/inbox/all/?saved={InboxView.objects.latest('id').pk}&visibility=public",
        "filters": "/inbox/all/filters/",
        "conversation": here,
        "split": f"{here}split/",
        "merge": f"{here}merge/",
        "hand-off": f"{here}hand-off/",
        "consult": f"{here}consultation/",
        "asked": "/asked/",
        "templates": f"{here}templates/",
        "original": f"/messages/{exchange.messages.earliest('sent_at').pk}/original/",
        "search": "/search/",
        "search-found": "/search/?q=commande",
        "search-nothing": "/search/?q=introuvable",
        "notifications": "/notifications/",
        "reports": "/reports/",
        "reports-by-day": "/reports/?by=day&days=7",
        "reports-behind": "/reports/conversations/?figure=received",
        "missing": "/conversations/999999999/",
    }


def _settings(exchange: Conversation) -> dict[str, str]:
    account = exchange.account_id
    delivery = RawDelivery.objects.filter(state="set_aside").latest("id").pk
    webhook = WebhookEndpoint.objects.latest("id").pk
    return {
        "settings": "/settings/",
        "guide": "/guide/",
        "accounts": "/accounts/",
        "account-figures": "/accounts/figures/",
        "account": f"/accounts/{account}/",
        "calendars": "/calendars/",
        "new-calendar": "/calendars/new/",
        "calendar": f"/calendars/{OpeningCalendar.objects.latest('id').pk}/",
        "contact-reasons": "/contact-reasons/",
        "new-contact-reason": "/contact-reasons/new/",
        "contact-reason": f"/contact-reasons/{ReasonExample.objects.latest('id').reason_id}/",
        "readings": "/readings/",
        "reading": f"/messages/{exchange.messages.earliest('sent_at').pk}/reading/",
        "promises": "/promises/",
        "floor": "/floor/",
        "floor-wall": "/floor/?wall=1",
        "new-promise": "/promises/new/",
        "promise": f"/promises/{SLAPolicy.objects.latest('id').pk}/",
        "routing": "/routing/",
        "new-routing-rule": "/routing/new/",
        "routing-rule": f"/routing/{RoutingRule.objects.latest('id').pk}/",
        "routing-teams": "/routing/teams/",
        "routing-team": f"/routing/teams/{exchange.team_id}/",
        "routing-agents": "/routing/agents/",
        "routing-agent": f"/routing/agents/{exchange.assignee_id}/",
        "routing-weights": "/routing/weights/",
        "automations": "/settings/automations/",
        "new-automation": "/settings/automations/new/",
        "automation": f"/settings/automations/{Automation.objects.earliest('id').pk}/",
        "automation-runs": f"/settings/automations/{Automation.objects.earliest('id').pk}/runs/",
        "account-hours": f"/accounts/{account}/hours/",
        "edit-account": f"/accounts/{account}/edit/",
        "choose": "/accounts/connect/",
        "connect": f"/accounts/connect/{exchange.account.kind}/",
        "deliveries": "/deliveries/",
        "delivery": f"/deliveries/{delivery}/",
        "people": "/people/",
        "new-agent": "/people/new/",
        "agent": f"/people/{exchange.assignee_id}/",
        "close-agent": f"/people/{exchange.assignee_id}/close/",
        "teams": "/teams/",
        "new-team": "/teams/new/",
        "team": f"/teams/{exchange.team_id}/",
        "colleagues": "/colleagues/",
        "brands": "/brands/",
        "new-brand": "/brands/new/",
        "brand": f"/brands/{exchange.account.brand_id}/",
        "tokens": "/tokens/",
        "new-token": "/tokens/new/",
        "webhooks": "/webhooks/",
        "new-webhook": "/webhooks/new/",
        "webhook": f"/webhooks/{webhook}/",
        "edit-webhook": f"/webhooks/{webhook}/edit/",
        "record": "/record/",
    }


def _own(exchange: Conversation) -> dict[str, str]:
    """What is the agent's own, and what everybody reaches."""
    return {
        "canned": "/canned/",
        "new-canned": "/canned/new/",
        "macros": "/macros/",
        "new-macro": "/macros/new/",
        "macro": f"/macros/{Macro.objects.latest('id').pk}/",
        "keys": "/keys/",
        "choices": "/notifications/choices/",
        "me": "/me/",
        "safety": "/me/safety/",
        "welcome": "/welcome/",
        "password": "/account/password/change/",
        "second-factor": "/account/2fa/",
        "sign-out": "/account/logout/",
        "styleguide": "/styleguide/",
        "offline": "/offline/",
        "private": f"/private/{invitation_link(exchange)}",
        "private-over": "/private/" + "x" * 32,
    }


def invitation_link(exchange: Conversation) -> str:
    """The sign in a link from public to private."""
    by = Agent.objects.get(pk=exchange.assignee_id)
    return invite_to_private(exchange.pk, way=Invitation.Way.LINK, by=by).text.rpartition("/private/")[2]
