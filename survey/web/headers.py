"""The headers that every answer carries, made once."""

from survey.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
)
# For the few pages that may ask a browser for a place, and only after a click.
MAY_ASK_WHERE = PERMISSIONS_POLICY.replace("geolocation=()", "geolocation=(self)")
ONE_YEAR_SECONDS = 31_536_000

NO_STORE = (b"cache-control", b"no-store")
VARY = (b"vary", b"HX-Request, HX-Request-Type")


def fixed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """What goes out with everything. HSTS only where the site is https, since browsers would remember it."""
    headers = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("permissions-policy", PERMISSIONS_POLICY),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ]
    if settings.base_url.startswith("https://"):
        headers.append(("strict-transport-security", f"max-age={ONE_YEAR_SECONDS}; includeSubDomains"))
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
