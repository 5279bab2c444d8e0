"""What IMAP and SMTP servers refuse alike, with the blanks that whoever raises it fills in."""

from __future__ import annotations

import socket
import ssl

from comptoir.connectors.base import TransientError
from comptoir.core.reasons import template

REFUSED_SIGN_IN = template("The mail server %(host)s refused the user name or the password: “%(said)s”.")
NOT_NOW = template("The mail server %(host)s does not let us in just now: “%(said)s”.")
NO_SERVER = template("“%(host)s” is no name of a server.")
NOT_TRUSTED = template("The certificate of the mail server %(host)s is not trusted: “%(said)s”.")
REFUSED = template("The mail server %(host)s refused: “%(said)s”.")


def unreachable(host: str, error: Exception, *, otherwise: str) -> TransientError:
    """No connection came about: what is most likely to be amiss, for whoever fills in the settings.

    ``otherwise`` is the template for all else, with the blanks ``host`` and ``said``. Always worth another try: a
    resolver that is down says of every name that there is none.
    """
    if isinstance(error, socket.gaierror):
        return TransientError("No server named “%(host)s” was found: see how it is written.", host=host)
    if isinstance(error, ConnectionRefusedError):
        return TransientError("The server %(host)s takes no mail at this port: see the port.", host=host)
    if isinstance(error, TimeoutError):
        return TransientError("The mail server %(host)s did not answer in time: see its name and port.", host=host)
    if isinstance(error, ssl.SSLError):
        return TransientError(
            "The mail server %(host)s does not speak encrypted at this port: see the port and the security.", host=host
        )
    return TransientError(otherwise, host=host, said=str(error))
