// The floor: its parts are asked for again every few seconds, and exchanged where they have changed. Nothing flickers,
// nothing moves under somebody's hand, and what matters is read aloud, not everything.
import { fetchPart, remember, update } from "./patch.js";

const EVERY_MS = 5_000;
const LATE_AFTER_MS = 20_000;
const ALOUD_EVERY_MS = 30_000;
const board = document.getElementById("floor");
const late = document.getElementById("floor-late");
const aloud = document.getElementById("floor-aloud");
let lookedAt = Date.now();
let spokenAt = Date.now();
let isLooking = false;

const parts = (within) => [...within.querySelectorAll("[data-part]")];
parts(board).forEach(remember);

async function look() {
  if (isLooking || document.hidden) return;
  isLooking = true;
  try {
    update(board, parts(await fetchPart(board.dataset.parts)));
    lookedAt = Date.now();
    speak(document.getElementById("floor-said").textContent);
  } catch {
    // Said below, once it lasts.
  } finally {
    isLooking = false;
    late.hidden = Date.now() - lookedAt < LATE_AFTER_MS;
  }
}

function speak(said) {
  if (aloud.textContent === said || Date.now() - spokenAt < ALOUD_EVERY_MS) return;
  aloud.textContent = said;
  spokenAt = Date.now();
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
document.body.addEventListener("conversation-changed", () => setTimeout(look, 100));
