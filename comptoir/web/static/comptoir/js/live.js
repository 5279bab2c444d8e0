// The stream of what happens, and what it changes on this page.
import { forgetAhead } from "./ahead.js";
import { openConversation, refreshConversation, refreshExchange } from "./exchange.js";
import { refreshRows, reloadRows } from "./list.js";
import { heard as hearOfMine, lookAgain } from "./notifications.js";
import { words } from "./words.js";

const SILENCE_MS = 45_000; // The server speaks every 15 s: three times silent is gone.
const PATIENCE_MS = 4_000;
const TYPING_LASTS_MS = 8_000;
// What was read in a message changes how it is shown, and nothing else of the conversation.
const DECIDED = ["decision.made", "decision.ruled"];
const READ = new Set(["message.analysed", "analysis.corrected", ...DECIDED]);
let source = null;
let last = "";
let heard = 0;
let notice = null;
let noticeTimer = 0;
let typingTimer = 0;

// Without `since`, from here on: the page shows nothing that could have changed meanwhile.
export function listen(url, since = "") {
  last = since;
  const connect = () => {
    source?.close();
    heard = Date.now();
    source = new EventSource(`${url}?since=${last}`, { withCredentials: true });
    source.addEventListener("open", isBack);
    source.addEventListener("error", () => {
      isGone();
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000 + Math.random() * 3000);
    });
    source.addEventListener("beat", () => (heard = Date.now()));
    source.addEventListener("conversations", hear);
    source.addEventListener("typing", hearTyping);
    source.addEventListener("notified", (event) => hearOfMine(JSON.parse(event.data)));
    for (const name of ["stream", "here", "colleagues"]) {
      source.addEventListener(name, (event) => {
        heard = Date.now();
        document.dispatchEvent(new CustomEvent(`live-${name}`, { detail: JSON.parse(event.data) }));
      });
    }
    source.addEventListener("resync", (event) => {
      last = event.lastEventId || last;
      forgetAhead();
      document.dispatchEvent(new CustomEvent("live-conversations"));
      reloadRows();
      if (openConversation()) refreshConversation();
    });
  };
  connect();
  setInterval(() => Date.now() - heard > SILENCE_MS && connect(), 10_000);
  window.addEventListener("online", connect);
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => event.persisted && connect());
}

function hear(event) {
  heard = Date.now();
  last = event.lastEventId || last;
  const { ids, names } = JSON.parse(event.data);
  document.dispatchEvent(new CustomEvent("live-conversations"));
  forgetAhead(ids);
  refreshRows(ids);
  if (names.some((name) => /^(hand_off|consultation|matter)\./.test(name))) lookAgain();
  if (!ids.includes(openConversation())) return;
  if (DECIDED.some((name) => names.includes(name))) document.dispatchEvent(new CustomEvent("bot-decided"));
  if (names.every((name) => READ.has(name))) {
    refreshExchange();
    return;
  }
  document.getElementById("customer-typing")?.remove();
  refreshConversation();
}

// A customer's typing is shown above the composer, and fades by itself.
function hearTyping(event) {
  heard = Date.now();
  const composer = document.getElementById("composer");
  if (JSON.parse(event.data).id !== openConversation() || !composer) return;
  let line = document.getElementById("customer-typing");
  if (!line) {
    line = document.createElement("p");
    line.id = "customer-typing";
    line.className = "meta customer-typing";
    line.textContent = words("customerTyping");
    composer.before(line);
  }
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => line.remove(), TYPING_LASTS_MS);
}

function isGone() {
  delete document.documentElement.dataset.live;
  forgetAhead();
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    notice ??= document.createElement("p");
    notice.className = "offline";
    notice.setAttribute("role", "status");
    notice.textContent = words("connectionLost");
    document.body.append(notice);
  }, PATIENCE_MS);
}

function isBack() {
  heard = Date.now();
  clearTimeout(noticeTimer);
  notice?.remove();
  document.documentElement.dataset.live = "on";
}
