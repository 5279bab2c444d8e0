// The open exchange: earlier messages without a jump, new ones without moving what one reads, links that lead into it.
import { tellGone } from "./failures.js";
import { isUnlooked } from "./staying.js";
import { fetchPart, refresh, remember, update } from "./patch.js";
import { tell, tellActs, tellStates, watchActs, watchStates } from "./telling.js";
import { toast } from "./toasts.js";
import { counted, words } from "./words.js";

const scroller = () => document.getElementById("exchange-scroll");
const list = () => document.getElementById("exchange");
const pill = () => document.getElementById("exchange-news");
const pane = () => document.querySelector(".exchange-pane");
const LATE_S = 60; // What was being stored while the page asked is told with the next answer.
let unseen = 0;
let running = false;
let again = false;
let missedWhileHidden = false;

const nobodyLooks = () => document.hidden || isUnlooked(pane()?.dataset.conversation);

// With column-reverse the end is zero and everything above is negative.
const isAtEnd = () => Math.abs(scroller().scrollTop) < 40;
const entries = (part) => [...part.children].filter((node) => node.localName === "li");
const address = (asked) => `${list().dataset.refresh}?${new URLSearchParams(asked)}`;

// Keep an entry where it is on the screen while others come and go around it.
function holding(change) {
  const top = scroller().getBoundingClientRect().top;
  const held = [...list().children].find((node) => node.getBoundingClientRect().bottom > top);
  const before = held?.getBoundingClientRect().top;
  change();
  if (held?.isConnected) scroller().scrollTop += held.getBoundingClientRect().top - before;
}

function forget(days) {
  const ids = new Set(days.map((day) => day.id));
  for (const day of list().querySelectorAll(".day")) if (ids.has(day.id)) day.remove();
}

async function loadEarlier(button) {
  button.disabled = true;
  const current = list();
  try {
    const part = await fetchPart(button.dataset.url);
    if (!current.isConnected) return;
    const items = entries(part);
    const more = part.querySelector("#earlier");
    const first = part.querySelector("#stretch")?.dataset.first;
    holding(() => {
      forget([...part.querySelectorAll(".day")]);
      document.getElementById("earlier").remove();
      if (more) current.before(more);
      current.prepend(...items);
    });
    if (first) current.dataset.since = first;
    items.forEach(remember);
    scroller().focus({ preventScroll: true });
  } catch {
    button.disabled = false;
    toast(words("wentWrong"), { isError: true });
  }
}

async function loadLater(button) {
  button.disabled = true;
  const current = list();
  try {
    const part = await fetchPart(button.dataset.url);
    if (!current.isConnected) return;
    const known = new Set([...current.querySelectorAll(".day")].map((day) => day.id));
    const items = entries(part).filter((node) => !known.has(node.id));
    holding(() => {
      document.getElementById("later")?.remove();
      current.append(...items);
      endAt(part);
    });
    items.forEach(remember);
    scroller().focus({ preventScroll: true });
  } catch {
    button.disabled = false;
    toast(words("wentWrong"), { isError: true });
  }
}

// Where the page ends before the exchange does, it says so, and new messages do not stick to its end.
function endAt(part) {
  const later = part.querySelector("#later");
  const last = part.querySelector("#stretch")?.dataset.last ?? "";
  if (later) list().after(later);
  if (later && last) list().dataset.until = last;
  else delete list().dataset.until;
}

// Another window in the place of this one: around one message, or the end.
async function show(asked) {
  const current = list();
  const part = await fetchPart(address(asked));
  if (!current.isConnected) return false;
  document.getElementById("earlier")?.remove();
  document.getElementById("later")?.remove();
  const earlier = part.querySelector("#earlier");
  current.replaceChildren(...entries(part));
  if (earlier) current.before(earlier);
  current.dataset.since = part.querySelector("#stretch")?.dataset.first ?? "";
  endAt(part);
  [...current.children].forEach(remember);
  return true;
}

// #message-7 leads to the message, wherever it is.
async function follow(hash) {
  const name = hash.slice(1);
  if (!/^(message|note)-\d{1,18}$/.test(name) || !list()) return;
  if (!document.getElementById(name)) {
    try {
      await show({ around: name, came_to: list().dataset.cameTo ?? "" });
    } catch {
      toast(words("noSuchMessage"), { isError: true });
      return;
    }
  }
  const target = document.getElementById(name);
  if (!target) return;
  target.scrollIntoView({ block: "center" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  for (const other of list().querySelectorAll(".is-meant")) other.classList.remove("is-meant");
  target.classList.add("is-meant");
}

export async function refreshExchange() {
  if (running) {
    again = true;
    return;
  }
  const current = list();
  if (!current) return;
  running = true;
  missedWhileHidden ||= document.hidden;
  try {
    const { since, until } = current.dataset;
    const asked = { ...(since && { since }), ...(until && { until }), ...(nobodyLooks() && { unseen: "1" }) };
    const part = await fetchPart(address(asked));
    if (current.isConnected) apply(current, part);
  } catch ({ message }) {
    // Live updates come again; nothing on the page was touched.
    if (message === "404" && current.isConnected) tellGone(current);
  } finally {
    running = false;
    if (again) {
      again = false;
      refreshExchange();
    }
  }
}

function apply(current, part) {
  const stretch = part.querySelector("#stretch");
  noteStanding(stretch);
  const items = entries(part);
  const order = items.map((node) => node.id);
  const wasAtEnd = isAtEnd() && !document.hidden;
  let said = [];
  const change = () => {
    for (const gone of current.querySelectorAll(".acts")) {
      if (items.length && !items.some((one) => one.id === gone.id) && follows(gone, items[0])) gone.remove();
    }
    const added = update(current, items);
    for (const node of added) place(current, node, order);
    keepOrder(current, order);
    said = added.filter((node) => node.matches(".message, .note") && isNews(node));
    markUnread(said, wasAtEnd);
  };
  if (wasAtEnd) change();
  else holding(change);
  current.dataset.at = stretch.dataset.at;
  tell(said, pane());
  tellStates(items, pane());
  tellActs(items);
  const isCut = Boolean(part.querySelector("#later"));
  const theirs = said.filter((node) => node.matches(".is-incoming"));
  if (theirs.length) document.dispatchEvent(new CustomEvent("customer-spoke"));
  if ((theirs.length && !wasAtEnd) || isCut) showNews(unseen + Math.max(theirs.length, isCut ? 1 : 0));
}

// What came long before one looked last has been said: it was moved here from another conversation, or back.
const isNews = ({ dataset }) => Number(dataset.came) > Number(list().dataset.at) - LATE_S;

function follows(node, first) {
  const start = document.getElementById(first.id);
  return !start || Boolean(start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
}

// A new entry goes after the one it follows, which may be anywhere: messages also arrive late.
function place(current, node, order) {
  const index = order.indexOf(node.id);
  for (let before = index - 1; before >= 0; before -= 1) {
    const known = document.getElementById(order[before]);
    if (known && current.contains(known)) {
      known.after(node);
      remember(node);
      return;
    }
  }
  current.prepend(node);
  remember(node);
}

// A reply stands at the instant the network took it, which is later than what was done as it was written.
function keepOrder(current, order) {
  let former = null;
  for (const id of order) {
    const node = document.getElementById(id);
    if (!node || !current.contains(node)) continue;
    if (former && !(former.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)) former.after(node);
    former = node;
  }
}

// What came while one looked elsewhere begins with a line.
function markUnread(said, wasAtEnd) {
  const first = said.find((node) => node.matches(".is-incoming"));
  if (!first || wasAtEnd || document.getElementById("unread")) return;
  const line = document.createElement("li");
  line.id = "unread";
  line.className = "unread";
  line.append(Object.assign(document.createElement("span"), { textContent: words("notRead") }));
  first.before(line);
}

// Whose it is now, where that is not what the page says; what tells it comes when it is needed.
function noteStanding({ dataset: now }) {
  const known = pane().dataset;
  if (now.owner !== known.owner || now.guest !== known.guest) import("./standing.js").then(({ tellStanding }) => tellStanding(pane(), now));
}

function showNews(count) {
  unseen = count;
  pill().hidden = count === 0;
  if (count) pill().textContent = counted("new", count);
}

async function toEnd() {
  showNews(0);
  if (list().dataset.until) await show({});
  scroller().scrollTop = 0;
}

function unfold(button) {
  const isOpen = button.closest(".item").querySelector(".text.is-long").classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(isOpen));
  button.textContent = words(isOpen ? "fold" : "unfold");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#exchange a.at, #exchange .parent a");
  if (link && link.pathname === location.pathname && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    history.replaceState(history.state, "", link.href);
    follow(link.hash);
  }
  const shown = event.target.closest("a[data-act=view], a[data-act=document], a[data-act=original]");
  if (shown && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    import("./viewer.js").then(({ view }) => view(shown));
  }
  const button = event.target.closest("button");
  if (!button) return;
  const { act } = button.dataset;
  if (act === "earlier") loadEarlier(button);
  if (act === "later") loadLater(button);
  if (act === "unfold") unfold(button);
  if (button.dataset.copies || act === "copy-link") import("./copying.js").then(({ copy }) => copy(button));
  if (act === "newest" || button.id === "exchange-news") toEnd();
});
document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.id === "exchange-scroll" && unseen && isAtEnd() && !list().dataset.until) showNews(0);
  },
  { capture: true, passive: true },
);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !missedWhileHidden) return;
  missedWhileHidden = false;
  refreshExchange();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  unseen = 0;
  document.getElementById("panes")?.classList.add("has-conversation");
  begin();
});
window.addEventListener("hashchange", () => follow(location.hash));

function begin() {
  if (!list()) return;
  watchStates(list().children);
  watchActs(list().children);
  document.getElementById("unread")?.scrollIntoView({ block: "center" });
  follow(location.hash);
}

export function openConversation() {
  return pane() ? Number(pane().dataset.conversation) : null;
}

// Another conversation in the place of this one, as if its row had been pressed. What was asked for before may still be
// under way, and hold this up: the address changes with what is shown.
export function showConversation(url) {
  const place = document.getElementById("conversation");
  place.addEventListener("htmx:afterSwap", function tell({ detail }) {
    if (detail.target !== place) return;
    place.removeEventListener("htmx:afterSwap", tell);
    if (detail.pathInfo?.requestPath === url) history.pushState({ htmx: true }, "", url);
  });
  return window.htmx.ajax("GET", url, { target: "#conversation", swap: "innerHTML" });
}

export function refreshConversation() {
  refreshExchange();
  refresh(document.getElementById("head"));
  refresh(document.getElementById("person"));
  refresh(document.getElementById("others"));
  refresh(document.getElementById("private-ways"));
  refresh(document.getElementById("bridges"));
}

document.addEventListener("exchange-changed", () => {
  if (scroller()) {
    document.getElementById("unread")?.remove();
    toEnd();
  }
  refreshConversation();
});
document.addEventListener("conversation-changed", refreshConversation);
begin();
