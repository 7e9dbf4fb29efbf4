"""What Quarto needs to set the executed notebooks: the suite itself needs no Quarto.

``reports/`` is a Quarto project. Its pre-render script calls `prepare`, which brings fonts, styles and the list of
bulletins; its notebook filter calls `pages.page_of`, which turns an executed notebook into one that Quarto sets alike
for the web and for Typst.
"""

from aimlib.bulletin.quarto.look import prepare
from aimlib.bulletin.quarto.pages import page_of

__all__ = ["page_of", "prepare"]
