// Shows the bulletins whose names hold every word asked for. Without scripts the search is not there and all are shown.
(function () {
  var search = document.querySelector(".search");
  var field = search.querySelector("input");
  var status = search.querySelector("[role=status]");
  var plain = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  };
  var bulletins = Array.from(document.querySelectorAll("[data-words]"), function (place) {
    return { place: place, words: plain(place.dataset.words) };
  });
  var show = function () {
    var asked = plain(field.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    bulletins.forEach(function (bulletin) {
      var fits = asked.every(function (word) { return bulletin.words.indexOf(word) >= 0; });
      bulletin.place.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    status.textContent = !asked.length ? "" : shown + " of " + bulletins.length + " bulletins";
  };
  // A link to a bulletin's data opens them.
  var open = function () {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.open = true; }
  };
  field.addEventListener("input", show);
  window.addEventListener("hashchange", open);
  search.hidden = false;
  show();
  open();
})();
