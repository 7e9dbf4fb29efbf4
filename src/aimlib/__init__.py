"""United States aluminum imports: loaders, calculations and bulletins."""

import sys

__version__ = "0.1.0"

# jsonschema, which altair brings, builds that package's grammar at import: more than a second in every process, for
# a check of addresses that nothing here makes. It carries on without it.
sys.modules.setdefault("rfc3987_syntax", None)
