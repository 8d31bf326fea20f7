// The split view: moving, opening, the pill with new rows, and rows that change elsewhere. Live data never moves a row
// that a person looks at.
(() => {
  const $ = (sel, from = document) => from.querySelector(sel);
  const body = $("#rows");
  const narrow = matchMedia("(max-width: 900px)");
  const rows = () => (body ? [...body.querySelectorAll("tr[data-id]")] : []);
  const selected = () => body && $("tr.selected", body);

  function mark(row) {
    row.classList.add("selected");
    row.setAttribute("aria-selected", "true");
  }
  function select(row, { show = true } = {}) {
    if (!row) return;
    const old = selected();
    if (old) { old.classList.remove("selected"); old.removeAttribute("aria-selected"); }
    mark(row);
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
  // refresh draws one row anew where it is; whether it is selected is asked at the moment of the exchange.
  async function refresh(id) {
    if (!document.getElementById("row-" + id)) return;
    const answer = await fetch(`/queue/rows/${encodeURIComponent(id)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const drawn = document.createElement("template");
    drawn.innerHTML = await answer.text();
    const row = document.getElementById("row-" + id);
    const fresh = drawn.content.firstElementChild;
    if (!row || !fresh) return;
    if (row.classList.contains("selected")) mark(fresh);
    row.replaceWith(fresh);
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
      case "/": e.preventDefault(); addEventListener("keyup", () => { $("#q").focus(); $("#q").select(); }, { once: true }); break; // with the key up, its character is not typed
      case "N": $("#next")?.requestSubmit(); break;
      case "r": if (!pill.hidden) go(); break;
    }
  });
  selected()?.scrollIntoView({ block: "nearest" });
})();
