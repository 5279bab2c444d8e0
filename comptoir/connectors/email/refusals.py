"""What IMAP and SMTP servers refuse alike, with the blanks that whoever raises it fills in."""

from __future__ import annotations

from comptoir.core.reasons import template

REFUSED_SIGN_IN = template("The mail server %(host)s refused the user name or the password: “%(said)s”.")
NOT_NOW = template("The mail server %(host)s does not let us in just now: “%(said)s”.")
NO_SERVER = template("“%(host)s” is no name of a server.")
NOT_TRUSTED = template("The certificate of the mail server %(host)s is not trusted: “%(said)s”.")
REFUSED = template("The mail server %(host)s refused: “%(said)s”.")
