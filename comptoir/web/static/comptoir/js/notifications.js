// What the agent should hear of: the badge, the sound, the telephone. What makes them heard comes when it is needed.
import { badge } from "./application.js";
import { openConversation } from "./exchange.js";
import { say } from "./said.js";
import { onceOneStays } from "./staying.js";
import { counted } from "./words.js";

const count = document.getElementById("unseen-count");
const asked = document.getElementById("asked-count");
const WHILE_IT_RINGS_MS = 2000; // Nothing is announced when a call is taken elsewhere.
let asking = 0;
let isRinging = false;
let hasLooked = false; // What was there when the page came is not news.
let announced = null; // What came since the last question: the kind that sounds, if any.

// Ask how much is new; several announcements at once ask once.
function look(after = 150) {
  if (!count) return;
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const came = announced;
    announced = null;
    try {
      const answer = await fetch(count.dataset.from, { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json(), came);
    } catch {
      announced ??= came; // The next announcement asks again.
    }
  }, after);
}

function show({ count: unseen, asked: waiting, is_quiet: isQuiet, calls, rings }, came) {
  if (calls.length || isRinging) ringing(calls, { rings, isAnnounced: came !== null || announced !== null });
  const before = Number(count.dataset.count || 0);
  count.dataset.count = unseen;
  put(count, unseen);
  if (asked) put(asked, waiting);
  badge(unseen);
  if (unseen > before && !isQuiet && hasLooked) say(counted("forYou", unseen));
  hasLooked = true;
  if (came && came !== "call" && !isQuiet && unseen > before && !isInSight()) import("./sound.js").then(({ sound }) => sound(came));
}

function put(badge, number) {
  badge.firstElementChild.textContent = number > 99 ? "99+" : number;
  badge.hidden = number === 0;
}

async function ringing(calls, how) {
  isRinging = calls.length > 0;
  if (isRinging) look(WHILE_IT_RINGS_MS);
  const { showCalls } = await import("./calls.js");
  showCalls(calls, how);
}

// What is open on a visible page needs no sound.
const isInSight = () => document.visibilityState === "visible" && openConversation() && document.hasFocus();

// Something between teams has moved on: what is asked of the agent may be more or less.
export const lookAgain = () => look();

// The stream announces, with the kind that sounds; empty for none.
export function heard({ sounds }) {
  announced ||= sounds;
  look();
}

document.addEventListener("visibilitychange", () => document.hidden || look());
document.body.addEventListener("htmx:afterSettle", (event) => event.target.id === "conversation" && onceOneStays("unseen", look));
look();

if (document.getElementById("push-state")) import("./push.js");
