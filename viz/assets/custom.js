// Runs before everything else on every page.
(() => {
  try { // the chosen colours from the first moment on
    const theme = localStorage.getItem("ssr_sim.theme");
    if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-theme", theme);
  } catch { /* a browser that forbids its store */ }

  // anywidget leaves a widget blank for good whose module has not run within two seconds; a busy laptop may need more.
  const timeout = AbortSignal.timeout.bind(AbortSignal), PATIENCE = 60000; // ms
  AbortSignal.timeout = (ms) => timeout(Math.max(ms, PATIENCE));
})();
