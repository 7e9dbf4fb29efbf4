"""License files in the fields of form ITA-4142a: CSV or Excel, one row a product line and event."""

from aimlib.sources.licenses.clean import Cleaner
from aimlib.sources.licenses.errors import NotLicenses
from aimlib.sources.licenses.sheet import Chunk, Sheet, open_sheet

LICENSE = "Business confidential (19 CFR part 361): rows stay in the store, aggregates may be shown"
PUBLISHER = "U.S. Department of Commerce, International Trade Administration"
TITLE = "Aluminum import licenses (form ITA-4142a)"

__all__ = ["LICENSE", "PUBLISHER", "TITLE", "Chunk", "Cleaner", "NotLicenses", "Sheet", "open_sheet"]
