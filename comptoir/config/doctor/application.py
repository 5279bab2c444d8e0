"""What the application's own rows tell: worker, backlog, administrators, deliveries, files, channel accounts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from comptoir.config.doctor.finding import ACCOUNT, Finding, finding
from comptoir.config.language import _, language
from comptoir.config.paths import data_directory
from comptoir.connectors.base import CredentialField
from comptoir.core.reasons import said


def application_findings() -> Iterator[Finding]:
    """What the application's own rows tell; Django is loaded and the database is up to date."""
    from comptoir.channels.connecting import short_credentials
    from comptoir.channels.models import ChannelAccount
    from comptoir.config.health import backlog_age
    from comptoir.core.crypto import UnreadableSecretError
    from comptoir.core.heartbeat import age_of_last_beat
    from comptoir.intake.models import RawDelivery
    from comptoir.people.models import Agent

    age = age_of_last_beat("worker")
    alive = age is not None and age < timedelta(seconds=30)
    yield finding(
        "worker",
        alive,
        _("never seen") if age is None else f"{age.total_seconds():.0f} s",
        _("Start it: comptoir up (or comptoir worker)."),
    )
    waiting = backlog_age()
    yield finding(
        "backlog",
        waiting < timedelta(minutes=1),
        f"{waiting.total_seconds():.0f} s",
        _("The worker does not keep up: see its log, or run another `comptoir worker`."),
    )
    administrators = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, is_active=True).count()
    yield finding(
        "administrators",
        administrators > 0,
        str(administrators),
        _("Run: comptoir agent create EMAIL --name NAME --role administrator"),
    )
    aside = RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE).count()
    yield finding(
        "set aside",
        aside == 0,
        str(aside),
        _("See why with `comptoir deliveries list`, then `comptoir deliveries replay --all`."),
    )
    yield _files()
    for account in ChannelAccount.objects.select_related("health"):
        name = f"{ACCOUNT}{account.pk} ({account.name})"
        try:
            short = short_credentials(account)
        except UnreadableSecretError as error:
            yield Finding(
                name,
                False,
                said(error.reason, _),
                _("Connect the account again, or put back the secrets.json that encrypted it."),
            )
            continue
        if short:
            yield _short(name, account.pk, short[0])
            continue
        health = getattr(account, "health", None)
        error_text = health.last_error or health.unsent_reason if health else ""
        ok = account.status != ChannelAccount.Status.DISCONNECTED and not error_text
        yield finding(
            name,
            ok,
            said(error_text, _) or _status_words(account),
            _("Run: comptoir account check {number}").format(number=account.pk),
        )


def _short(check: str, account_id: int, field: CredentialField) -> Finding:
    """It works, and whoever tries long enough finds the secret."""
    label = field.label[0] if language() == "fr" else field.label[1]
    found = _("“{field}” has fewer than {least} characters: it can be guessed.")
    remedy = _("Agree on a longer one with the other side, then “Edit the connection” on the page of account {number}.")
    return Finding(check, False, found.format(field=label, least=field.least_chars), remedy.format(number=account_id))


def _status_words(account: Any) -> str:
    """As the screens have it, in the terminal's language."""
    from django.utils import translation

    with translation.override(language()):
        return str(account.get_status_display())


def _files() -> Finding:
    """A file is kept, read and forgotten where attachments go."""
    from comptoir.conversations.files import storage_trouble

    bucket = os.environ.get("COMPTOIR_S3_BUCKET")
    remedy = _("Let its owner write there: {folder}").format(folder=data_directory() / "files")
    if bucket:
        remedy = _("See that the bucket exists and that COMPTOIR_S3_ENDPOINT and what stands beside it open it.")
    trouble = storage_trouble()
    return finding("files", not trouble, trouble or bucket or str(data_directory() / "files"), remedy)
