// Runs before the page is drawn, so that the chosen theme does not flash. Without a choice the system's is used.
(() => {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
