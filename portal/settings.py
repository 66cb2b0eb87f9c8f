"""Settings, all from the environment, read strictly: a wrong or missing value stops the start by name.

A secret may come from a file: `NAME_FILE` names it. Where DATABASE_URL and REDIS_URL are unset, the demo
and the tests set them to servers of their own (see `embedded`). `docs/settings.md` lists every setting.
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv, validate

from portal.logs import logging_settings

env = FileAwareEnv(strip_whitespace=True)  # a secret's file may end with a newline
BASE_DIR = Path(__file__).resolve().parent.parent

# What is secret and where the site stands
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
PROCESS_ROLE = env.str(
    "PROCESS_ROLE", "all", validate=validate.OneOf(["web", "worker", "beat", "keeper", "all"])
)
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL])

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "permits.apps.PermitsConfig",
    "orders.apps.OrdersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.NoStoreMiddleware",
    "portal.middleware.BrokenUploadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.ActorMiddleware",
    "portal.middleware.StaffMfaMiddleware",
    "portal.unsent.UnsentMiddleware",
    "portal.middleware.NotAllowedMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "portal.templatetags.components"],
        },
    }
]
FORM_RENDERER = "portal.forms.FormRenderer"

# PostgreSQL is the truth; the cache lives there too, so that Redis may vanish at any time
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# Celery carries job numbers; nothing of worth is in Redis (outbox.py)
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_TIME_LIMIT", 3300)
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", 3600)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT,  # above the hard limit, or a long job would run twice
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    # A request must not wait for a Redis that is away: its job is in the database and is sent later
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Helsinki"
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", 60.0)
JOB_SWEEP_SECONDS = env.float("JOB_SWEEP_SECONDS", 5.0)
CELERY_BEAT_SCHEDULE = {
    "send what waits": {"task": "portal.tasks.sweep", "schedule": JOB_SWEEP_SECONDS},
    "release what is due": {
        "task": "orders.tasks.release_due",
        "schedule": env.float("RELEASE_SECONDS", 60.0),
    },
    "end clearings that are due": {
        "task": "orders.tasks.close_clearings",
        "schedule": env.float("RELEASE_SECONDS", 60.0),
    },
    "purge what is due": {"task": "orders.tasks.purge_due", "schedule": env.float("PURGE_SECONDS", 600.0)},
    "remind of deliveries that expire": {
        "task": "orders.tasks.remind_of_expiry",
        "schedule": crontab(hour=8, minute=15),
    },
    "tell officials of doubtful rows": {
        "task": "orders.tasks.tell_of_doubtful_rows",
        "schedule": crontab(hour=8, minute=0, day_of_week="mon-fri"),
    },
    "remove files that no row names": {
        "task": "portal.tasks.remove_unnamed",
        "schedule": crontab(hour=2, minute=10),
    },
    "turn the permits' day": {
        "task": "permits.tasks.turn_day",
        "schedule": crontab(hour=0, minute=5),
    },
    "make months of the disclosure register": {
        "task": "orders.tasks.make_disclosure_months",
        "schedule": crontab(hour=1, minute=30),
    },
    "end third parties' permissions": {
        "task": "orders.tasks.end_third_parties",
        "schedule": crontab(hour=0, minute=15),
    },
    "prune the population store": {
        "task": "orders.tasks.prune_store",
        "schedule": crontab(hour=3, minute=20),
        "options": {"queue": "store"},  # of the only process that may write in the store
    },
    "remove accounts never confirmed": {
        "task": "portal.tasks.remove_unconfirmed",
        "schedule": crontab(hour=2, minute=50),
    },
    "clear expired sessions": {"task": "portal.tasks.clear_sessions", "schedule": crontab(hour=2, minute=40)},
}

# Files at rest (storage.py): the web may encrypt uploads and read deliveries, workers the other way round
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": env.str("FILES_BACKEND", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("FILES_OPTIONS", {"location": str(BASE_DIR / ".demo" / "files")}),
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["portal.uploads.EncryptingUploadHandler"]
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", None)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 5 * 1024 * 1024 * 1024)
UPLOAD_UNFINISHED_DAYS = env.int("UPLOAD_UNFINISHED_DAYS", 2, validate=validate.Range(min=1))
UPLOAD_UNFINISHED_MAX = env.int("UPLOAD_UNFINISHED_MAX", 5, validate=validate.Range(min=1))
UPLOAD_UNFINISHED_BYTES = env.int("UPLOAD_UNFINISHED_BYTES", 20 * 1024 * 1024 * 1024)
UPLOAD_RECIPIENT = env.str("UPLOAD_RECIPIENT")
UPLOAD_IDENTITIES: list[str] = env.list("UPLOAD_IDENTITIES", [])
DELIVERY_RECIPIENT = env.str("DELIVERY_RECIPIENT")
DELIVERY_IDENTITIES: list[str] = env.list("DELIVERY_IDENTITIES", [])
DISCLOSURE_KEY = env.str("DISCLOSURE_KEY", "")
UPLOAD_DAYS_AFTER_DELIVERY = env.int("UPLOAD_DAYS_AFTER_DELIVERY", 14)
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")  # host:port or a socket's path; unset, nothing is scanned
DRAFT_DAYS = env.int("DRAFT_DAYS", 30)
DELIVERY_DAYS = env.int("DELIVERY_DAYS", 30)
CUSTOMER_REISSUES = env.int("CUSTOMER_REISSUES", 0, validate=validate.Range(min=0))
DISCLOSURE_YEARS = env.int("DISCLOSURE_YEARS", 5, validate=validate.Range(min=1))
SEARCH_RESULT_HOURS = env.int("SEARCH_RESULT_HOURS", 24, validate=validate.Range(min=1))

# The clearing of doubtful rows by officials; it ends by itself on a day of the delivery window
CLEARING = env.bool("CLEARING", True)
CLEARING_LAST_DAY = env.int("CLEARING_LAST_DAY", 18, validate=validate.Range(min=10, max=20))
CLEARING_SECOND_SHARE = env.float("CLEARING_SECOND_SHARE", 0.05, validate=validate.Range(min=0, max=1))
COMPLETION_ROWS = env.int("COMPLETION_ROWS", 1000, validate=validate.Range(min=1))
CLEARING_SHEET_ROWS = env.int("CLEARING_SHEET_ROWS", 200, validate=validate.Range(min=1))
DELIVERY_REMINDER_DAYS: list[int] = env.list("DELIVERY_REMINDER_DAYS", [7, 1], subcast=int)

# The population store, which only workers can read, and what a match may use of the machine
POPULATION_STORE = env.str("POPULATION_STORE", "")
POPULATION_CACHE = env.str("POPULATION_CACHE", "")  # unset, the store is read in place
MATCH_MODEL = env.str("MATCH_MODEL", "")  # unset, the model that is shipped
MATCH_CHUNK_ROWS = env.int("MATCH_CHUNK_ROWS", 250_000, validate=validate.Range(min=1))
MATCH_THREADS = env.int("MATCH_THREADS", None)
MATCH_MEMORY = env.str("MATCH_MEMORY", None)
WORK_DIR = env.str("WORK_DIR", None)
DELIVERY_RELEASE = env.str(
    "DELIVERY_RELEASE", "in_window", validate=validate.OneOf(["in_window", "when_ready"])
)

# Language and time
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_I18N = USE_TZ = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Sign-in
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.password_rules.UnlikeTheAddress"},
    {"NAME": "portal.password_rules.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.password_rules.NotDigitsAlone"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
UNCONFIRMED_DAYS = env.int("UNCONFIRMED_DAYS", 7, validate=validate.Range(min=3))  # a link holds for three
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "portal.sign_in.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
ACCOUNT_FORMS = {
    "signup": "portal.sign_in_forms.SignUpForm",
    "login": "portal.sign_in_forms.SignInForm",
    "reset_password": "portal.sign_in_forms.AskForReset",
    "reset_password_from_key": "portal.sign_in_forms.ResetPassword",
    "change_password": "portal.sign_in_forms.ChangePassword",
    "reauthenticate": "portal.sign_in_forms.ConfirmByPassword",
}
MFA_FORMS = {
    "authenticate": "portal.sign_in_forms.AskForCode",
    "reauthenticate": "portal.sign_in_forms.ConfirmByCode",
    "activate_totp": "portal.sign_in_forms.SetUpApp",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
MFA_ADAPTER = "portal.sign_in.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Päivityspalvelu"
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console://")
if "EMAIL_BACKEND" not in EMAIL_CONFIG:  # mail of an unknown scheme, and its password, would go without TLS
    raise ImproperlyConfigured("EMAIL_URL: the scheme is submission (with TLS), smtp or console.")
vars().update({name: value for name, value in EMAIL_CONFIG.items() if name.startswith("EMAIL_")})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "paivityspalvelu@registry.example")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "paivityspalvelu@registry.example")

# Who sends the invoices of orders (orders/prices/finvoice.py); without them there are no e-invoices
SELLER_NAME = env.str("SELLER_NAME", "")
SELLER_BUSINESS_ID = env.str("SELLER_BUSINESS_ID", "")
SELLER_STREET = env.str("SELLER_STREET", "")
SELLER_POSTAL_CODE = env.str("SELLER_POSTAL_CODE", "")
SELLER_POST_OFFICE = env.str("SELLER_POST_OFFICE", "")
SELLER_IBAN = env.str("SELLER_IBAN", "")
SELLER_BIC = env.str("SELLER_BIC", "")
INVOICE_OPERATOR = env.str("INVOICE_OPERATOR", "")
INVOICE_DAYS = env.int("INVOICE_DAYS", 30, validate=validate.Range(min=1))

# Browser security: nothing inline, nothing from elsewhere
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_COOKIES = env.bool("SECURE_COOKIES", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", 8 * 3600)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", SECURE_COOKIES)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600 if SECURE_COOKIES else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the load balancer asks inside, without TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "portal.api.KeysetPages",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "240/min"},
    "NUM_PROXIES": int(BEHIND_PROXY),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Päivityspalvelu API",
    "DESCRIPTION": "Applications, permits and orders: status and deadlines; the public register of permits.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {"OrderStatus": "orders.models.Status"},
}
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOGGING = logging_settings(LOG_LEVEL)
SILENCED_SYSTEM_CHECKS: list[str] = []
