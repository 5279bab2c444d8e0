// Who else has this conversation open, and who writes in it: told to the stream when that changes, kept nowhere.
import { openConversation } from "./exchange.js";
import { onceOneStays } from "./staying.js";
import { words } from "./words.js";

const ALONE_MS = 5 * 60_000; // How often we say that we are still here, alone…
const TOGETHER_MS = 7_000; // …and while a colleague is here too: whoever goes away without a word is gone in 20 s.
const TYPING_MS = 4_000;
let stream = "";
let told = "";
let timer = 0;
let typedAt = 0;
let others = [];

const address = () => document.body.dataset.live;

async function tell(doing) {
  const pane = document.querySelector(".exchange-pane");
  if (!stream || !document.body.dataset.live) return;
  if (!pane && !told) return;
  const said = { stream, word: pane && doing !== "away" ? pane.dataset.presence : "", doing };
  told = said.word;
  clearTimeout(timer);
  if (said.word) timer = setTimeout(() => tell("reads"), others.length ? TOGETHER_MS : ALONE_MS);
  try {
    // A plain text needs no leave of the other port to be sent.
    const headers = { "Content-Type": "text/plain" };
    await fetch(address(), { method: "POST", body: JSON.stringify(said), headers, credentials: "include", keepalive: true });
  } catch {
    // Said again by and by.
  }
}

function show() {
  const place = document.getElementById("here");
  if (!place) return;
  const marks = others.map(({ name, initials, doing }) => {
    const mark = document.createElement("span");
    mark.className = doing === "types" ? "initials is-typing" : "initials";
    mark.title = words(doing === "types" ? "hereTypes" : "hereReads").replace("{name}", name);
    mark.append(Object.assign(document.createElement("span"), { textContent: initials, ariaHidden: "true" }));
    mark.append(Object.assign(document.createElement("span"), { textContent: mark.title, className: "visually-hidden" }));
    return mark;
  });
  const typing = others.filter(({ doing }) => doing === "types").map(({ name }) => words("hereTypes").replace("{name}", name));
  if (typing.length) {
    const line = Object.assign(document.createElement("span"), { className: "meta", ariaHidden: "true" });
    line.textContent = typing.join(" ");
    marks.push(line);
  }
  const shown = marks.map((mark) => mark.outerHTML).join("");
  if (place.innerHTML !== shown) place.replaceChildren(...marks); // Otherwise everybody would be announced again.
}

document.addEventListener("live-stream", ({ detail }) => {
  stream = detail.id;
  tell("reads");
});
document.addEventListener("live-here", ({ detail }) => {
  if (detail.id !== openConversation()) return;
  const wasAlone = !others.length;
  others = detail.others;
  show();
  if (wasAlone && others.length) {
    clearTimeout(timer);
    timer = setTimeout(() => tell("reads"), TOGETHER_MS);
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  others = [];
  onceOneStays("here", () => tell("reads"));
});
document.addEventListener("part-refreshed", (event) => event.detail.id === "head" && show());
document.addEventListener("visibilitychange", () => tell(document.hidden ? "away" : "reads"));
document.addEventListener("input", (event) => {
  if (event.target.id !== "composer-text" || Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  tell("types");
});
document.addEventListener("exchange-changed", () => {
  typedAt = 0;
  if (others.length) tell("reads");
});
