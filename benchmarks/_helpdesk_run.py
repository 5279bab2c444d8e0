"""Run by django-helpdesk's own Python: make it read mails into tickets, print how many a second."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def _database() -> dict[str, object]:
    where = urlsplit(os.environ["COMPTOIR_DATABASE_URL"])
    host = parse_qs(where.query).get("host", [where.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "helpdesk",
        "USER": unquote(where.username or ""),
        "PASSWORD": unquote(where.password or ""),
        "HOST": host,
        "PORT": str(where.port or ""),
    }


def _make_database() -> None:
    import psycopg

    with psycopg.connect(os.environ["COMPTOIR_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS helpdesk")
        connection.execute("CREATE DATABASE helpdesk")


def _set_up(folder: Path) -> None:
    import types

    from django.conf import settings

    addresses = types.ModuleType("helpdesk_addresses")
    sys.modules["helpdesk_addresses"] = addresses

    settings.configure(
        SECRET_KEY="bench",
        DATABASES={"default": _database()},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.sites",
            "django.contrib.humanize", "django.contrib.admin", "django.contrib.messages", "rest_framework",
            "helpdesk",
        ],
        SITE_ID=1,
        ROOT_URLCONF="helpdesk_addresses",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        MEDIA_ROOT=str(folder / "media"),
        HELPDESK_TEAMS_MODE_ENABLED=False,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import include, path

    addresses.urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]  # type: ignore[attr-defined]  # made here

    call_command("migrate", verbosity=0)


def main(folder: Path) -> None:
    """Read every mail of the folder."""
    _make_database()
    _set_up(folder)
    from helpdesk.email import extract_email_metadata
    from helpdesk.models import Queue, Ticket

    queue = Queue.objects.create(title="Bench", slug="bench", allow_email_submission=True)
    logger = logging.getLogger("bench")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    mails = [file.read_text() for file in sorted(folder.glob("*.eml"))]
    begun = time.perf_counter()
    for mail in mails:
        extract_email_metadata(mail, queue, logger)
    took = time.perf_counter() - begun
    if Ticket.objects.count() != len(mails):
        raise SystemExit(f"{Ticket.objects.count()} tickets of {len(mails)} mails")
    print(len(mails) / took)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
