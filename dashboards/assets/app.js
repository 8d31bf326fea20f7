// What every page does: theme, help, toast, the live stream and going between pages by key.
(() => {
  const $ = (sel, from = document) => from.querySelector(sel);
  const skimwatch = (window.skimwatch = { last: null });

  $("[data-theme-switch]")?.addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", dark ? "light" : "dark");
    document.dispatchEvent(new Event("theme"));
  });
  const help = $("#help");
  $("[data-help]")?.addEventListener("click", () => help.showModal());

  // toast shows a message; an action becomes a button. It goes by itself after the given seconds.
  let timer;
  skimwatch.toast = (text, { action, run, seconds = 4, bad = false } = {}) => {
    const box = $("#toast");
    clearTimeout(timer);
    box.textContent = text;
    box.classList.toggle("bad", bad);
    if (action) {
      const b = document.createElement("button");
      b.textContent = action;
      b.addEventListener("click", run);
      box.append(b);
    }
    box.hidden = false;
    timer = setTimeout(() => (box.hidden = true), seconds * 1000);
  };
  document.addEventListener("htmx:responseError", (e) => skimwatch.toast(e.detail.xhr.responseText.slice(0, 200) || "The dashboard refused that.", { bad: true, seconds: 8 }));
  document.addEventListener("htmx:sendError", () => skimwatch.toast("The dashboard does not answer.", { bad: true, seconds: 8 }));

  // The stream is closed in hidden tabs: browsers allow six connections per host.
  const owner = $("[data-live-url]");
  const state = $(".live");
  let source;
  const show = (how, text) => {
    if (!state) return;
    state.dataset.live = how;
    $("[data-live-text]").textContent = text;
  };
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent("live:" + name, { detail }));
  function open() {
    if (source || !state || document.hidden) return;
    source = new EventSource(owner ? owner.dataset.liveUrl : "/live?topic=any");
    for (const name of ["figures", "queue", "changed", "trouble"])
      source.addEventListener(name, (e) => tell(name, JSON.parse(e.data)));
    source.addEventListener("ended", () => location.reload());
    source.onerror = () => show("off", "not live; connecting again");
  }
  function close() {
    source?.close();
    source = null;
    show("off", "not live");
  }
  skimwatch.reconnect = (url) => {
    if (owner && url) owner.dataset.liveUrl = url;
    close();
    open();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  document.addEventListener("live:figures", (e) => {
    const f = e.detail;
    show(f.stale ? "stale" : "on", f.event === "–" ? "no event yet" : (f.stale ? "no new events since " : "live · ") + f.event);
    $("[data-open]").textContent = f.open === "0" ? "" : f.open;
    const tiles = new Map(f.tiles.map((t) => [t.label, t]));
    for (const el of document.querySelectorAll(".tile")) {
      const t = tiles.get($(".tile-label", el).textContent);
      if (!t) continue;
      $(".tile-value", el).textContent = t.value;
      const note = $(".tile-note", el);
      note.textContent = t.note;
      note.className = "tile-note " + t.class;
    }
  });
  document.addEventListener("live:trouble", (e) => show("stale", e.detail));
  open();

  // Keys never act while somebody types.
  skimwatch.typing = (e) => e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "radio" || help?.open;
  let going = 0;
  document.addEventListener("keydown", (e) => {
    if (skimwatch.typing(e)) return;
    if (Date.now() - going < 1000) {
      const to = { o: "/", q: "/queue", m: "/models", s: "/system" }[e.key];
      going = 0;
      if (to) { e.stopImmediatePropagation(); location.href = to; return; }
    }
    if (e.key === "g") going = Date.now();
    if (e.key === "?") help?.showModal();
  });
})();
