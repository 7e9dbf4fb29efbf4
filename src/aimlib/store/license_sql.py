"""The queries of the license log: from events to versions of lines, and from versions to what many days saw.

`license_log` says by which rule. Tables: ``rows`` (of the files), ``loads``, ``event`` (each with the day on which
it became known), ``importer`` (names and their numbers), ``version`` (a line as it stood from known to until).
"""

from __future__ import annotations

from aimlib.store.tables import LICENSE_STATUSES

BY = ("month", "entry_type", "origin", "exportation", "code", "product")
METAL = ("largest_smelt", "second_smelt", "recent_cast")

KEY = "license_number, line_number"
TOLD = ", ".join((*BY, *METAL, "importer", "quantity_kg", "customs_value_usd"))

# `covered` is the day of the load before: what is dated after it, that load could not hold.
EVENTS = f"""
CREATE TEMP TABLE event AS
SELECT {KEY}, status, status_date::DATE AS status_date, loads.place, {TOLD},
    list_position({list(LICENSE_STATUSES)}, status) AS rank,
    CASE WHEN covered IS NULL OR status_date > covered THEN status_date ELSE known_on END::DATE AS known
FROM rows JOIN loads USING (commit_name)
"""
REPEATED = f"""
DELETE FROM event WHERE rowid IN (
    SELECT id FROM (
        SELECT rowid AS id, row({TOLD}) AS told, lag(row({TOLD})) OVER (
            PARTITION BY {KEY}, status, status_date ORDER BY place
        ) AS before FROM event
        WHERE ({KEY}, status, status_date) IN (
            SELECT ({KEY}, status, status_date) FROM event GROUP BY ALL HAVING count(*) > 1
        )
    ) WHERE told IS NOT DISTINCT FROM before
)
"""
IMPORTERS = r"""
CREATE TEMP TABLE importer AS
WITH named AS (SELECT DISTINCT importer AS name FROM event),
folded AS (SELECT name, trim(regexp_replace(upper(strip_accents(name)), '[^\p{L}\p{N}]+', ' ', 'g')) AS who FROM named)
SELECT name, dense_rank() OVER (ORDER BY md5(who), who) AS importer FROM folded
"""
VERSIONS = f"""
CREATE TEMP TABLE version AS
WITH placed AS (
    SELECT *, row_number() OVER (PARTITION BY {KEY} ORDER BY status_date, rank, place) AS standing FROM event
), ranked AS (
    SELECT *, max(standing) OVER (
        PARTITION BY {KEY} ORDER BY known, standing ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before FROM placed
), standing AS (
    SELECT *, lead(known) OVER (PARTITION BY {KEY} ORDER BY known, standing) AS until
    FROM ranked WHERE before IS NULL OR standing > before
)
SELECT known, coalesce(until, DATE '9999-12-31') AS until, {", ".join((*BY, *METAL))}, importer.importer,
    round(quantity_kg * 1000)::BIGINT AS grams, round(customs_value_usd * 100)::BIGINT AS cents
FROM standing JOIN importer ON standing.importer = importer.name
WHERE status <> 'cancelled' AND (until IS NULL OR known < until)
"""
# Each version is seen by the days from number `start` on, until before `past`. An importer's sums change by steps:
# what came is added, what went is taken away. So steps are laid out by day, and never lines.
PANEL = """
WITH reached AS (
    SELECT moment, coalesce(i, (SELECT count(*) FROM days)) AS i
    FROM (SELECT known AS moment FROM version UNION SELECT until FROM version) AS moments
    ASOF LEFT JOIN days ON moments.moment <= days.day
), shown AS (
    SELECT month, starts.i AS i, coalesce(ends.i, (SELECT count(*) FROM days)) AS past FROM (
        SELECT DISTINCT month, month + to_months($back + 1) AS ended FROM version
    ) AS months
    ASOF JOIN days AS starts ON months.month <= starts.day
    ASOF LEFT JOIN days AS ends ON months.ended <= ends.day
), seen AS (
    SELECT {keys}, importer, grams, cents, greatest(came.i, shown.i) AS start, least(went.i, shown.past) AS past
    FROM ({lines}) AS lines
    JOIN reached AS came ON came.moment = lines.known
    JOIN reached AS went ON went.moment = lines.until
    JOIN shown USING (month)
    WHERE greatest(came.i, shown.i) < least(went.i, shown.past)
), steps AS (
    SELECT {keys}, importer, i, sum(held) AS held, sum(grams)::BIGINT AS grams, sum(cents)::BIGINT AS cents FROM (
        SELECT {keys}, importer, start AS i, 1 AS held, grams, cents FROM seen
        UNION ALL SELECT {keys}, importer, past, -1, -grams, -cents FROM seen
    ) GROUP BY ALL
), levels AS (
    SELECT {keys}, importer, i, lead(i) OVER steps AS past, sum(held) OVER steps AS held,
        (sum(grams) OVER steps)::BIGINT AS grams, (sum(cents) OVER steps)::BIGINT AS cents
    FROM steps WINDOW steps AS (PARTITION BY {keys}, importer ORDER BY i)
), laid AS (
    SELECT {keys}, grams, cents, unnest(range(i, past)) AS i FROM levels WHERE held > 0
), summed AS (
    SELECT i, {keys}, {sums} FROM laid GROUP BY ALL
)
SELECT day, {keys}, {figures} FROM summed JOIN days USING (i) ORDER BY ALL
"""
SUMS = """sum(grams)::DOUBLE / 1000 AS quantity_kg, sum(cents)::DOUBLE / 100 AS customs_value_usd,
    count(*) AS importers, greatest(max(grams)::DOUBLE / nullif(sum(grams), 0),
    max(cents)::DOUBLE / nullif(sum(cents), 0)) AS top_share"""
FILED = f"""
CREATE TEMP TABLE filed AS
SELECT known AS day, count(*) AS lines FROM (
    SELECT min(known) AS known FROM event WHERE status = 'filed' GROUP BY {KEY}, status_date
) GROUP BY day
"""
BROUGHT = "CREATE TEMP TABLE brought AS SELECT place, min(known) AS first FROM event GROUP BY place"
READ = (
    f"SELECT commit_name, {KEY}, status, status_date, {TOLD} FROM rows SEMI JOIN blocks USING (commit_name, {{block}})"
)
BUILD = (EVENTS, REPEATED, IMPORTERS, VERSIONS, FILED, BROUGHT, "DROP TABLE event")
