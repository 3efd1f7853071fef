"""What we promise, for everybody; the proof and its runs, for the company whose shoppers are looked for."""

from .page import promises_page
from .proof import ask, ask_as_provider, proof_page, proof_page_of, run_page, run_page_of
from .twin import twin_page

ROUTES = (promises_page, proof_page, ask, run_page, proof_page_of, ask_as_provider, run_page_of, twin_page)

__all__ = ["ROUTES"]
