"""Which HTS numbers need a license, by the month of the expected import."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aimlib.errors import AimError
from aimlib.reference import products

OUTSIDE, NO_ALUMINUM, NO_SUCH_LINE, NOT_THEN = "AIM-HTS-02", "AIM-HTS-03", "AIM-HTS-04", "AIM-HTS-05"
RULES = frozenset((OUTSIDE, NO_ALUMINUM, NO_SUCH_LINE, NOT_THEN))


class LicenseScope:
    """Remembers which line was valid in which month; dates that are inferred give way as `products` says."""

    def __init__(self) -> None:
        lines = products.aim_lines()
        self._category = dict(zip(lines["hts10"], lines["category"], strict=True))
        self._whole = set(products.headings_of(products.resolve("gatm")))
        self._chapter = set(products.headings_of(products.resolve("chapter76")))
        self._lived: dict[tuple[str, pd.Timestamp], bool] = {}

    def categories(self, codes: pd.Series) -> pd.Series:
        """Return the product category of each code (category dtype), missing outside the scope."""
        words = sorted(set(self._category.values()))
        found = [words.index(self._category[code]) if code in self._category else -1 for code in codes.cat.categories]
        return pd.Series(pd.Categorical.from_codes(_taken([*found, -1], codes), words), index=codes.index)

    def fault_of_code(self, code: str) -> str:
        """Return the rule that a code of ten digits breaks whatever the month, or ''."""
        if code in self._category:
            return ""
        if code[:4] in self._whole:
            return NO_SUCH_LINE
        return OUTSIDE if code[:4] in self._chapter else NO_ALUMINUM

    def faults(self, codes: pd.Series, months: pd.Series) -> pd.Series:
        """Return the rule that each code (category dtype) breaks in its month, '' for none."""
        by_code = [*(self.fault_of_code(code) for code in codes.cat.categories), ""]
        faults = pd.Series(_taken(by_code, codes), index=codes.index, dtype="object")
        judged = pd.DataFrame({"code": codes.astype("object"), "month": months})[faults == ""].dropna()
        pairs = judged.drop_duplicates()
        new = pairs[[key not in self._lived for key in pairs.itertuples(index=False, name=None)]]
        if len(new):
            self._remember(new)
        wrong = [key for key in pairs.itertuples(index=False, name=None) if not self._lived[key]]
        if wrong:
            late = pd.MultiIndex.from_frame(judged).isin(wrong)
            faults[judged.index[late]] = NOT_THEN
        return faults

    def _remember(self, pairs: pd.DataFrame) -> None:
        """Ask whether all pairs are valid at once; where not, code by code, then month by month."""
        if _are_valid(pairs):
            self._lived.update(dict.fromkeys(pairs.itertuples(index=False, name=None), True))
        elif len(pairs) == 1:
            self._lived[tuple(pairs.iloc[0])] = False
        elif pairs["code"].nunique() == 1:
            for at in range(len(pairs)):
                self._remember(pairs.iloc[[at]])
        else:
            for _, of_code in pairs.groupby("code", sort=False):
                self._remember(of_code)


def _taken(of_categories: list, codes: pd.Series) -> np.ndarray:
    """Return for each row what belongs to its category; the last one where it has none."""
    return np.array(of_categories)[codes.cat.codes]


def _are_valid(pairs: pd.DataFrame) -> bool:
    try:
        products.classify(pairs["code"], pairs["month"])
    except AimError:
        return False
    return True
