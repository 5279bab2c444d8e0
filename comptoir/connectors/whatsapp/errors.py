"""What WhatsApp's own error codes mean for what may be done next.

Source: WhatsApp Business Platform, "Error codes". Codes shared with the Graph API are read in shared/graph/errors.py.
"""

from __future__ import annotations

from datetime import timedelta

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, TransientError
from comptoir.connectors.shared.calling import RefusedError, pause_of, quoting, unclear
from comptoir.connectors.shared.graph.errors import GraphError, slow_down
from comptoir.core.reasons import Reason, template

_LABEL = "WhatsApp"
#: 0 is "we were unable to authenticate the app user".
_AUTH = frozenset({0, 131005})
_TOO_MANY = frozenset({80007, 130429, 131048, 133016})
#: Too many messages to one customer in a short time: a few seconds are enough.
_PAIR_RATE = 131056
_PAIR_PAUSE = timedelta(seconds=10)
_AWAY = frozenset({131016, 131057, 133004, 133005})
_UNCLEAR = frozenset({131000})
#: What is refused for good, told in our words; deliveries that fail later bear the same codes.
IN_WORDS = {
    130497: template("WhatsApp does not let this company write to people in that country."),
    131026: template(
        "WhatsApp cannot reach this person: no account, an old version, or they do not take our messages."
    ),
    131030: template("This number is not among those that a test number may write to."),
    131031: template("WhatsApp has locked this business account."),
    131037: template("The display name of our number has not been approved yet."),
    131042: template("WhatsApp asks for a means of payment on this business account."),
    131047: template("More than 24 hours have passed since the customer’s last message: send an approved template."),
    131049: template("WhatsApp chose not to deliver this message, to keep this person from getting too many."),
    131050: template("This person asked for no more marketing messages from us."),
    131062: template("This kind of message cannot be sent to somebody who shows no telephone number."),
    132000: template("The template has another number of blanks than were filled in."),
    132001: template("There is no approved template of this name in this language."),
    132015: template("WhatsApp has paused this template for its low quality."),
    132016: template("WhatsApp has disabled this template for its low quality."),
    133010: template("Our number is not registered with the Cloud API."),
}


def dialect(told: GraphError, response: httpx.Response, repeatable: bool) -> ConnectorError | None:
    """The error that one of WhatsApp's codes means; None for those of all Meta networks."""
    if told.code in _AUTH and told.status in (401, 403):
        ended = Reason("%(network)s no longer accepts this access: sign in again.", network=_LABEL)
        return AuthError(quoting(ended, told.said))
    if told.code in _TOO_MANY:
        return slow_down(_LABEL, told, response)
    if told.code == _PAIR_RATE:
        asked = Reason("%(network)s asks us to slow down (rate limit).", network=_LABEL)
        return TransientError(quoting(asked, told.said), retry_after=pause_of(response) or _PAIR_PAUSE)
    if told.code in _AWAY:
        away = Reason("%(network)s did not take the message and asks to try again.", network=_LABEL)
        return TransientError(quoting(away, told.said), retry_after=pause_of(response))
    if told.code in _UNCLEAR:
        failed = Reason("%(network)s failed (error %(code)s).", network=_LABEL, code=told.name)
        return unclear(quoting(failed, told.said), repeatable=repeatable)
    words = IN_WORDS.get(told.code)
    return RefusedError(quoting(Reason(words), told.said), status=told.status, code=told.name) if words else None
