// The one line's script: finds its own address and key, then loads the widget of the present version.
(() => {
  const script = document.currentScript;
  if (!script?.dataset.key || window.Comptoir) return;
  window.Comptoir = {};
  const base = script.src.replace(/\/chat\.js.*$/, "");
  import(`${base}/chat/widget/__VERSION__/main.js`)
    .then(({ start }) => start(base, { ...script.dataset }))
    .catch((error) => console.warn("Comptoir: the chat could not be loaded.", error));
})();
