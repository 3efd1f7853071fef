"""Argon2 and zxcvbn away from the event loop, in few threads: each hash takes 19 MiB, and a crowd must not take all."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
_THREADS = ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2), thread_name_prefix="passwords")


async def aside(work: Callable[..., T], *arguments: object) -> T:
    """Do slow work in a thread, while the event loop serves others."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *arguments)
