// The chart under the tiles: pressing a tile shows its course; the stream appends a point per second.
(() => {
  const $ = (sel) => document.querySelector(sel);
  const box = $("#chart");
  const names = {
    transactions: ["Transactions per second", "/s"], alerts: ["Alerts per second", "/s"], open: ["Open episodes", ""],
    precision: ["Precision of alerts, against the simulator's truth", "%"], recall: ["Recall of frauds, against the simulator's truth", "%"],
    p50: ["Produce to alert, median", "ms"], p99: ["Produce to score, 99th percentile", "ms"],
  };
  names.p50[0] = "Produce to score, median";
  const kept = 900;
  let data, plot, key = new URLSearchParams(location.hash.slice(1)).get("chart") || "transactions";
  if (!names[key]) key = "transactions";

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function draw() {
    plot?.destroy();
    const [title, unit] = names[key];
    $("[data-chart-title]").textContent = title;
    const empty = !data || !data.t.length;
    $("[data-chart-empty]").hidden = !empty;
    if (empty) return;
    const axis = { stroke: token("--muted"), font: "11px Inter, sans-serif", grid: { stroke: token("--border"), width: 1 }, ticks: { show: false } };
    const fill = token("--accent");
    plot = new uPlot({
      width: box.clientWidth - 16, height: 220, cursor: { y: false, points: { size: 6 } }, legend: { show: false },
      scales: { x: { range: (u, lo, hi) => [Math.max(hi - kept, Math.min(lo, hi - 120)), hi] }, y: { range: (u, lo, hi) => [0, unit === "%" ? 100 : Math.max(1, hi * 1.15)] } },
      axes: [{ ...axis, space: 90, size: 28, incrs: [15, 30, 60, 180, 300], values: (u, vs, i, space, step) => vs.map((v) => new Date(v * 1000).toISOString().slice(11, step < 60 ? 19 : 16)) }, { ...axis, size: 64, space: 36, values: (u, vs) => vs.map((v) => v.toLocaleString("en-US") + (unit ? " " + unit : "")) }],
      series: [{}, { stroke: fill, width: 1.5, fill: fill + "22", points: { show: false }, spanGaps: key === "p50" || key === "p99" }],
    }, [data.t, data[key]], box);
  }
  function choose(k) {
    key = k;
    for (const t of document.querySelectorAll("[data-series]")) t.setAttribute("aria-pressed", String(t.dataset.series === key));
    history.replaceState(null, "", "#chart=" + key);
    draw();
  }
  for (const t of document.querySelectorAll("[data-series]")) t.addEventListener("click", () => choose(t.dataset.series));
  document.addEventListener("theme", draw);
  let width = box.clientWidth;
  new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } }).observe(box);
  document.addEventListener("live:figures", (e) => {
    const s = e.detail.series;
    if (!data || !s.t.length || s.t[0] <= (data.t.at(-1) ?? 0)) return;
    const first = data.t.length === 0;
    for (const k of Object.keys(data)) {
      data[k].push(s[k][0]);
      if (data[k].length > kept) data[k].shift();
    }
    if (first) draw();
    else plot?.setData([data.t, data[key]]);
  });
  fetch("/overview/series").then((r) => r.json()).then((d) => {
    data = d;
    for (const k of ["t", ...Object.keys(names)]) data[k] ??= [];
    choose(key);
  });
})();
