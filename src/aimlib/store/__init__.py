"""The store: raw answers with their origin, and tidy tables by vintage, in a folder."""

from aimlib.store.store import Store, resolve_store

__all__ = ["Store", "resolve_store"]
