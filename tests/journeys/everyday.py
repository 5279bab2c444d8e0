"""A counter on an ordinary day, for looking at every screen: the demonstration, and one exchange with everything."""

from __future__ import annotations

import io
from datetime import timedelta

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.config.demonstration import load_demonstration
from comptoir.conversations.files import keep_file
from comptoir.conversations.models import Attachment, Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation, tag_conversation
from comptoir.desk.drafts import save_draft
from comptoir.desk.notes import add_note
from comptoir.intake.models import ContextPost, RawDelivery
from comptoir.people.models import Agent
from tests.factories import make_agent, make_conversation, make_identity, make_incoming, make_outgoing

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
    return agent, eventful_exchange(account, agent)


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


def screens(exchange: Conversation) -> dict[str, str]:
    """Every screen by name, with its address; an administrator reaches all of them."""
    return _work(exchange) | _settings(exchange) | _own(exchange)


def _work(exchange: Conversation) -> dict[str, str]:
    """Where one answers, finds and hears of things."""
    here = f"/conversations/{exchange.pk}/"
    return {
        "inbox": "/inbox/all/",
        "inbox-waiting": "/inbox/all/?sort=waiting",
        "inbox-mine": "/inbox/mine/",
        "inbox-resolved": "/inbox/resolved/",
        "inbox-filtered": "/inbox/all/?visibility=public&tag=livraison",
        "inbox-view": f"/inbox/v{InboxView.objects.latest('id').pk}/",
        "filters": "/inbox/all/filters/",
        "conversation": here,
        "customer": f"{here}customer/",
        "split": f"{here}split/",
        "merge": f"{here}merge/",
        "original": f"/messages/{exchange.messages.earliest('sent_at').pk}/original/",
        "search": "/search/",
        "search-found": "/search/?q=commande",
        "search-nothing": "/search/?q=introuvable",
        "notifications": "/notifications/",
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
        "account": f"/accounts/{account}/",
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
        "my-hours": "/me/hours/",
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
