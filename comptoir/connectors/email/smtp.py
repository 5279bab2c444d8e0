"""Handing one mail to an SMTP server, and knowing exactly how far it got.

The commands are sent one by one: until the full stop that ends DATA has been written, the server cannot have accepted
anything, and whatever fails may be tried again. From there until its answer is read, only the server knows.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence

from comptoir.connectors.base import AuthError, ConnectorError, PermanentError, TransientError, UncertainError
from comptoir.connectors.email.credentials import port_number
from comptoir.connectors.email.refusals import NO_SERVER, NOT_NOW, NOT_TRUSTED, REFUSED, REFUSED_SIGN_IN, unreachable
from comptoir.core.reasons import Reason, template

TIMEOUT_SECONDS = 60
#: The server may look at the mail for long before it answers (RFC 5321 asks for ten minutes).
ANSWER_TIMEOUT_SECONDS = 300
_AUTH_CODES = {530, 534, 535, 538}
_END = b".\r\n"
THE_MESSAGE = Reason("the message")
_NOT_REACHED = template("The mail server %(host)s cannot be reached: “%(said)s”. Nothing was sent.")


@contextlib.contextmanager
def mail_server(credentials: Mapping[str, str]) -> Iterator[smtplib.SMTP]:
    """A connection that is signed in. Nothing that fails here has sent anything."""
    host = credentials["smtp_host"]
    server: smtplib.SMTP | None = None
    try:
        server = _connected(credentials, host)
        _sign_in(server, credentials)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        if server is not None:
            server.close()
        raise _opening_error(host, error) from error
    try:
        yield server
    finally:
        with contextlib.suppress(Exception):  # what matters was answered before
            server.sock.settimeout(5)  # type: ignore[union-attr]  # None once closed: suppressed like the rest
            server.quit()
        server.close()


def _connected(credentials: Mapping[str, str], host: str) -> smtplib.SMTP:
    security = credentials.get("smtp_security") or "starttls"
    port = port_number(credentials.get("smtp_port"), 465 if security == "ssl" else 587)
    domain = credentials["address"].rpartition("@")[2] or None
    name = domain.encode("idna").decode() if domain else None
    if security == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, name, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, credentials: Mapping[str, str]) -> None:
    username = credentials.get("smtp_username") or credentials.get("username")
    password = credentials.get("smtp_password") or credentials.get("password")
    if (
        username
        and password
        and (server.has_extn("auth") or (credentials.get("smtp_security") or "starttls") != "none")
    ):
        _log_in(server, username, password)


def _log_in(server: smtplib.SMTP, username: str, password: str) -> None:
    if (username + password).isascii():
        server.login(username, password)
        return
    server.ehlo_or_helo_if_needed()
    token = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {token}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _opening_error(host: str, error: Exception) -> ConnectorError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _answer(error.smtp_code, error.smtp_error)
        if error.smtp_code in _AUTH_CODES or error.smtp_code >= 500:
            return AuthError(REFUSED_SIGN_IN, host=host, said=said)
        return TransientError(NOT_NOW, host=host, said=said)
    if isinstance(error, UnicodeError):
        return PermanentError(NO_SERVER, host=host)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentError(
            "The mail server %(host)s does not offer what the settings ask for: “%(said)s”.", host=host, said=str(error)
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentError(NOT_TRUSTED, host=host, said=error.verify_message)
    if isinstance(error, smtplib.SMTPResponseException) and 500 <= error.smtp_code < 600:
        return PermanentError(REFUSED, host=host, said=_answer(error.smtp_code, error.smtp_error))
    return unreachable(host, error, otherwise=_NOT_REACHED)


def hand_over(server: smtplib.SMTP, sender: str, recipients: Sequence[str], raw: bytes) -> Mapping[str, str]:
    """Give the server one mail; returns the recipients it refused while it took others."""
    refused: dict[str, str] = {}
    try:
        _announce(server, sender, recipients, raw, refused)
        _write(server, _dotted(raw))
    except (smtplib.SMTPException, OSError) as error:
        raise TransientError(
            "The connection to the mail server was lost before the message was complete: “%(said)s”. Nothing was sent.",
            said=str(error),
        ) from error
    code, answer = _finish(server)
    if code == 250:
        return refused
    raise _refusal(code, answer, THE_MESSAGE)


def _announce(
    server: smtplib.SMTP, sender: str, recipients: Sequence[str], raw: bytes, refused: dict[str, str]
) -> None:
    options = [f"SIZE={len(raw)}"] if server.has_extn("size") else []
    if server.has_extn("8bitmime") and not raw.isascii():
        options.append("BODY=8BITMIME")
    if not all(address.isascii() for address in (sender, *recipients)):
        if not server.has_extn("smtputf8"):
            raise PermanentError("The mail server cannot write to an address with letters outside ASCII.")
        options.append("SMTPUTF8")
        server.command_encoding = "utf-8"
    _expect(server.mail(sender, options), Reason("the sender"))
    answers = {recipient: server.rcpt(recipient) for recipient in recipients}
    for recipient, (code, answer) in answers.items():
        if code not in (250, 251):
            refused[recipient] = _answer(code, answer)
    if len(refused) == len(answers):
        temporary = [pair for pair in answers.values() if pair[0] < 500]
        code, answer = (temporary or list(answers.values()))[0]
        raise _refusal(code, answer, Reason("the recipient %(address)s", address=next(iter(answers))))
    server.putcmd("data")
    code, answer = server.getreply()
    if code != 354:
        raise _refusal(code, answer, THE_MESSAGE)


def _expect(reply: tuple[int, bytes], what: Reason) -> None:
    if reply[0] != 250:
        raise _refusal(reply[0], reply[1], what)


def _dotted(raw: bytes) -> bytes:
    """CRLF line ends, and a full stop at the start of a line doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _write(server: smtplib.SMTP, content: bytes) -> None:
    server.send(content)


def _finish(server: smtplib.SMTP) -> tuple[int, bytes]:
    """From the full stop to the answer: whatever fails here may have been accepted."""
    try:
        assert server.sock is not None
        server.sock.settimeout(ANSWER_TIMEOUT_SECONDS)
        server.send(_END)
        code, answer = server.getreply()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise UncertainError(
            "The connection to the mail server was lost while it was taking the message (“%(said)s”): "
            "it may or may not have been sent.",
            said=str(error),
        ) from error
    if not 200 <= code < 600:
        raise UncertainError(
            "The mail server gave an answer that cannot be understood (“%(said)s”): the message may have been sent.",
            said=_answer(code, answer),
        )
    return code, answer


def _refusal(code: int, answer: bytes, what: Reason) -> ConnectorError:
    said = _answer(code, answer)
    if code in _AUTH_CODES:
        return AuthError("The mail server wants us to sign in again: “%(said)s”.", said=said)
    if 500 <= code < 600:
        return PermanentError("The mail server refused %(what)s: “%(said)s”.", what=what, said=said)
    return TransientError("The mail server did not take %(what)s for now: “%(said)s”.", what=what, said=said)


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:400]
