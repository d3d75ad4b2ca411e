"use strict";
// The page around the figures: the menu, the theme, and the setting, which addresses of other pages carry along.
(function () {
  const quiver = window.quiver;
  const body = document.body;
  const select = document.getElementById("setting");
  const memory = "setting-" + body.dataset.store;
  const listeners = [];

  quiver.put = (panels) => Object.assign(quiver.panels, panels);
  quiver.look = (shared) => (quiver.shared = shared);
  quiver.changed = (listener) => listeners.push(listener);
  quiver.setting = () => (select ? select.value : "-1");

  const known = (value) => select && [...select.options].some((option) => option.value === value);

  function address(link) {
    const [page, anchor] = link.dataset.page.split("#");
    const query = new URLSearchParams();
    if (select) query.set("setting", select.value);
    if (quiver.given.get("theme")) query.set("theme", quiver.given.get("theme"));
    const carried = query.toString();
    link.setAttribute("href", page + (carried ? "?" + carried : "") + (anchor ? "#" + anchor : ""));
  }

  function links() {
    document.querySelectorAll("a[data-page]").forEach(address);
    const details = document.getElementById("details");
    if (details && select) {
      details.dataset.page = "setting-" + select.value + ".html";
      address(details);
    }
  }

  function show() {
    document.querySelectorAll("tr[data-design]").forEach((row) => {
      row.classList.toggle("chosen", !!select && row.dataset.design === select.value);
    });
    links();
  }

  document.querySelectorAll("a[href]").forEach((link) => {
    const href = link.getAttribute("href");
    if (/^[\w-]+\.html/.test(href)) link.dataset.page = href;
  });

  if (select) {
    const wanted = body.dataset.design || quiver.given.get("setting") || quiver.chosen(memory);
    if (known(wanted)) select.value = wanted;
    quiver.remember(memory, select.value);
    document.getElementById("chooser").hidden = false;
    select.addEventListener("change", () => {
      quiver.remember(memory, select.value);
      if (body.dataset.design) {
        links();
        location.href = document.getElementById("details").href;
        return;
      }
      document.getElementById("chosen").textContent = "Shown: " + select.selectedOptions[0].text;
      show();
      listeners.forEach((listener) => listener());
    });
  }

  const theme = document.getElementById("theme");
  const name = () => (theme.textContent = quiver.dark() ? "Light" : "Dark");
  theme.hidden = false;
  theme.setAttribute("aria-label", "Switch between light and dark");
  function repaint() {
    quiver.paint();
    name();
    links();
    listeners.forEach((listener) => listener());
  }
  theme.addEventListener("click", () => {
    quiver.remember("theme", quiver.dark() ? "light" : "dark");
    repaint();
  });
  quiver.system.addEventListener("change", repaint);
  name();

  const menu = document.getElementById("menu");
  menu.hidden = false;
  body.classList.add("scripted");
  menu.addEventListener("click", () => {
    const open = menu.getAttribute("aria-expanded") !== "true";
    menu.setAttribute("aria-expanded", String(open));
    body.classList.toggle("open", open);
  });
  show();
})();
