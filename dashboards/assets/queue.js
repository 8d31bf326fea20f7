// The split view: moving, opening, the pill with new rows, and rows that change elsewhere. Live data never moves a row
// that a person looks at.
(() => {
  const $ = (sel, from = document) => from.querySelector(sel);
  const body = $("#rows");
  const narrow = matchMedia("(max-width: 900px)");
  const rows = () => (body ? [...body.querySelectorAll("tr[data-id]")] : []);
  const selected = () => body && $("tr.selected", body);

  function select(row, { show = true } = {}) {
    if (!row) return;
    const old = selected();
    if (old) { old.classList.remove("selected"); old.removeAttribute("aria-selected"); }
    row.classList.add("selected");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    const url = new URL(location);
    url.searchParams.set("sel", row.dataset.id);
    history.replaceState(null, "", url);
    if (show && !narrow.matches)
      htmx.ajax("GET", `/alerts/${encodeURIComponent(row.dataset.id)}/pane`, { target: "#detail", swap: "innerHTML" }).then(() => ($("#detail").scrollTop = 0));
  }
  let waiting;
  function move(by) {
    const all = rows();
    const i = all.indexOf(selected());
    const next = all[Math.min(all.length - 1, Math.max(0, i + by))];
    if (!next || next === selected()) return;
    select(next, { show: false });
    clearTimeout(waiting); // holding the key down loads only where it stops
    waiting = setTimeout(() => select(next), 60);
  }
  body?.addEventListener("click", (e) => {
    const row = e.target.closest("tr[data-id]");
    if (!row || e.ctrlKey || e.metaKey || e.shiftKey) return;
    if (narrow.matches) { location.href = `/alerts/${encodeURIComponent(row.dataset.id)}`; return; }
    e.preventDefault();
    select(row);
  });

  // After a decision the row leaves and the next one is there.
  document.body.addEventListener("skimwatch", (e) => {
    const c = e.detail;
    const row = document.getElementById("row-" + c.episode);
    if (c.did === "decided" && row && new URL(location).searchParams.get("status") !== "any") {
      const next = row.nextElementSibling?.dataset.id ? row.nextElementSibling : row.previousElementSibling;
      row.remove();
      const total = $("[data-total]");
      if (/^[\d,]+$/.test(total.textContent)) total.textContent = Math.max(0, Number(total.textContent.replaceAll(",", "")) - 1).toLocaleString("en-US");
      if (next?.dataset.id) select(next);
      else location.href = "/queue";
      return;
    }
    if (c.did === "undone" && !row) { go(c.episode); return; }
    refresh(c.episode);
    const sel = selected();
    if (sel && sel.dataset.id === c.episode) select(sel);
  });
  const go = (sel) => {
    const url = new URL(location);
    url.searchParams.delete("after");
    if (sel) url.searchParams.set("sel", sel); else url.searchParams.delete("sel");
    location.href = url;
  };
  function refresh(id) {
    const row = document.getElementById("row-" + id);
    if (!row) return;
    const was = row.classList.contains("selected");
    htmx.ajax("GET", `/queue/rows/${encodeURIComponent(id)}`, { target: row, swap: "outerHTML" }).then(() => {
      if (was) { const r = document.getElementById("row-" + id); r.classList.add("selected"); r.setAttribute("aria-selected", "true"); }
    });
  }
  document.addEventListener("live:changed", (e) => e.detail.forEach(refresh));

  const pill = $("[data-pill]");
  function count(q) {
    if (!q) return;
    pill.hidden = q.new === 0;
    pill.textContent = `${q.new.toLocaleString("en-US")}${q.more ? "+" : ""} new`;
    if (q.new > 0 && !body) go();
  }
  document.addEventListener("live:queue", (e) => count(e.detail));
  document.addEventListener("live:figures", (e) => count(e.detail.queue));
  pill.addEventListener("click", () => go());

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && e.target.id === "q") { e.target.blur(); return; }
    if (skimwatch.typing(e) || $("[data-reasons]:not([hidden])")) return;
    switch (e.key) {
      case "j": move(1); break;
      case "k": move(-1); break;
      case "Enter": if (selected() && !e.target.closest("a, button")) location.href = `/alerts/${encodeURIComponent(selected().dataset.id)}`; break;
      case "/": e.preventDefault(); requestAnimationFrame(() => { $("#q").focus(); $("#q").select(); }); break;
      case "N": $("#next")?.requestSubmit(); break;
      case "r": if (!pill.hidden) go(); break;
    }
  });
  selected()?.scrollIntoView({ block: "nearest" });
})();
