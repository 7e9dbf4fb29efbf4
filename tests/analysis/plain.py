"""A second, literal implementation of the analysis: loops over months, no arrays. None is blank."""

from __future__ import annotations

import pandas as pd


def later(month, by):
    return month + pd.DateOffset(months=by)


def change(now, base):
    return None if now is None or base is None or base <= 0 else (now - base) / base


def ratio(part, whole):
    return None if part is None or whole is None or whole <= 0 else part / whole


def add(figures):
    """The sum, or None if there are none or one is blank."""
    figures = list(figures)
    return None if not figures or any(figure is None for figure in figures) else sum(figures)


class Plain:
    def __init__(self, rows, totals, months, listed):
        self.rows = [self.line(row) for row in rows.to_dict("records")]
        self.totals = [self.line(row) for row in totals.to_dict("records")]
        self.months = {row["month"]: row for row in months.to_dict("records")}
        self.listed = {(row["month"], row["origin"]) for row in listed.to_dict("records")}
        self.origins = sorted({row["origin"] for row in self.rows} | {origin for _, origin in self.listed})
        self.products = sorted({row["product"] for row in self.rows})

    @staticmethod
    def line(row):
        kg = row["quantity_kg"]
        return row | {"usd": row["customs_value_usd"], "kg": None if kg != kg else kg}

    # Levels

    def coverage(self, month):
        found = self.months.get(month)
        return found["coverage"] if found and found["loaded"] else ""

    def compares(self, month):
        return self.coverage(month) != "" and not self.months[month]["partial"]

    def speaks_of(self, month, origin):
        if self.coverage(month) == "complete":
            return True
        return self.coverage(month) == "selection" and (month, origin) in self.listed

    @staticmethod
    def measure(lines):
        """Value, kilograms, and the value whose quantity is present, of some lines."""
        usd = sum(line["usd"] for line in lines)
        having = [line for line in lines if line["kg"] is not None]
        covered = sum(line["usd"] for line in having)
        kg = sum(line["kg"] for line in having)
        lacking = any(line["kg"] is None and line["usd"] > 0 for line in lines)
        if lacking and covered == 0 and kg == 0:
            kg = None
        return {"usd": usd, "kg": kg, "covered": covered}

    def place(self, month, origins, product=None):
        if not all(self.speaks_of(month, origin) for origin in origins):
            return None
        return self.measure(
            [
                row
                for row in self.rows
                if row["month"] == month and row["origin"] in origins and product in (None, row["product"])
            ]
        )

    def whole(self, month, product=None):
        rows = [r for r in self.rows if r["month"] == month and product in (None, r["product"])]
        if self.coverage(month) == "complete":
            return self.measure(rows)
        if self.coverage(month) == "selection":
            published = [t for t in self.totals if t["month"] == month]
            codes = {total["code"] for total in published}
            if published and all(row["code"] in codes for row in rows if row["usd"] > 0):
                return self.measure([t for t in published if product in (None, t["product"])])
        return None

    def series(self, read, name):
        """The figures that may be compared, by month; the measure is usd, kg (in tonnes) or covered."""
        out = {}
        for month in self.months:
            found = read(month) if self.compares(month) else None
            figure = None if found is None else found[name]
            out[month] = figure / 1000 if name == "kg" and figure is not None else figure
        return out

    # Changes

    def changes(self, series):
        out = {}
        for month, level in series.items():
            ytd = [later(month, -back) for back in range(month.month)]
            pairs = [(series.get(m), series.get(later(m, -12))) for m in ytd]
            pairs = [(now, then) for now, then in pairs if now is not None and then is not None]
            to_date = add(series.get(m) for m in ytd)
            last_3 = add(series.get(later(month, -back)) for back in range(3))
            last_12 = add(series.get(later(month, -back)) for back in range(12))
            before_12 = add(series.get(later(month, -back)) for back in range(12, 24))
            compared = change(sum(now for now, _ in pairs), sum(then for _, then in pairs)) if pairs else None
            out[month] = {
                "mom": change(level, series.get(later(month, -1))),
                "yoy": change(level, series.get(later(month, -12))),
                "3m_average": None if last_3 is None else last_3 / 3,
                "12m_average": None if last_12 is None else last_12 / 12,
                "12m": last_12,
                "12m_yoy": change(last_12, before_12),
                "ytd": to_date,
                "annualized": None if to_date is None else to_date / month.month * 12,
                "ytd_yoy": None if level is None else compared,
                "count": 0 if level is None else len(pairs),
            }
        return out

    def seasonal_range(self, series):
        out = {}
        for month in series:
            before = [series.get(later(month, -12 * years)) for years in (1, 2, 3)]
            whole = None not in before
            out[month] = (min(before), max(before)) if whole else (None, None)
        return out

    def periods(self, series, length):
        """The sums of quarters (3) or years (12) by their first month."""
        starts = {pd.Timestamp(m.year, (m.month - 1) // length * length + 1, 1) for m in series}
        return {start: add(series.get(later(start, k)) for k in range(length)) for start in sorted(starts)}

    # Windows

    def year_to_date_window(self):
        through = max(month for month in self.months if self.compares(month))
        months = [pd.Timestamp(through.year, number, 1) for number in range(1, through.month + 1)]
        both = [m for m in months if self.compares(m) and self.compares(later(m, -12))]
        return months, both, [later(m, -12) for m in both]

    def table(self, series_by_part, of_whole):
        """The supplier table over the year to date, all parts, as rows by part."""
        months, both, base = self.year_to_date_window()

        def row(series):
            level = add(series.get(m) for m in months)
            now, then = add(series.get(m) for m in both), add(series.get(m) for m in base)
            return (level, now, then) if now is not None and then is not None else (level, None, None)

        whole = row(of_whole)
        out = {}
        for part, series in series_by_part.items():
            level, now, then = row(series)
            delta = None if now is None else now - then
            out[part] = {
                "level": level,
                "prior": then,
                "yoy": change(now, then),
                "share": ratio(level, whole[0]),
                "contribution": ratio(delta, whole[2]),
            }
        return out

    def decompose(self, origins, now_months, then_months):
        """The change in value of some origins, split over products."""
        needed = [*now_months, *then_months]
        if not all(self.speaks_of(m, o) for m in needed for o in origins):
            return None
        lines = {}
        for row in self.rows:
            if row["origin"] not in origins or row["month"] not in needed:
                continue
            side = 1 if row["month"] in now_months else 0
            key = (row["origin"], row["product"], row["code"])
            line = lines.setdefault(key, {"usd": [0, 0], "t": [0, 0], "lacking": False})
            line["usd"][side] += row["usd"]
            line["t"][side] += (row["kg"] or 0) / 1000
            line["lacking"] |= row["kg"] is None and row["usd"] > 0
        parts, not_split = {}, 0.0
        for (_, product, _), line in lines.items():
            if line["lacking"] or any(v > 0 and t == 0 for v, t in zip(line["usd"], line["t"], strict=True)):
                not_split += line["usd"][1] - line["usd"][0]
                continue
            part = parts.setdefault(product, [0, 0, 0, 0])
            for at, figure in enumerate([*line["usd"], *line["t"]]):
                part[at] += figure
        effects = [0.0, 0.0, 0.0]
        t0, t1 = sum(part[2] for part in parts.values()), sum(part[3] for part in parts.values())
        for v0, v1, q0, q1 in parts.values():
            if q0 == 0 and q1 == 0:
                continue
            p0 = v0 / q0 if q0 else v1 / q1
            p1 = v1 / q1 if q1 else p0
            s0 = q0 / t0 if t0 else q1 / t1
            s1 = q1 / t1 if t1 else s0
            effects[0] += (t1 - t0) * (s0 + s1) / 2 * (p0 + p1) / 2
            effects[1] += (q0 + q1) / 2 * (p1 - p0)
            effects[2] += (t0 + t1) / 2 * (p0 + p1) / 2 * (s1 - s0)
        whole = sum(line["usd"][1] - line["usd"][0] for line in lines.values())
        return {"effects": effects, "not_split": not_split, "change": whole}

    def surges(self, measure, minimum, threshold):
        """The (origin, product) that surged in the latest month that compares, with their two changes."""
        month = max(m for m in self.months if self.compares(m))
        census = [
            m for m in self.months if m < month and self.compares(m) and self.months[m]["data_basis"] == "census"
        ][-3:]
        adjacent = len(census) == 3 and later(census[0], 2) == census[2]
        out = {}
        for origin in self.origins:
            for product in self.products:
                series = self.series(lambda m, o=origin, p=product: self.place(m, [o], p), measure)
                now = series[month]
                recent = add(series[m] for m in census) if adjacent else None
                seasonal = add(series.get(later(month, -12 * years)) for years in (1, 2, 3))
                if now is None or now < minimum or now <= 0:
                    continue
                pair = [(base == 0, change(now, None if base is None else base / 3)) for base in (recent, seasonal)]
                if any(new or (rise is not None and rise >= threshold) for new, rise in pair):
                    out[origin, product] = (pair[0][1], pair[1][1])
        return out
