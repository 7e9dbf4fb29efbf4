// Replaces each static picture by the interactive form of the same chart; where that fails, the picture stays.
(function () {
  var outlines = document.getElementById("world-outlines");
  var world = outlines ? JSON.parse(outlines.textContent) : null;
  document.querySelectorAll("script[data-chart]").forEach(function (script) {
    var picture = script.parentNode.querySelector(".picture");
    var specification = JSON.parse(script.textContent);
    if (world && JSON.stringify(specification).indexOf('"name":"world"') >= 0) {
      specification.datasets = Object.assign({}, specification.datasets, { world: world });
    }
    delete specification["$schema"];
    var room = Math.min(picture.clientWidth, picture.parentNode.clientWidth);
    var aspect = (specification.usermeta || {}).aspect;
    specification.width = room;
    if (aspect) { specification.height = Math.round(room * aspect); }
    var stage = document.createElement("div");
    stage.setAttribute("aria-hidden", "true");
    stage.style.position = "absolute";
    stage.style.visibility = "hidden";
    picture.appendChild(stage);
    window.vegaEmbed(stage, specification, { mode: "vega-lite", actions: false, logLevel: 1, renderer: "svg", tooltip: { theme: "light" } })
      .then(function () {
        picture.replaceChildren(stage);
        stage.style.position = stage.style.visibility = "";
        picture.classList.add("live");
      })
      .catch(function () { stage.remove(); });
  });
})();
