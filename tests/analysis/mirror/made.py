"""Small worlds of two accounts, and the methods written out flow by flow to compare with."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from aimlib.ingest.global_trade.frames import PAIRS, REPORTING

PERIODS = ("2024-01", "2024-02", "2024-03")


def pairs(*flows: dict) -> pd.DataFrame:
    """Return PAIRS of flows given as keywords: e, i, t, k, and x, m (tons) with their values; None did not report."""
    return pd.DataFrame([_pair(**flow) for flow in flows], columns=list(PAIRS)).astype(PAIRS)


def _pair(e, i, t="2024-01", k="unwrought", x=None, m=None, x_usd=None, cif=None, fob=None):
    blank = float("nan")
    x_usd = x * 2000.0 if x_usd is None and x is not None else x_usd
    if m is not None and cif is None and fob is None:
        cif = m * 2120.0
    told_m = cif is not None or fob is not None
    m_fob, m_cif = ((fob or 0.0), (cif or 0.0)) if told_m else (blank, blank)
    weighed = m is not None and not math.isnan(m)
    row = {
        "exporter": e,
        "importer": i,
        "product": k,
        "period": pd.Timestamp(t),
        "x_reported": x_usd is not None,
        "x_quantity_t": blank if x is None else x,
        "x_fob_value_usd": blank if x_usd is None else x_usd,
        "x_covered_fob_value_usd": blank if x_usd is None else x_usd * (x is not None and not math.isnan(x)),
        "m_reported": told_m,
        "m_quantity_t": m if weighed else blank,
        "m_fob_value_usd": m_fob,
        "m_cif_value_usd": m_cif,
    }
    return {**row, "m_covered_fob_value_usd": m_fob * weighed, "m_covered_cif_value_usd": m_cif * weighed}


def reporting(told: dict[tuple[str, str], object], periods=PERIODS, selections=()) -> pd.DataFrame:
    """Return REPORTING: for each (reporter, flow) the periods it reported, or True for all, or False."""
    rows = []
    for (reporter, flow), when in told.items():
        for period in periods:
            reported = when if isinstance(when, bool) else period in when
            coverage = "selection" if (reporter, flow, period) in selections else "complete"
            rows.append(
                (
                    reporter,
                    flow,
                    pd.Timestamp(period),
                    reported,
                    coverage if reported else "",
                    False,
                    pd.Timestamp("2024-06-01"),
                )
            )
    return pd.DataFrame(rows, columns=list(REPORTING)).astype(REPORTING)


def world(seed: int, gaps: float = 0.2, weightless: float = 0.1, fob: float = 0.3, countries="ABCDE", periods=PERIODS):
    """Return PAIRS and REPORTING that agree: who reports is drawn, flows are drawn, each account errs."""
    draw = np.random.default_rng(seed)
    told = {
        (country, flow): tuple(period for period in periods if draw.random() >= gaps)
        for country in countries
        for flow in ("export", "import")
    }
    values_fob = {country for country in countries if draw.random() < fob}
    flows = []
    for e in countries:
        for i in countries:
            for t in periods:
                for k in ("unwrought", "foil"):
                    if e == i or draw.random() < 0.3:
                        continue
                    flow = _drawn(draw, weightless, t in told[e, "export"], t in told[i, "import"], i in values_fob)
                    if flow:
                        flows.append({"e": e, "i": i, "t": t, "k": k, **flow})
    return pairs(*flows), reporting(told, periods), values_fob


def _drawn(draw, weightless: float, x_told: bool, m_told: bool, importer_fob: bool) -> dict:
    quantity = float(np.exp(draw.normal(4, 1.5)))
    x, m = (quantity * float(np.exp(draw.normal(0, 0.3))) * (draw.random() > 0.1) for _ in range(2))
    x, m = (x if x_told else None), (m if m_told else None)
    if not x and not m:
        return {}
    flow: dict = {"x": x, "m": m}
    if x is not None:
        flow["x_usd"] = x * 2000
    if m is not None:
        flow["fob" if importer_fob else "cif"] = m * (2000 if importer_fob else 2120)
    for side in ("x", "m"):
        if flow[side] and draw.random() < weightless:
            flow[side] = float("nan")
    return flow


def gehlhar_by_hand(frame: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Return the index of each (flow, country, product), summed flow by flow."""
    sums: dict[tuple[str, str, str], list[float]] = {}
    for row in frame.itertuples():
        x, m = row.x_quantity_t, row.m_quantity_t
        if math.isnan(x) or math.isnan(m):
            continue
        level = abs(m - x) / m if m > 0 else (0.0 if x == 0 else math.inf)
        for key, quantity in ((("export", row.exporter), x), (("import", row.importer), m)):
            cell = sums.setdefault((*key, row.product), [0.0, 0.0])
            cell[0] += quantity if level <= 0.20 else 0.0
            cell[1] += quantity
    return {key: 100 * good / whole for key, (good, whole) in sums.items() if whole > 0}


def weight_by_hand(sigma_exporter: float, sigma_importer: float) -> float:
    """Return the exporter's weight by the formula of Gaulier and Zignago."""
    i, j = sigma_exporter**2, sigma_importer**2
    of_j = math.exp(j) * (math.exp(j) - 1)
    return of_j / (math.exp(i) * (math.exp(i) - 1) + of_j)


def distances_by_hand(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """Return least-squares means of the reporting distance, with errors, from a written-out table of dummies."""
    rows = [
        row
        for row in frame.itertuples()
        if row.x_quantity_t > 0 and row.m_quantity_t > 0 and row.x_quantity_t + row.m_quantity_t > 1
    ]
    names = [sorted({getattr(row, name) for row in rows}) for name in ("exporter", "importer", "period", "product")]
    design, distance, weight = [], [], []
    for row in rows:
        levels = (row.exporter, row.importer, row.period, row.product)
        # The first level of every effect is the base, so the design has full rank.
        dummies = [float(level == other) for level, group in zip(levels, names, strict=True) for other in group[1:]]
        design.append([1.0, *dummies])
        distance.append(abs(math.log(row.x_quantity_t / row.m_quantity_t)))
        weight.append(math.log(row.x_quantity_t + row.m_quantity_t))
    design, distance, weight = np.array(design), np.array(distance), np.array(weight)
    inverse = np.linalg.inv(design.T @ (weight[:, None] * design))
    beta = inverse @ design.T @ (weight * distance)
    variance = (weight * (distance - design @ beta) ** 2).sum() / max(len(rows) - design.shape[1], 1)
    means = {}
    for place, flow in enumerate(("export", "import")):
        for country in names[place]:
            # The mean over the other effects' levels: each of them with the same part.
            combine = [1.0]
            for other, group in enumerate(names):
                combine += [float(level == country) if other == place else 1 / len(group) for level in group[1:]]
            combine = np.array(combine)
            means[flow, country] = combine @ beta, math.sqrt(variance * (combine @ inverse @ combine))
    return means


def settled_by_hand(frame, told, values_fob, *, flow, method, mirrored=(), factor=1.0, splice=False, scores=None):
    """Return the settled flows, worked out one by one: (exporter, importer, product, period) to three figures."""
    reported = {(row.reporter, row.flow, row.period) for row in told.itertuples() if row.reported}
    window = sorted(set(told["period"]))
    counter = "import" if flow == "export" else "export"
    found = {}
    for row in frame.itertuples():
        country, partner = (row.exporter, row.importer) if flow == "export" else (row.importer, row.exporter)
        own = (country, flow, row.period) in reported
        mine = [period for period in window if not (splice and (country, flow, period) in reported)]
        steady = country != partner and all((partner, counter, period) in reported for period in mine)
        mirror = steady and row.period in mine
        if method == "reported":
            mirror = False
        if method == "reverse":
            if country in mirrored:
                own = own and splice
            else:
                mirror = False
        x_told, m_told = (own, mirror) if flow == "export" else (mirror, own)
        share = _share_by_hand(row, x_told, m_told, method, scores)
        if share is None:
            continue
        rate = 1.0 if row.importer in values_fob else factor
        x = (row.x_quantity_t, row.x_fob_value_usd, row.x_fob_value_usd * rate)
        m_fob, m_cif = row.m_fob_value_usd, row.m_cif_value_usd
        m = (row.m_quantity_t, m_fob + m_cif / factor, m_fob + m_cif)
        mixed = (
            x
            if share == 1
            else m
            if share == 0
            else tuple(share * a + (1 - share) * b for a, b in zip(x, m, strict=True))
        )
        found[row.exporter, row.importer, row.product, row.period] = mixed
    return found


def _share_by_hand(row, x_told, m_told, method, scores):
    if not x_told and not m_told:
        return None
    if x_told != m_told:
        return 1.0 if x_told else 0.0
    if math.isnan(row.m_quantity_t) and row.x_quantity_t > 0:
        return 1.0
    if math.isnan(row.x_quantity_t) and row.m_quantity_t > 0:
        return 0.0
    if method == "better":
        exporter = scores.get(("export", row.exporter, row.product), -1)
        return 1.0 if exporter > scores.get(("import", row.importer, row.product), -1) else 0.0
    return weight_by_hand(scores["export", row.exporter], scores["import", row.importer])
