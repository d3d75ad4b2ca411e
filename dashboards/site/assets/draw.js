"use strict";
// Draws each figure when it comes near the window, and again when the setting or the theme changes.
(function () {
  const quiver = window.quiver;
  const margin = { l: 8, r: 18, t: 12, b: 8 };
  const NOTHING = -32768;
  let paper = false;

  // A view is what the base is, but for the parts that differ.
  function merged(base, part) {
    if (part === undefined) return base;
    if (part !== null && typeof part === "object" && "=" in part) return part["="];
    const copy = Array.isArray(base) ? base.slice(0, part["#"]) : Object.assign({}, base);
    for (const key of Object.keys(part)) if (key !== "#") copy[key] = merged(base[key], part[key]);
    return copy;
  }

  // Curves are whole numbers of 16 bits between the ends of their range.
  function decoded(value) {
    if (Array.isArray(value)) return value.map(decoded);
    if (value === null || typeof value !== "object") return value;
    if (!("q" in value)) {
      const copy = {};
      Object.keys(value).forEach((key) => (copy[key] = decoded(value[key])));
      return copy;
    }
    const bytes = Uint8Array.from(atob(value.q), (letter) => letter.charCodeAt(0));
    const whole = new Int16Array(bytes.buffer);
    const [start, step] = value.r;
    return Float64Array.from(whole, (number) => (number === NOTHING ? NaN : start + step * number));
  }

  function coloured(value, dark, white) {
    let text = JSON.stringify(value);
    for (const [light, other] of dark ? Object.entries(quiver.shared.dark) : []) {
      if (white || light !== "#ffffff") text = text.replaceAll(light, other);
    }
    return JSON.parse(text);
  }

  function viewOf(id, dark) {
    const panel = quiver.panels[id];
    const setting = "-1" in panel.views ? "-1" : quiver.setting() in panel.views ? quiver.setting() : panel.first;
    const base = panel.like ? merged(quiver.panels[panel.like].base, panel.base) : panel.base;
    const view = coloured(merged(base, panel.views[setting]), dark, false);
    view.data = decoded(view.data);
    view.layout.template = coloured(quiver.shared.template, dark, true);
    return view;
  }

  function draw(figure) {
    const view = viewOf(figure.id, quiver.dark() && !paper);
    figure.querySelector(".subtitle").textContent = view.subtitle;
    figure.querySelector(".caption").textContent = view.caption;
    // Parallel coordinates have their axes' names above them.
    if (view.data[0].type !== "parcoords") view.layout.margin = margin;
    if (matchMedia("(hover: none)").matches) view.layout.dragmode = false;
    figure.dataset.drawn = quiver.setting();
    return Plotly.react(figure.querySelector(".plot"), view.data, view.layout, quiver.shared.config);
  }

  const figures = [...document.querySelectorAll("figure")].filter((figure) => figure.id in quiver.panels);
  const near = new Set();
  const observer = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) near.delete(entry.target);
        else {
          near.add(entry.target);
          if (!("drawn" in entry.target.dataset)) draw(entry.target);
        }
      }),
    { rootMargin: "400px" },
  );
  figures.forEach((figure) => observer.observe(figure));

  quiver.changed(() =>
    figures.forEach((figure) => {
      if (near.has(figure)) draw(figure);
      else if ("drawn" in figure.dataset) {
        // Far away: drawn again when it comes near.
        delete figure.dataset.drawn;
      }
    }),
  );

  // Text in lines, as plotly shows it without reading tags, entities or templates in it.
  function lines(text) {
    const found = [""];
    for (const word of text.split(" ")) {
      const last = found[found.length - 1];
      if (last && last.length + word.length >= quiver.shared.line) found.push(word);
      else found[found.length - 1] = last ? last + " " + word : word;
    }
    const escaped = found.join("\n").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return escaped.replaceAll("%{", "%&#123;").replaceAll("\n", "<br>");
  }

  function download(id) {
    const view = viewOf(id, false);
    const height = (view.layout.height || 400) + 120;
    const options = { format: "png", width: 1100, height: height, scale: 2, filename: id };
    const title = { text: view.title, subtitle: { text: lines(view.subtitle) } };
    const layout = Object.assign(view.layout, { title: title, height: height });
    Plotly.downloadImage({ data: view.data, layout: layout, config: quiver.shared.config }, options);
  }

  document.querySelectorAll("button[data-png]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => download(button.dataset.png));
  });

  // Paper shows every figure; it is narrower than a screen, and two figures fit a page when they are a little lower.
  const resize = (width, factor, autosize) =>
    document.querySelectorAll(".plot.js-plotly-plot").forEach((plot) => {
      Plotly.relayout(plot, { width: width, height: plot.layout.height * factor, autosize: autosize });
    });
  window.addEventListener("beforeprint", () => {
    paper = true;
    figures.forEach(draw);
    resize(640, 0.8, false);
  });
  window.addEventListener("afterprint", () => {
    paper = false;
    figures.forEach(draw);
    resize(null, 1, true);
  });
})();
