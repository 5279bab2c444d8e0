// Puts the parts together: what the browser keeps, the line to the counter, the exchange, the panel.
import { Exchange } from "./exchange.js";
import { Keeping } from "./keeping.js";
import { Line } from "./line.js";
import { dress } from "./look.js";
import { Panel } from "./panel.js";
import { wordsFor } from "./words.js";

export async function start(base, options) {
  const keeping = new Keeping(options.key);
  const line = new Line(base, options.key, keeping, signedIdentity(options));
  const counter = await line.counter();
  const host = document.createElement("comptoir-chat");
  const root = host.attachShadow({ mode: "open" });
  const words = wordsFor(chosenLanguage(options, counter));
  const exchange = new Exchange(line, keeping, counter, words.language);
  const panel = new Panel(root, { words, counter, exchange, keeping });
  await bodyReady();
  document.body.append(host);
  dress(host, root, options);
  if (options.launcher === "none") panel.hideLauncher(); // The page has a button of its own.
  Object.assign(window.Comptoir, {
    open: () => panel.open(),
    close: () => panel.close(),
    // For the page behind a link from public to private.
    join: (token) => line.join(token),
    // For a site whose customer signs out: what this browser kept is gone.
    forget: () => {
      keeping.forget();
      exchange.restart();
    },
  });
  exchange.start();
}

function signedIdentity({ identity, identityHmac }) {
  if (!identity) return null;
  const bytes = new TextEncoder().encode(identity);
  const encoded = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${encoded}.${identityHmac ?? ""}`;
}

function chosenLanguage(options, counter) {
  const wished = [options.language, document.documentElement.lang, ...navigator.languages, counter.language];
  const known = wished.map((one) => (one ?? "").slice(0, 2).toLowerCase()).find((one) => one === "fr" || one === "en");
  return known ?? "en";
}

function bodyReady() {
  if (document.body) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}
