"""The sample: synthetic imports around published totals, made here and loaded like real answers.

Imports: `tables` reads the committed tables, `pairs` spreads the totals of 2024 over lines, `flows` and `duty`
make months of them, `panel` lays them together, `changes` gives each month its codes, `releases` and `revisions`
its vintages, `writer` and `answers` write them as Census would.

Licenses: `license_flows` says what there is to be licensed, `license_noise` how far it strays, `license_lines` cuts
it into licenses, `parties`, `smelt` and `license_dates` say by whom, of which metal and when, `license_events` lays
it together, `license_files` writes it with rows to reject; `census_known` and `monitor_files` make the public
monitor's view of it, `price_files` the prices.

The world: `world_tables` reads its committed tables, `world_flows` makes the true flows of them, `world_accounts` what
each side declares, `world_records` what Comtrade would show of that, `world_files` the files; `world_parameters` holds
the numbers chosen.

`loads` gives all of it to the ordinary loaders in order, `fill` puts it into a store. `parameters` and
`license_parameters` hold the numbers chosen, `figures` shows how the totals were computed, `draws` is where chance
comes from.
"""

from __future__ import annotations

from aimlib.ingest.sample.answers import SampleAnswer, sample_answers
from aimlib.ingest.sample.fill import SampleReport, fill_sample
from aimlib.ingest.sample.license_events import license_events
from aimlib.ingest.sample.license_parameters import LICENSES, LicenseParameters
from aimlib.ingest.sample.monitor_files import monitor_files
from aimlib.ingest.sample.world_files import WorldBatch, world_files
from aimlib.ingest.sample.world_flows import true_flows

__all__ = [
    "LICENSES",
    "LicenseParameters",
    "SampleAnswer",
    "SampleReport",
    "WorldBatch",
    "fill_sample",
    "license_events",
    "monitor_files",
    "sample_answers",
    "true_flows",
    "world_files",
]
