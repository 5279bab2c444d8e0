// The open exchange: earlier messages without a jump, new ones without moving what one reads.
import { fetchPart, refresh, remember, update } from "./patch.js";
import { counted } from "./words.js";

const scroller = () => document.getElementById("exchange-scroll");
const list = () => document.getElementById("exchange");
const pill = () => document.getElementById("exchange-news");
let unseen = 0;
let running = false;
let again = false;

// With column-reverse the end is zero and everything above is negative.
const isAtEnd = () => Math.abs(scroller().scrollTop) < 40;

async function loadEarlier(button) {
  button.disabled = true;
  const pane = list();
  try {
    const part = await fetchPart(button.dataset.url);
    if (!pane.isConnected) return;
    const days = new Set([...part.querySelectorAll(".day")].map((day) => day.id));
    for (const day of pane.querySelectorAll(".day")) if (days.has(day.id)) day.remove();
    const more = part.querySelector("#earlier");
    document.getElementById("earlier").remove();
    if (more) pane.before(more);
    const items = [...part.children].filter((node) => node.localName === "li");
    pane.prepend(...items);
    items.forEach(remember);
    scroller().focus({ preventScroll: true });
  } catch {
    button.disabled = false;
  }
}

export async function refreshExchange() {
  if (running) {
    again = true;
    return;
  }
  const pane = list();
  if (!pane) return;
  running = true;
  try {
    const since = pane.dataset.since;
    const part = await fetchPart(pane.dataset.refresh + (since ? `?since=${encodeURIComponent(since)}` : ""));
    if (pane.isConnected) apply(pane, part);
  } catch {
    // Live updates come again; nothing on the page was touched.
  } finally {
    running = false;
    if (again) {
      again = false;
      refreshExchange();
    }
  }
}

function apply(pane, part) {
  const wasAtEnd = isAtEnd();
  const height = scroller().scrollHeight;
  const items = [...part.children].filter((node) => node.localName === "li");
  for (const gone of pane.querySelectorAll(".acts")) {
    if (items.length && !items.some((one) => one.id === gone.id) && follows(pane, gone, items[0])) gone.remove();
  }
  const order = items.map((node) => node.id);
  const added = update(pane, items);
  for (const node of added) place(pane, node, order);
  const said = added.filter((node) => node.matches(".message, .note"));
  if (!wasAtEnd) scroller().scrollTop -= scroller().scrollHeight - height;
  const theirs = said.filter((node) => node.matches(".is-incoming"));
  if (theirs.length && !wasAtEnd) showNews(unseen + theirs.length);
}

function follows(pane, node, first) {
  const start = document.getElementById(first.id);
  return !start || Boolean(start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
}

// A new entry goes after the one it follows, which may be anywhere: messages also arrive late.
function place(pane, node, order) {
  const index = order.indexOf(node.id);
  for (let before = index - 1; before >= 0; before -= 1) {
    const known = document.getElementById(order[before]);
    if (known && pane.contains(known)) {
      known.after(node);
      remember(node);
      return;
    }
  }
  pane.prepend(node);
  remember(node);
}

function showNews(count) {
  unseen = count;
  pill().hidden = count === 0;
  if (count) pill().textContent = counted("new", count);
}

function toEnd() {
  scroller().scrollTop = 0;
  showNews(0);
}

function toggleOriginal(button) {
  const item = button.closest(".item");
  const shown = item.querySelector("iframe.original");
  button.setAttribute("aria-expanded", String(!shown));
  if (shown) {
    shown.remove();
    return;
  }
  const frame = document.createElement("iframe");
  frame.className = "original";
  frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  frame.title = button.textContent.trim();
  frame.src = button.dataset.url;
  item.append(frame);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.act === "earlier") loadEarlier(button);
  if (button.dataset.act === "original") toggleOriginal(button);
  if (button.id === "exchange-news") toEnd();
});
document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.id === "exchange-scroll" && unseen && isAtEnd()) showNews(0);
  },
  { capture: true, passive: true },
);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  unseen = 0;
  document.getElementById("panes")?.classList.add("has-conversation");
});

export function openConversation() {
  const pane = document.querySelector(".exchange-pane");
  return pane ? Number(pane.dataset.conversation) : null;
}

export function refreshConversation() {
  refreshExchange();
  refresh(document.getElementById("head"));
  refresh(document.getElementById("person"));
  refresh(document.getElementById("others"));
}

document.addEventListener("exchange-changed", () => {
  if (scroller()) toEnd();
  refreshConversation();
});
document.addEventListener("conversation-changed", refreshConversation);
