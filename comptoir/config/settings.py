"""Django's settings. Everything that differs between installations comes from the environment: docs/operations.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from comptoir.config.addresses import listening_now
from comptoir.config.logging import logging_settings
from comptoir.config.postgres import database_url
from comptoir.config.secrets import data_directory, load_secrets
from comptoir.config.static_files import add_headers

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = data_directory()
#: What can be worked out again, mapped by every process; in the environment for those that know nothing of Django.
CACHE_DIR = Path(os.environ.setdefault("COMPTOIR_CACHE_DIR", str(DATA_DIR / "cache")))
_secrets = load_secrets(DATA_DIR)

SECRET_KEY = _secrets.secret_key
ENCRYPTION_KEYS = _secrets.encryption_keys
DEBUG = os.environ.get("COMPTOIR_DEBUG", "") == "1"
_where = listening_now()
#: Where people reach us from outside; links in mails, webhooks and widgets start with it.
BASE_URL = _where.url
#: Where browsers open the stream of live updates: another port of this host, or a path of the proxy in front.
LIVE_URL = _where.live_url
LIVE_PORT = _where.live_port
ALLOWED_HOSTS = _where.hosts
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "comptoir.core",
    "comptoir.brands",
    "comptoir.events",
    "comptoir.people",
    "comptoir.channels",
    "comptoir.contacts",
    "comptoir.catalogue",
    "comptoir.conversations",
    "comptoir.analysis",
    "comptoir.sla",
    "comptoir.routing",
    "comptoir.delivery",
    "comptoir.notifications",
    "comptoir.desk",
    "comptoir.bot",
    "comptoir.automations",
    "comptoir.intake",
    "comptoir.reporting",
    "comptoir.web",
    "comptoir.public",
    "comptoir.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "comptoir.web.company_sign_in",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",  # a page has some fifty files: they need no id, nor a line in the log
    "django.middleware.security.SecurityMiddleware",  # of what it says, a file needs one word (`add_headers`)
    "comptoir.config.logging.RequestIdMiddleware",
    "comptoir.web.compression.PagesCompressedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "comptoir.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "comptoir.web.middleware.AgentMiddleware",
    "comptoir.web.middleware.StrangersUploadsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comptoir.web.middleware.ContentSecurityPolicyMiddleware",
    "comptoir.web.middleware.NothingKeptMiddleware",
]

ROOT_URLCONF = "comptoir.config.urls"
WSGI_APPLICATION = "comptoir.config.wsgi.application"
ASGI_APPLICATION = "comptoir.config.asgi.application"

_KEPT_SOURCES = ("django.template.loaders.cached.Loader", ["comptoir.web.indentation.UnindentedLoader"])
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [_KEPT_SOURCES])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comptoir.web.context.counter",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    parts = conninfo_to_dict(database_url())
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database: dict[str, Any] = {name: str(parts.pop(key, "") or "") for key, name in named.items()}
    return database | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: str(setting) for key, setting in parts.items() if setting is not None},
    }


DATABASES = {"default": _database()}
#: Tries at signing in and codes that were used are counted by all processes together, and outlive a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
_MAIL = urlsplit(os.environ.get("COMPTOIR_MAIL_URL", ""))
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_PORT = _MAIL.port or (465 if _MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and "plain" not in _MAIL.query
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("COMPTOIR_MAIL_FROM", EMAIL_HOST_USER or "comptoir@localhost")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "comptoir.web.sign_in.StaffOnlyAdapter"
SOCIALACCOUNT_ADAPTER = "comptoir.web.sign_in.StaffOnlySocialAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "comptoir.web.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "comptoir.web.forms.passkeys.RenamePasskeyForm",
}
MFA_TOTP_ISSUER = "Comptoir"
MFA_TOTP_TOLERANCE = 1
#: Browsers take passkeys over HTTPS, and on localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BASE_URL.startswith("https://")
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("COMPTOIR_TRUSTED_PROXIES", "0"))
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if os.environ.get("COMPTOIR_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "company",
                "name": os.environ.get("COMPTOIR_OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ["COMPTOIR_OIDC_CLIENT_ID"],
                "secret": os.environ.get("COMPTOIR_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ["COMPTOIR_OIDC_ISSUER"]},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }

SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_NAME = "comptoir_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("COMPTOIR_TIME_ZONE", "Europe/Paris")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if os.environ.get("COMPTOIR_STATIC_READY"):
    STORAGES["staticfiles"] = {"BACKEND": "comptoir.config.static_names.NamedByContent"}
    WHITENOISE_USE_FINDERS = False
if os.environ.get("COMPTOIR_S3_BUCKET"):
    from botocore.config import Config as S3Config  # type: ignore[import-untyped]  # it has no types

    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["COMPTOIR_S3_BUCKET"],
            "endpoint_url": os.environ.get("COMPTOIR_S3_ENDPOINT") or None,
            "region_name": os.environ.get("COMPTOIR_S3_REGION") or None,
            "access_key": os.environ.get("COMPTOIR_S3_ACCESS_KEY") or None,
            "secret_key": os.environ.get("COMPTOIR_S3_SECRET_KEY") or None,
            "default_acl": None,
            "file_overwrite": False,
            # A bucket that is away is told within seconds: whoever waits for it holds a thread or an account's log.
            "client_config": S3Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2}),
        },
    }
#: Requests a minute that one token of the API may make, of each web process.
API_REQUESTS_PER_MINUTE = int(os.environ.get("COMPTOIR_API_REQUESTS_PER_MINUTE", "600"))
#: One attachment larger than this is refused, with the reason beside its name.
MAX_ATTACHMENT_BYTES = int(os.environ.get("COMPTOIR_MAX_ATTACHMENT_BYTES", str(25 * 1024 * 1024)))
#: Hosts that customers' files may be fetched from beside those of their network.
MEDIA_HOSTS = tuple(os.environ.get("COMPTOIR_MEDIA_HOSTS", "").lower().replace(",", " ").split())
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
#: A whole request of somebody who has not signed in, the files of a chat message among it.
STRANGERS_REQUEST_BYTES = 12 * 1024 * 1024
#: A whole request of a colleague or a program of theirs: as many files as a reply carries (30), and the words beside.
COLLEAGUES_REQUEST_BYTES = 31 * MAX_ATTACHMENT_BYTES

PROCRASTINATE_IMPORT_PATHS: list[str] = []
PROCRASTINATE_ON_APP_READY = None

#: How long a reply waits before it leaves, so that it can be taken back.
UNDO_SECONDS = int(os.environ.get("COMPTOIR_UNDO_SECONDS", "10"))

LOGGING_CONFIG = None
LOGGING = logging_settings()
TEST_RUNNER = "django.test.runner.DiscoverRunner"
