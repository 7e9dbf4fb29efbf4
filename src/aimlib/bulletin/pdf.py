"""The PDF exporter: the document as JSON, set by one Typst template; tagged, with alternative texts (PDF/UA-1)."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files

from nbconvert.exporters import Exporter
from traitlets import default

from aimlib.bulletin.document import Document, read_document
from aimlib.present import style
from aimlib.present.fragments import column_groups


class BulletinPDFExporter(Exporter):
    """Set an executed notebook as a PDF bulletin (``jupyter nbconvert --to Aluminum_bulletin_PDF``)."""

    export_from_notebook = "Aluminum bulletin PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the PDF's bytes and the resources; needs neither a browser nor TeX."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return render_pdf(read_document(notebook)), {**resources, "output_extension": ".pdf"}


def render_pdf(document: Document) -> bytes:
    """Return the bulletin as PDF bytes; equal documents give equal bytes.

    The document's date is the day it is *as of*, never the clock, and system fonts are ignored.
    """
    import typst

    day = dt.date.fromisoformat(document.cover["as_of"])
    return typst.compile(
        (files("aimlib.bulletin") / "templates" / "bulletin.typ").read_bytes(),
        font_paths=[style.FONT_DIR],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_typst_document(document))},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()),
    )


def _typst_document(document: Document) -> dict:
    nodes = []
    for node in document.nodes:
        kept = {name: value for name, value in node.items() if name not in ("csv", "specification")}
        if node["kind"] == "table":
            kept["groups"] = column_groups(node["columns"])
        nodes.append(kept)
    year, month, day = (int(part) for part in document.cover["as_of"].split("-"))
    return {
        "cover": document.cover,
        "nodes": nodes,
        "font": style.FONT,
        "date": {"year": year, "month": month, "day": day},
    }
