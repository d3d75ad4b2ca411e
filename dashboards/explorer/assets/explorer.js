// What the page does without asking the server: the theme, and the ranges that were brushed.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  explorer: {
    theme: function (clicks) {
      const root = document.documentElement;
      const wished = () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      let now = root.dataset.theme || wished();
      if (clicks) now = now === "dark" ? "light" : "dark";
      root.dataset.theme = now;
      document.body.dataset.agThemeMode = now;
      return now;
    },
    brushed: function (restyle) {
      const plot = document.querySelector("#parallel .js-plotly-plot");
      if (!restyle || !plot || !plot.data || !plot.data.length) return window.dash_clientside.no_update;
      const found = {};
      for (const one of plot.data[0].dimensions) found[one.name] = one.constraintrange || null;
      return found;
    }
  }
});
