"""How a client's people hear of new reports: collected, at the pace that each of them has chosen."""

from datetime import timedelta

NEWS_KIND = "releases.shop_news"
NEWS_HOUR = 7  # of the morning, where the viewer's place is
# Whoever released a moment ago may not have committed yet; a little later nothing before that moment is still missing.
NEWS_SETTLE = timedelta(minutes=2)
# What is older is no news, to somebody who has just been given a place or wants mail again.
NEWS_LOOK_BACK = timedelta(days=2)
