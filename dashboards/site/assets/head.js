"use strict";
// Runs before anything is shown: what a reader has chosen, by the address, else by the browser's memory.
window.quiver = (function () {
  const given = new URLSearchParams(location.search);
  const key = (name) => "quiver-" + name;

  function remembered(name) {
    try {
      return localStorage.getItem(key(name));
    } catch (error) {
      return null; // memory may be forbidden; addresses carry the choice then
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(key(name), value);
    } catch (error) {
      given.set(name, value);
    }
    given.set(name, value);
  }

  const chosen = (name) => given.get(name) || remembered(name);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (chosen("theme") || (system.matches ? "dark" : "light")) === "dark";
  const paint = () => (document.documentElement.dataset.theme = dark() ? "dark" : "light");
  paint();
  return { given, chosen, remember, dark, paint, system, panels: {} };
})();
