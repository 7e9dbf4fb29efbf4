"""The look of the Quarto project: the bulletins' font and styles, and the list of what has been made."""

from __future__ import annotations

import shutil
from pathlib import Path

from aimlib.bulletin.explaining.published import open_published
from aimlib.bulletin.manifest import NAME
from aimlib.bulletin.quarto.pages import escaped
from aimlib.bulletin.webfont import font_faces
from aimlib.errors import AimError
from aimlib.present import style
from aimlib.present.fragments import environment

LOOK, BUILD = "_look", "build"
_NONE = "No bulletin has been made yet: `aim run import_trends` makes one."


def prepare(project: Path) -> list[str]:
    """Write fonts, styles and the list of bulletins into ``_look`` of the Quarto `project`.

    Returns the notebooks listed, as paths below the project. Names from data are escaped.
    """
    look = project / LOOK
    shutil.rmtree(look, ignore_errors=True)
    (look / "fonts").mkdir(parents=True)
    for face in sorted(style.FONT_DIR.glob("*.ttf")):
        shutil.copyfile(face, look / "fonts" / face.name)
    blocks = environment().get_template("blocks.css").render()
    (look / "bulletin.css").write_text(f"{font_faces()}\n{blocks}", encoding="utf-8")
    listed = _listed(project)
    lines = [f"- [{escaped(title)}]({notebook})" for notebook, title in listed]
    (look / "bulletins.md").write_text("\n".join(lines or [_NONE]) + "\n", encoding="utf-8")
    return [notebook for notebook, _ in listed]


def _listed(project: Path) -> list[tuple[str, str]]:
    """Return the notebooks of all bulletins below ``build``, the newest first, with their titles."""
    found = []
    for manifest in sorted((project / BUILD).rglob(NAME), reverse=True):
        folder = manifest.parent
        if any(part.startswith(".") for part in folder.relative_to(project).parts):
            continue
        try:
            reports = open_published(str(folder)).reports
        except AimError:
            # What cannot be read is not listed; Quarto names it where it is to be set.
            continue
        for report in reports:
            title = f"{report.cover['title']}: {report.cover['subtitle']}, as of {report.cover['as_of']}"
            found.append(((folder / report.file).relative_to(project).as_posix(), title))
    return found
