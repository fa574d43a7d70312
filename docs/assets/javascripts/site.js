// Opens what a link leads into, and lets the keyboard scroll what is wider than the screen.
(() => {
  "use strict";

  function unfold() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node instanceof HTMLDetailsElement) node.open = true;
    }
    target.scrollIntoView();
  }

  function reach() {
    const wide = ".md-typeset__scrollwrap, .shown, .highlight, pre";
    for (const element of document.querySelectorAll(wide)) {
      const scrolls = element.scrollWidth > element.clientWidth + 1;
      if (scrolls && !element.matches(".highlight")) {
        element.tabIndex = 0;
        if (!element.hasAttribute("role")) element.setAttribute("role", "group");
        if (!element.hasAttribute("aria-label")) {
          element.setAttribute("aria-label", "Scrolls sideways");
        }
      }
    }
  }

  // The theme's search is a dialog without a name.
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");

  addEventListener("hashchange", unfold);
  addEventListener("resize", reach);
  addEventListener("load", reach);
  document.addEventListener("toggle", reach, true);
  unfold();
  reach();
})();
