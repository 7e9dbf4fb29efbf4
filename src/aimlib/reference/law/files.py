"""The form of the law's YAML files: what may stand in them, checked before anything is made of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictStr,
    ValidationError,
    model_validator,
)

from aimlib.errors import AimError, did_you_mean
from aimlib.reference.law.model import BASES, CLAIMS, COVERED, WHOLE, digits
from aimlib.reference.unique_keys import UniqueKeys


class Part(BaseModel):
    """A part of a file: names that it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _prefix(text: str) -> str:
    plain = digits(text)
    if not plain.isdecimal() or len(plain) not in (2, 4, 6, 8, 10):
        raise ValueError(f"'{text}' is no tariff code of 2, 4, 6, 8 or 10 digits")
    return plain


def _line(text: str) -> str:
    plain = digits(text)
    if not plain.isdecimal() or len(plain) != 8:
        raise ValueError(f"'{text}' is no tariff line of 8 digits")
    return plain


def _known_claim(text: str) -> str:
    if text not in CLAIMS:
        raise ValueError(f"'{text}' is no claim; the claims are {', '.join(CLAIMS)}")
    return text


Prefix = Annotated[StrictStr, AfterValidator(_prefix)]
Line = Annotated[StrictStr, AfterValidator(_line)]
Claim = Annotated[StrictStr, AfterValidator(_known_claim)]
Percent = Annotated[float, Strict(), Field(ge=0, le=1000)]
Countries = Annotated[tuple[StrictStr, ...], Field(min_length=1)]


class ScopeFile(Part):
    """A list of tariff lines that several measures share."""

    lines: tuple[Prefix, ...] = Field(min_length=1)
    excluded: tuple[Prefix, ...] = Field(default=(), alias="except")
    citation: StrictStr


class OriginsFile(Part):
    only: Countries | None = None
    excluded: Countries | None = Field(default=None, alias="except")

    @model_validator(mode="after")
    def _some(self) -> OriginsFile:
        if self.only is None and self.excluded is None:
            raise ValueError("origins are all, or take only or except")
        return self


class MetalFile(Part):
    smelted_or_cast_in: Countries | None = None
    smelted_and_cast_in: Countries | None = None
    not_smelted_in: Countries | None = None

    @model_validator(mode="after")
    def _one(self) -> MetalFile:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("metal takes one of smelted_or_cast_in, smelted_and_cast_in, not_smelted_in")
        return self


class ClaimsFile(Part):
    needs: tuple[Claim, ...] = ()
    bars: tuple[Claim, ...] = ()


class QuotaFile(Part):
    inside: Percent = Field(alias="in")
    over: Percent


class VoidedFile(Part):
    by: StrictStr
    known: date
    link: StrictStr
    refundable: bool


class VersionFile(Part):
    """A measure over one stretch of days, with all that the file says above it filled in."""

    program: StrictStr
    family: StrictStr
    family_title: StrictStr = ""
    measure: StrictStr
    title: StrictStr
    scope: StrictStr | Annotated[tuple[Prefix, ...], Field(min_length=1)] | None = None
    scope_of: tuple[StrictStr, ...] = ()
    origins: Literal["all"] | OriginsFile
    metal: MetalFile | None = None
    claims: ClaimsFile = ClaimsFile()
    replaces: Literal["*"] | tuple[StrictStr, ...] = ()
    replaced_by: tuple[StrictStr, ...] = ()
    voided: VoidedFile | None = None
    in_total: bool = True
    amount: StrictStr = ""
    may_add: Percent = 0
    caution: StrictStr = ""
    caution_lines: tuple[Prefix, ...] = ()
    note: StrictStr = ""
    id: StrictStr
    from_: date = Field(alias="from")
    until: date | None = None
    gap: StrictStr = ""
    collected_from: date | None = None
    collected_until: date | None = None
    known: date
    known_basis: StrictStr
    until_known: date | None = None
    revoked_known: date | None = None
    rate: Percent | None = None
    by_line: dict[Line, Percent] | None = None
    least: Percent = 0
    quota: QuotaFile | None = None
    top_up_to: Percent | None = None
    basis: Literal[BASES]
    heading: StrictStr
    citation: StrictStr = Field(min_length=1)
    link: StrictStr = Field(pattern=r"^https?://\S+$")
    confidence: StrictStr = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> VersionFile:
        rates = [name for name in ("rate", "by_line", "quota", "top_up_to") if getattr(self, name) is not None]
        if len(rates) != 1:
            raise ValueError(
                f"takes one of rate, by_line, quota and top_up_to, and has {' and '.join(rates) or 'none'}"
            )
        if (self.scope is None) == (not self.scope_of):
            raise ValueError("takes one of scope and scope_of")
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"ends on {self.until}, before it starts on {self.from_}")
        if self.least and self.by_line is None:
            raise ValueError("has a least rate, which goes with by_line only")
        if self.may_add and self.in_total:
            raise ValueError("says what it may add, which goes with in_total: false only")
        if not self.in_total and not self.amount:
            raise ValueError("is not in the total, so it needs an amount in words")
        return self


class YieldFile(Part):
    measures: Literal["all"] | tuple[StrictStr, ...]
    yields_to: StrictStr
    unless: tuple[StrictStr, ...] = ()
    part: Literal[WHOLE, COVERED]
    from_: date = Field(alias="from")
    until: date | None = None
    known: date
    known_basis: StrictStr
    until_known: date | None = None
    heading: StrictStr = ""
    reason: StrictStr
    citation: StrictStr = Field(min_length=1)
    link: StrictStr = Field(pattern=r"^https?://\S+$")

    @model_validator(mode="after")
    def _in_order(self) -> YieldFile:
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"ends on {self.until}, before it starts on {self.from_}")
        return self


class CoverageFile(Part):
    first_day: date
    verified_through: date
    verified_against: StrictStr
    chapter: StrictStr
    lines_of: StrictStr


class _Loader(UniqueKeys):
    """YAML in which a key given twice is an error, and in which ``on`` and ``NO`` are words."""

    yaml_implicit_resolvers: ClassVar[dict] = {
        first: [(tag, form) for tag, form in held if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, held in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Any) -> Any:
    """Return what a YAML file holds; AimError where it is no YAML or no mapping."""
    try:
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError:
        raise AimError(f"{path.name} cannot be read.", "Check the name and the folder.") from None
    except (yaml.YAMLError, ValueError) as fault:
        told = " ".join(str(fault).split()).rstrip(".")
        raise AimError(f"{path.name} is no YAML: {told}.", "Correct it; see CONTRIBUTING.md for an example.") from None
    if not isinstance(held, dict):
        raise AimError(f"{path.name} holds no measure.", "See CONTRIBUTING.md for an example.")
    return held


def checked(
    model: type[BaseModel], held: Any, where: str, advice: str = "See CONTRIBUTING.md for an example of a measure."
) -> Any:
    """Return `held` as the model; AimError naming the place and what is wrong with it."""
    try:
        return model.model_validate(held)
    except ValidationError as invalid:
        raise AimError(
            " ".join(_told(error, where, model) for error in invalid.errors()),
            advice,
        ) from None


def versions_in(held: dict[str, Any], name: str) -> tuple[list[VersionFile], list[tuple[str, YieldFile]]]:
    """Return the versions of all measures in a file, and its stacking rules with the family that yields."""
    held = dict(held)
    stacking = _mappings(held.pop("stacking", []), f"{name}: stacking")
    measures = held.pop("measures", None)
    listed = [held] if measures is None else [{**held, **one} for one in _mappings(measures, f"{name}: measures")]
    versions = []
    for measure in listed:
        above = {key: value for key, value in measure.items() if key != "versions"}
        if not measure.get("versions"):
            raise AimError(
                f"{name}: {above.get('measure', 'a measure')} has no versions.", "Give it one, with its dates."
            )
        where = f"{name}: the versions of {above.get('measure', 'a measure')}"
        versions += [
            checked(VersionFile, {**above, **version}, _where(name, above, version))
            for version in _mappings(measure["versions"], where)
        ]
    family = held.get("family") or (versions[0].family if versions else "")
    return versions, [(family, checked(YieldFile, rule, f"{name}, stacking")) for rule in stacking]


def _mappings(held: Any, where: str) -> list[dict[str, Any]]:
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        raise AimError(f"{where} are no list of mappings.", "See CONTRIBUTING.md for an example of a measure.")
    return held


def _where(name: str, above: dict[str, Any], version: dict[str, Any]) -> str:
    return f"{name}, {above.get('measure', 'measure not named')}, version {version.get('id', 'without id')}"


def _told(error: Any, where: str, model: type[BaseModel]) -> str:
    place = ".".join(str(part) for part in error["loc"] if str(part).isidentifier())
    if error["type"] == "missing":
        return f"{where}: {place} is missing."
    if error["type"] == "extra_forbidden":
        guess = did_you_mean(str(error["loc"][-1]), _names_at(model, error["loc"]))
        return f"{where}: {place} is not known. {guess}".strip()
    if error["type"] == "string_type" and isinstance(error["input"], int | float):
        return f"{where}: {place}: {error['input']} is read as a number; put it in quotes."
    return f"{where}: {f'{place}: ' if place else ''}{error['msg'].removeprefix('Value error, ')}."


def _names_at(model: type[BaseModel], place: tuple) -> list[str]:
    """Return the names that may stand where an unknown one stood."""
    for part in place[:-1]:
        field = next((one for key, one in model.model_fields.items() if part in (key, one.alias)), None)
        kinds = [] if field is None else [field.annotation, *get_args(field.annotation)]
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        model = inner or model
    return [field.alias or key for key, field in model.model_fields.items()]


def law_files(folder: Any) -> list[Any]:
    """Return the YAML files below a folder (a path, or a package's resources), in the order of their names."""
    found = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += law_files(entry)
        elif Path(entry.name).suffix in (".yml", ".yaml"):
            found.append(entry)
    return found
