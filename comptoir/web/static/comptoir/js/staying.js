// What only whoever stays in a conversation needs: its answers, that it was read, who else is there. Whoever walks past it
// from key to key waits for the next one alone, and all of that would be asked for before it.
const HASTE_MS = 500; // The key came so soon after the one before: another may follow.
const STAYS_MS = 300;
const SHOWN_MS = 40; // What is asked for before the conversation is painted holds the paint up.
const waiting = new Map(); // By what it is for: of those one has walked past, nothing is wanted any more.
let walkedAt = -Infinity;
let isHasty = false;
let timer = 0;

export function walksOn() {
  const now = performance.now();
  isHasty = now - walkedAt < HASTE_MS;
  walkedAt = now;
  if (isHasty) lookAgain();
}

function lookAgain() {
  clearTimeout(timer);
  timer = setTimeout(stays, isHasty ? STAYS_MS : SHOWN_MS);
}

function stays() {
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
