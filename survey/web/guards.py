"""Who a handler is for. Each handler names exactly one of these, and it decides the role its transaction runs as."""

from dataclasses import dataclass
from enum import StrEnum

from privacy.tokens import Purpose
from survey.db import Role


class Plane(StrEnum):
    """The kinds of visitor, told apart before a handler runs."""

    PUBLIC = "public"  # anybody
    BEARER = "bearer"  # whoever holds a signed link
    ACCOUNT = "account"  # somebody with a session, whatever their role
    STAFF = "staff"  # people of one affiliate
    PROVIDER = "provider"  # people who run the platform
    SHOPPER = "shopper"  # a mystery shopper, at one affiliate
    VIEWER = "viewer"  # people of a client, who read releases


FULL = "full"
PASSWORD = "password"  # noqa: S105 - the stage after the password was right
ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Access:
    """A handler's declaration. `role` None: no transaction is opened."""

    plane: Plane
    role: Role | None
    roles: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset({FULL})
    purpose: Purpose | None = None
    is_timed: bool = False
    reason: str = ""


class MissingReason(ValueError):
    """A handler that is open to more than signed-in people has to say why."""


def staff(*roles: str) -> Access:
    """People of one affiliate with one of the roles (`manager`, `affiliate_admin`)."""
    if not roles:
        raise MissingReason("name the roles that may open this page")
    return Access(Plane.STAFF, Role.STAFF, roles=frozenset(roles))


def provider() -> Access:
    """People who run the platform: tenants, never their people."""
    return Access(Plane.PROVIDER, Role.PROVIDER, roles=frozenset({"provider"}))


def viewer() -> Access:
    """A client's people. Reads the release plane alone, within the viewer's node of the tree."""
    return Access(Plane.VIEWER, Role.CLIENT)


def shopper() -> Access:
    """A shopper's own pages, at the affiliate that the session names. Sees open shops and what is the shopper's own."""
    return Access(Plane.SHOPPER, Role.SHOPPER, roles=frozenset({"shopper"}))


def signed_in(*stages: str) -> Access:
    """Anybody with a session, about their own account. stages: `full` (default), `password`, `enrol`."""
    return Access(Plane.ACCOUNT, Role.GATE, stages=frozenset(stages or {FULL}))


def bearer(reason: str, *, purpose: Purpose, role: Role | None = Role.RESPONDENT, is_timed: bool = False) -> Access:
    """Whoever holds a link `/…/{token}` signed for `purpose`; the id inside becomes the transaction's `link`.

    is_timed: the token was made by `sign_until`. A token that does not verify never reaches the handler.
    """
    return Access(Plane.BEARER, role, purpose=purpose, is_timed=is_timed, reason=_said(reason))


def public(reason: str, *, role: Role | None = None) -> Access:
    """Anybody. No transaction unless a role is asked for."""
    return Access(Plane.PUBLIC, role, reason=_said(reason))


def _said(reason: str) -> str:
    if not reason.strip():
        raise MissingReason("say why this is open without a sign-in")
    return reason
