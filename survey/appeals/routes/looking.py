"""A message at words that may not leave, for each page on which staff write to a client or a shopper."""

from uuid import UUID

from survey.web import Form, Request, now_of, scope_of, settings_of

from .. import service


async def look_through(request: Request, form: Form, looked: tuple[str, UUID], *, to_client: bool) -> None:
    """Leave a message at words that may not leave. looked: the form's field, and the shop it is about."""
    name, shop_id = looked
    scope, settings = scope_of(request), settings_of(request)
    try:
        await service.require_sendable(scope, settings, shop_id, form[name], now_of(request), to_client=to_client)
    except service.Unsendable as refusal:
        form.refuse(name, f"{refusal}")
