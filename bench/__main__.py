"""Every benchmark, or those named: `python -m bench answering deliveries`."""

import sys
from importlib import import_module

NAMES = ("answering", "board", "deliveries", "eligibility", "imports", "launching", "publishing", "rooms")

if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        print(f"== {name}")
        for line in import_module(f"bench.{name}").run():
            print(f"   {line}", flush=True)
