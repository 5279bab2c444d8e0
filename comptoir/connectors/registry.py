"""Which connectors there are: every folder under connectors/ with a connector.py, found by looking."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import TypeGuard

from comptoir import connectors
from comptoir.connectors.base import Connector
from comptoir.core.reasons import Reason


class UnknownKindError(LookupError):
    """No connector of that kind; the text names the kinds there are."""

    def __init__(self, kind: str) -> None:
        self.reason = Reason(
            "There is no connector “%(kind)s”. There are: %(kinds)s.", kind=kind, kinds=", ".join(connector_classes())
        )
        super().__init__(str(self.reason))


@cache
def connector_classes() -> Mapping[str, type[Connector]]:
    """Every connector class by its kind, sorted by kind."""
    found: dict[str, type[Connector]] = {}
    for module in pkgutil.iter_modules(connectors.__path__):
        name = f"{connectors.__name__}.{module.name}.connector"
        if not module.ispkg or importlib.util.find_spec(name) is None:  # what connectors are made of
            continue
        code = importlib.import_module(name)
        for member in vars(code).values():
            if _is_connector(member, code.__name__):
                found[member.kind] = member
    return dict(sorted(found.items()))


def _is_connector(member: object, module: str) -> TypeGuard[type[Connector]]:
    """A class of that very module which lacks nothing of what a connector must have."""
    return (
        inspect.isclass(member)
        and issubclass(member, Connector)
        and not inspect.isabstract(member)
        and member.__module__ == module
    )


def connector_class(kind: str) -> type[Connector]:
    """The connector of one kind. Raises UnknownKindError."""
    try:
        return connector_classes()[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
