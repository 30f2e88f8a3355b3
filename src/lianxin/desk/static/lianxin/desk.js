// Charts, keyboard, theme, choice of columns. Pages are of use without it.
(() => {
  const root = document.documentElement;
  const language = root.lang.startsWith("zh") ? "ZH" : "EN";
  const drawn = [];

  // the kit's variables may hold functions of CSS that a canvas does not know: let the browser work them out
  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function grid() {
    return root.getAttribute("data-bs-theme") === "dark" ? "#2b3648" : "#e3e8ee";
  }

  function themed(option) {
    const ink = colour("--tblr-body-color"), line = grid();
    const axis = (one) => ({ axisLine: { lineStyle: { color: line } }, nameTextStyle: { color: ink }, splitLine: { lineStyle: { color: line } }, ...one, axisLabel: { color: ink, hideOverlap: true, ...(one.axisLabel || {}) } });
    const each = (value) => Array.isArray(value) ? value.map(axis) : value && axis(value);
    return {
      animation: false, textStyle: { color: ink, fontFamily: "inherit" }, aria: { enabled: true },
      tooltip: { trigger: "axis", confine: true }, grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      ...option, legend: option.legend && { textStyle: { color: ink }, ...option.legend }, xAxis: each(option.xAxis), yAxis: each(option.yAxis),
    };
  }

  function draw(place) {
    const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = echarts.init(place, null, { locale: language });
    chart.setOption(themed(option));
    drawn.push({ chart, option, place });
  }

  function drawAll() {
    if (window.echarts) document.querySelectorAll("[data-chart]:not([data-drawn])").forEach((place) => { place.dataset.drawn = "1"; draw(place); });
  }

  addEventListener("resize", () => drawn.forEach(({ chart }) => chart.resize()));
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);

  document.addEventListener("click", (event) => {
    const picture = event.target.closest("[data-picture]");
    if (picture) {
      const found = drawn.find(({ place }) => place.id === picture.dataset.picture);
      if (!found) return;
      const link = document.createElement("a");
      link.href = found.chart.getDataURL({ pixelRatio: 2, backgroundColor: colour("--tblr-bg-surface") || "#fff" });
      link.download = `${found.place.id}.png`;
      link.click();
    }
    if (event.target.closest("#theme")) {
      const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      localStorage.setItem("lianxin-theme", next);
      drawn.forEach(({ chart, option }) => chart.setOption(themed(option)));
    }
  });

  document.addEventListener("submit", (event) => {
    const boxes = event.target.querySelector("[data-columns]");
    if (boxes) event.target.elements.cols.value = [...boxes.querySelectorAll("input:checked")].map((box) => box.value).join(",");
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".filters select")) event.target.form.requestSubmit();
  });

  let waiting = false, row = -1;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); document.getElementById("search")?.focus(); return; }
    if (waiting) { waiting = false; document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click(); return; }
    if (event.key === "g") { waiting = true; setTimeout(() => { waiting = false; }, 1500); return; }
    const rows = [...document.querySelectorAll("table.list tbody tr")];
    if ((event.key === "j" || event.key === "k") && rows.length) {
      row = Math.max(0, Math.min(rows.length - 1, row + (event.key === "j" ? 1 : -1)));
      (rows[row].querySelector("a, summary") || rows[row]).focus();
      rows[row].scrollIntoView({ block: "nearest" });
    }
  });
})();
