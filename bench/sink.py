"""The counting mail server of the tests, as a process of its own; prints its port."""

import asyncio

from tests.smtp_sink import Sink, serving


async def main() -> None:
    """Serve until killed."""
    async with serving(Sink(keeps_content=False)) as sink:
        print(sink.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
