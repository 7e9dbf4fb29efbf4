"""The HTML exporter: one self-contained file, readable without scripts, interactive with them, asking for nothing."""

from __future__ import annotations

from markupsafe import Markup
from nbconvert.exporters import Exporter
from traitlets import default

from aimlib.bulletin.document import Document, read_document
from aimlib.bulletin.page_templates import environment
from aimlib.bulletin.webfont import font_faces
from aimlib.present.outlines import world_topology
from aimlib.present.svg import WORLD, page_script


class BulletinHTMLExporter(Exporter):
    """Set an executed notebook as a bulletin in one HTML file (``jupyter nbconvert --to Aluminum_bulletin_HTML``)."""

    export_from_notebook = "Aluminum bulletin HTML"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Return the page's text and the resources; nothing is executed or fetched."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return render_html(read_document(notebook)), resources


def render_html(document: Document) -> str:
    """Return the bulletin as the text of one HTML file; equal documents give equal bytes."""
    nodes, needs_world = [], False
    for node in document.nodes:
        if node["kind"] == "figure":
            node = dict(node, picture=Markup(_scalable(node["svg"])))
            specification = dict(node["specification"])
            # The outlines stand once in the page and are handed to each map by the page's script.
            datasets = dict(specification.get("datasets", {}))
            needs_world |= datasets.pop(WORLD, None) is not None
            specification["datasets"] = datasets
            # The page prints the title itself.
            specification.pop("title", None)
            node["specification"] = specification
        nodes.append(node)
    return (
        environment()
        .get_template("bulletin.html.j2")
        .render(
            cover=document.cover,
            nodes=nodes,
            slug=document.cover["slug"],
            fonts=Markup(font_faces()),
            script=Markup(page_script()),
            is_combined=document.is_combined,
            world=world_topology() if needs_world else None,
        )
    )


def _scalable(svg: str) -> str:
    """Let the picture scale to its column, and hide its parts from screen readers (the figure has its own text)."""
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
