// The floor: its parts are asked for again when something happens, and exchanged where they have changed. Nothing
// flickers, nothing moves under somebody's hand, and what matters is read aloud, not everything.
import { fetchPart, remember, update } from "./patch.js";

const SETTLES_MS = 200; // What happens at once is looked at once.
const AT_MOST_EVERY_MS = 2_000; // However much happens.
const AGES_EVERY_MS = 30_000; // Time alone moves what waits and what is promised.
const POLL_EVERY_MS = 5_000; // Where nothing tells us what happens.
const LATE_AFTER_MS = 20_000;
const ALOUD_EVERY_MS = 30_000;
const board = document.getElementById("floor");
const late = document.getElementById("floor-late");
const aloud = document.getElementById("floor-aloud");
let lookedAt = Date.now();
let unansweredSince = 0;
let spokenAt = Date.now();
let timer = 0;
let isLooking = false;

const parts = (within) => [...within.querySelectorAll("[data-part]")];
parts(board).forEach(remember);

async function look() {
  clearTimeout(timer);
  timer = 0;
  if (isLooking) lookSoon();
  if (isLooking || document.hidden) return;
  isLooking = true;
  lookedAt = Date.now();
  unansweredSince ||= lookedAt;
  try {
    const fresh = parts(await fetchPart(board.dataset.parts));
    if (!fresh.length) return; // Signed out: what came is another page.
    update(board, fresh);
    unansweredSince = 0;
    speak(document.getElementById("floor-said").textContent);
  } catch {
    // Said below, once it lasts.
  } finally {
    isLooking = false;
    tellLate();
  }
}

// Soon, and not sooner than a while after the last time; whatever happens meanwhile is seen then.
function lookSoon() {
  timer ||= setTimeout(look, Math.max(SETTLES_MS, lookedAt + AT_MOST_EVERY_MS - Date.now()));
}

function tellLate() {
  late.hidden = !unansweredSince || Date.now() - unansweredSince < LATE_AFTER_MS;
}

function speak(said) {
  if (aloud.textContent === said || Date.now() - spokenAt < ALOUD_EVERY_MS) return;
  aloud.textContent = said;
  spokenAt = Date.now();
}

setInterval(() => {
  const isTold = document.documentElement.dataset.live === "on" && !unansweredSince;
  if (Date.now() - lookedAt >= (isTold ? AGES_EVERY_MS : POLL_EVERY_MS)) look();
  tellLate();
}, 1_000);
for (const name of ["live-stream", "live-conversations", "live-colleagues"]) document.addEventListener(name, lookSoon);
document.addEventListener("visibilitychange", look);
// One's own act is seen at once; what an open menu held back, when it is closed.
document.body.addEventListener("conversation-changed", () => setTimeout(look, 100));
board.addEventListener("toggle", (event) => event.target.open || lookSoon(), true);
