"""What anyone can download from the public Aluminum Import Monitor, as CSV or Excel, one dashboard a file.

No file of the monitor itself was at hand: the columns follow 19 CFR 361.104 (monthly aggregates by origin,
smelt, cast and product; metric tons, customs value, average unit value) and what its pages are known to show
(percentages only for the country of smelt). These are the canonical headers; `columns` has their synonyms.

=============================== ===================================================== ======== ===== ====
header                          cells                                                 imports  smelt cast
=============================== ===================================================== ======== ===== ====
month                           2026-09 (or ``year`` and ``month`` apart)             yes      yes   yes
data_status                     License or Census                                     yes      may   may
country_of_origin               a name or ISO code; World for all origins             yes      yes   yes
product_category                one of the eight; All for the AIM scope               or hts6  same  same
hts6                            760110; castings and forgings as 761699               or cat.  same  same
country_of_largest_smelt        a name, N/A or Unknown                                         yes
country_of_most_recent_cast     a name                                                               yes
quantity_metric_tons            metric tons                                           yes      may   yes
customs_value_usd               US dollars                                            yes      may   yes
average_unit_value_usd_t        value over quantity, checked within 1%                may      may   may
share_of_quantity_pct           percent of the origin's month and product                      yes   may
share_of_value_pct              same                                                           yes   may
=============================== ===================================================== ======== ===== ====

"may" columns can be absent; of the figures at least one must be there. Without ``data_status`` the smelt and cast
dashboards count as license data, which alone tell smelt and cast. A row with both a category and an HTS6 is an
HTS6 row. A figure withheld is blank, ``(D)`` or ``W``, and stays missing; ``-`` is refused, for it may mean zero.
"""
