"""Vega in a JavaScript engine inside this process: it draws a chart three times as fast as the converter does.

The same scripts that a page carries draw here; text is measured with the advance widths of the pages' own font,
where the converter sets each text anew to measure it.
"""

from __future__ import annotations

import json
from functools import cache

from aimlib.present import style

# What Vega asks a browser for: the width of a text in a font, and timers, which a chart that stands still never uses.
_BROWSER = """
globalThis.window = globalThis;
globalThis.setTimeout = run => { Promise.resolve().then(run); return 0; };
globalThis.clearTimeout = globalThis.clearInterval = () => {};
globalThis.setInterval = () => 0;
globalThis.structuredClone ??= value => JSON.parse(JSON.stringify(value));

const WIDTHS = %s;

class Ruler {
  font = "";

  measureText(text) {
    const size = parseFloat(/([\\d.]+)px/.exec(this.font)[1]);
    const widths = WIDTHS[/\\b(bold|bolder|[6-9]00)\\b/.test(this.font) ? 600 : 400];
    let sum = 0;
    for (const letter of text) sum += widths[letter] ?? widths.other;
    return {width: sum * size};
  }
}

globalThis.document = {createElement: () => ({getContext: () => new Ruler()})};
"""
_DRAW = """
function draw(specification) {
  globalThis.drawn = globalThis.fault = undefined;
  vega.resetSVGDefIds();
  try {
    const compiled = vegaLite.compile(JSON.parse(specification), {logger: vega.logger(vega.Error)}).spec;
    const view = new vega.View(vega.parse(compiled), {renderer: "none", logLevel: vega.Error});
    view.toSVG().then(text => { drawn = text; view.finalize(); }, error => { fault = String(error); });
  } catch (error) {
    fault = String(error);
  }
  return true;
}
"""


def draw(specification: str, scripts: str) -> str:
    """Return the SVG of a Vega-Lite specification (JSON); `scripts` define ``vega`` and ``vegaLite``.

    Raises
    ------
    ValueError
        Where Vega cannot draw it, in its words.
    """
    engine = _engine(scripts)
    engine.call("draw", specification)
    drawn, fault = engine.eval("drawn"), engine.eval("fault")
    if not isinstance(drawn, str):
        raise ValueError(f"The chart cannot be drawn: {fault if isinstance(fault, str) else 'no answer'}.")
    return drawn


@cache
def _engine(scripts: str):
    """Start the engine of this process. A process that has done so must not fork."""
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    for script in (_BROWSER % json.dumps(_widths()), scripts, _DRAW):
        engine.eval(script)
    return engine


def _widths() -> dict[int, dict[str, float]]:
    """Return the advance width of each character by weight, in parts of the font size."""
    from fontTools.ttLib import TTFont

    told = {}
    for weight, face in style.FACES.items():
        font = TTFont(style.FONT_DIR / face, lazy=True)
        advances, units = font["hmtx"], font["head"].unitsPerEm
        told[weight] = {chr(code): advances[name][0] / units for code, name in font.getBestCmap().items()}
        told[weight]["other"] = advances[".notdef"][0] / units
    return told
