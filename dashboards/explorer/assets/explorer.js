// What the page does without asking the server: lists to choose from, the theme, and the ranges that were brushed.
// Lists are the browser's own, for they work with every keyboard and reader; each stands for a dcc.Store.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  explorer: {
    lists: function (offers) {
      const now = window.dash_clientside.callback_context.inputs;
      for (const [name, pairs] of Object.entries(offers || {})) {
        const list = document.getElementById(name + "-list");
        const said = JSON.stringify(pairs);
        if (list.dataset.said !== said) {
          list.replaceChildren(...pairs.map(([value, label]) => new Option(label, value)));
          list.dataset.said = said;
          list.onchange = () => window.dash_clientside.set_props(name, { data: list.value });
        }
        list.value = String(now[name + ".data"]);
      }
      return window.dash_clientside.no_update;
    },
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
