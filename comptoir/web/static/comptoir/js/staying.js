// What only whoever stays in a conversation needs: its answers, that it was read, who else is there. Whoever walks past it
// from key to key waits for the next one alone, and all of that would be asked for before it.
const HASTE_MS = 500; // The key came so soon after the one before, or after what that showed: another may follow.
const STAYS_MS = 300;
const SHOWN_MS = 40; // What is asked for before the conversation is painted holds the paint up.
const waiting = new Map(); // By what it is for: of those one has walked past, nothing is wanted any more.
let walkedAt = -Infinity;
let isHasty = false;
let isUnderWay = false; // The next one is pressed for, and not there yet: nobody stays in the one that is left.
let timer = 0;

export function walksOn() {
  const now = performance.now();
  isHasty = now - walkedAt < HASTE_MS;
  isUnderWay = true;
  walkedAt = now;
  waiting.clear();
}

function lookAgain() {
  clearTimeout(timer);
  timer = setTimeout(stays, isHasty ? STAYS_MS : SHOWN_MS);
}

function stays() {
  if (isUnderWay) return lookAgain();
  isHasty = false;
  const acts = [...waiting.values()];
  waiting.clear();
  for (const act of acts) act();
}

export function onceOneStays(what, act) {
  waiting.set(what, act);
  lookAgain();
}

document.addEventListener("htmx:confirm", (event) => {
  const { target, detail } = event;
  if (target.id !== "answers" || !isHasty) return;
  event.preventDefault();
  onceOneStays("answers", () => target.isConnected && detail.issueRequest(true));
});

// What opens by itself, once the conversation before it was left, is read by whoever stays on it, or does something in it.
const READS_MS = 5_000;
const LOOKS = ["pointerdown", "wheel", "touchmove", "input", "keydown"];
const MOVES = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Tab", "Enter"]);
let unlooked = ""; // The conversation that was opened so, until it is looked at.
let reading = 0;

export const isUnlooked = (id) => unlooked !== "" && unlooked === String(id);

// To be told before it is asked for.
export function opensByItself(id) {
  unlooked = String(id);
}

// By eye, and by ear.
export function showRead(id) {
  const row = document.getElementById(`row-${id}`);
  row?.classList.remove("is-unread");
  row?.querySelector(".row-unread")?.remove();
}

// Whoever has walked past it has not read it.
export function tellSeen(address, id) {
  showRead(id);
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const said = { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive: true };
  fetch(address, said).catch(() => {}); // It stays unread then, as it would have.
}

const pane = () => document.querySelector("#conversation .exchange-pane");

function look() {
  clearTimeout(reading);
  if (!isUnlooked(pane()?.dataset.conversation)) return;
  tellSeen(pane().dataset.seen, unlooked);
  unlooked = "";
}

// Nobody stays on a page that lies behind another.
function wait() {
  clearTimeout(reading);
  if (!document.hidden && isUnlooked(pane()?.dataset.conversation)) reading = setTimeout(look, READS_MS);
}

document.addEventListener("htmx:configRequest", (event) => {
  const row = event.target.closest?.(".row");
  if (row && isUnlooked(row.dataset.id)) event.detail.headers["Comptoir-Ahead"] = "1";
  else if (row) unlooked = ""; // One has gone on.
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  isUnderWay = false;
  walkedAt = performance.now();
  if (!isUnlooked(pane()?.dataset.conversation)) unlooked = "";
  wait();
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  const isWanted = target.closest?.(".row")?.querySelector("[aria-current]");
  if (!detail.successful && isWanted) isUnderWay = false; // It did not come: one is left where one was.
});
document.addEventListener("visibilitychange", wait);
for (const name of LOOKS) {
  document.addEventListener(
    name,
    (event) => {
      if (!unlooked || !event.isTrusted || !event.target.closest?.("#conversation")) return;
      if (name !== "keydown" || MOVES.has(event.key)) look(); // A letter may be a key that goes on to the next one.
    },
    { capture: true, passive: true },
  );
}
