"use strict";
(function () {
  const store = JSON.parse(document.getElementById("figures").textContent);
  const margin = { l: 8, r: 18, t: 12, b: 8 };

  function layoutFor(view, titled) {
    const layout = JSON.parse(JSON.stringify(view.layout));
    layout.template = store.template;
    if (window.matchMedia("(hover: none)").matches) layout.dragmode = false;
    if (titled) layout.title = view.title;
    else layout.margin = margin;
    return layout;
  }

  function viewOf(id, setting) {
    const views = store.panels[id];
    return views["-1"] || views[setting];
  }

  function draw(id, setting) {
    const view = viewOf(id, setting);
    const figure = document.getElementById(id);
    figure.querySelector(".subtitle").textContent = view.subtitle;
    figure.querySelector(".caption").textContent = view.caption;
    return Plotly.react(figure.querySelector(".plot"), view.data, layoutFor(view, false), store.config);
  }

  const select = document.getElementById("setting");
  const chosen = () => (select ? select.value : "-1");
  const ids = Object.keys(store.panels);
  const drawAll = () => ids.forEach((id) => draw(id, chosen()));

  function download(id) {
    const view = viewOf(id, chosen());
    const layout = layoutFor(view, true);
    const options = { format: "png", width: 1100, height: (layout.height || 400) + 120, scale: 2, filename: id };
    Plotly.downloadImage({ data: view.data, layout: Object.assign(layout, { height: options.height }), config: store.config }, options);
  }

  drawAll();
  if (select) {
    select.addEventListener("change", () => {
      ids.filter((id) => !store.panels[id]["-1"]).forEach((id) => draw(id, chosen()));
      document.getElementById("chosen").textContent = "Figures show: " + select.selectedOptions[0].text;
    });
  }
  document.querySelectorAll("button[data-png]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => download(button.dataset.png));
  });
  // Paper is narrower than a screen, and two figures fit a page when they are a little lower.
  const plots = () => document.querySelectorAll(".plot.js-plotly-plot");
  const resize = (width, factor, autosize) =>
    plots().forEach((plot) => Plotly.relayout(plot, { width: width, height: plot.layout.height * factor, autosize: autosize }));
  window.addEventListener("beforeprint", () => resize(640, 0.8, false));
  window.addEventListener("afterprint", () => resize(null, 1.25, true));
})();
