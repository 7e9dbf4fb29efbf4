"""License files into the store, or only examined: the same rules either way."""

from aimlib.ingest.licenses.check import CheckReport, check_licenses
from aimlib.ingest.licenses.load import commit_licenses, load_licenses

__all__ = ["CheckReport", "check_licenses", "commit_licenses", "load_licenses"]
