// The decision bar of an alert, in the queue's pane and on the alert's own page.
(() => {
  const $ = (sel, from = document) => from.querySelector(sel);
  const detail = () => $(".detail");
  let last = null; // the decision that z takes back

  function openReasons(verdict) {
    for (const f of document.querySelectorAll("[data-reasons]")) f.hidden = f.dataset.reasons !== verdict;
    for (const b of document.querySelectorAll("[data-verdict]")) b.setAttribute("aria-expanded", String(b.dataset.verdict === verdict));
    const form = verdict && $(`[data-reasons="${verdict}"]`);
    if (form) {
      form.scrollIntoView({ block: "nearest" });
      $("input[type=radio]", form).focus();
    }
  }
  const openForm = () => $("[data-reasons]:not([hidden])");

  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-verdict], [data-close], [data-rest]");
    if (!b) return;
    if (b.dataset.verdict) openReasons(b.getAttribute("aria-expanded") === "true" ? "" : b.dataset.verdict);
    else if ("close" in b.dataset) openReasons("");
    else {
      const rest = $(".evidence .rest");
      rest.hidden = !rest.hidden;
      b.textContent = rest.hidden ? "Show the whole feature vector" : "Show the strongest only";
    }
  });

  function undo() {
    if (!last || Date.now() > last.until) return skimwatch.toast("There is no decision to take back.");
    htmx.ajax("POST", `/alerts/${encodeURIComponent(last.episode)}/undo`, { values: { id: last.disposition }, swap: "none" });
    last = null;
  }

  // The server's answer to a form names what it did; pages react to it.
  document.body.addEventListener("skimwatch", (e) => {
    const c = e.detail;
    if (c.did === "decided") {
      last = { episode: c.episode, disposition: c.disposition, until: Date.now() + 10000 };
      skimwatch.toast(c.text, { action: "Undo (z)", run: undo, seconds: 10 });
    } else {
      skimwatch.toast(c.text);
    }
    if (!$(".split")) htmx.ajax("GET", location.pathname + "/pane" + location.search, { target: "#detail", swap: "innerHTML" });
  });

  document.addEventListener("keydown", (e) => {
    const form = openForm();
    if (e.key === "Escape" && form) { openReasons(""); return; }
    if (form && e.key === "Enter" && e.target.tagName !== "BUTTON" && (e.target.tagName !== "TEXTAREA" || e.ctrlKey)) {
      e.preventDefault();
      e.stopImmediatePropagation();
      htmx.process(form); // a form that has just arrived would else be sent as a page of its own
      form.requestSubmit();
      return;
    }
    if (skimwatch.typing(e)) return;
    if (form && /^[1-9]$/.test(e.key)) {
      const r = form.querySelectorAll("input[type=radio]")[Number(e.key) - 1];
      if (r) { r.checked = true; r.focus(); }
      return;
    }
    const verdict = { f: "fraud", n: "not_fraud", i: "inconclusive" }[e.key];
    if (verdict && detail()?.dataset.status === "open") { e.preventDefault(); openReasons(verdict); }
    else if (e.key === "z") {
      const shown = $(".decided form");
      if (last || !shown) undo();
      else shown.requestSubmit();
    } else if (e.key === "a") $("[data-assign]")?.click();
  });
})();
