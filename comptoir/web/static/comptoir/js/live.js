// The stream of what happens, and what it changes on this page.
import { forgetAhead } from "./ahead.js";
import { openConversation, refreshConversation, refreshExchange } from "./exchange.js";
import { refreshRows, reloadRows } from "./list.js";
import { heard as hearOfMine, lookAgain } from "./notifications.js";
import { say } from "./said.js";
import { keepHearing } from "./sharing.js";
import { words } from "./words.js";

const PATIENCE_MS = 4_000;
const TYPING_LASTS_MS = 8_000;
// What was read in a message changes how it is shown, and nothing else of the conversation.
const DECIDED = ["decision.made", "decision.ruled"];
const READ = new Set(["message.analysed", "analysis.corrected", ...DECIDED]);
let last = "";
let notice = null;
let noticeTimer = 0;
let typingTimer = 0;

const told = (name) => (detail) => document.dispatchEvent(new CustomEvent(`live-${name}`, { detail }));
const ON = {
  beat() {}, conversations: hear, typing: hearTyping, notified: hearOfMine, resync, again: lookAgain,
  stream: told("stream"), here: told("here"), colleagues: told("colleagues"),
};

// Without `since`, from here on: the page shows nothing that could have changed meanwhile.
export function listen(url, since = "") {
  last = since;
  keepHearing(
    (take) => {
      const source = new EventSource(`${url}?since=${last}`, { withCredentials: true });
      source.addEventListener("open", isBack);
      source.addEventListener("error", isGone);
      for (const name of Object.keys(ON)) {
        source.addEventListener(name, ({ data, lastEventId }) => take({ name, id: lastEventId, detail: data && JSON.parse(data) }));
      }
      return source;
    },
    { hear: on, leave: () => told("stream")({ id: "" }) },
  );
}

function on({ name, id, detail }) {
  isBack();
  last = id || last;
  ON[name](detail);
}

function resync() {
  forgetAhead();
  told("conversations")();
  reloadRows();
  if (openConversation()) refreshConversation();
}

function hear({ ids, names }) {
  told("conversations")();
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
function hearTyping({ id }) {
  const composer = document.getElementById("composer");
  if (id !== openConversation() || !composer) return;
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
    notice.textContent = words("connectionLost");
    if (!notice.isConnected) say(notice.textContent);
    document.body.append(notice);
  }, PATIENCE_MS);
}

function isBack() {
  clearTimeout(noticeTimer);
  if (notice?.isConnected) say(words("connectionBack"));
  notice?.remove();
  document.documentElement.dataset.live = "on";
}
