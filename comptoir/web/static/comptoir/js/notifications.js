// What the agent should hear of: the badge, the sound, and waking this browser.
import { badge } from "./application.js";
import { showCalls } from "./calls.js";
import { openConversation } from "./exchange.js";
import { sound } from "./sound.js";

const count = document.getElementById("unseen-count");
let asking = 0;

// Ask how much is new; several announcements at once ask once.
async function look(mayRing) {
  if (!count) return;
  clearTimeout(asking);
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(count.dataset.from, { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json(), mayRing);
    } catch {
      // The next announcement asks again.
    }
  }, 150);
}

function show({ count: unseen, is_quiet: isQuiet, calls = [] }, mayRing) {
  showCalls(calls);
  const before = Number(count.dataset.count || 0);
  count.dataset.count = unseen;
  count.firstElementChild.textContent = unseen > 99 ? "99+" : unseen;
  count.hidden = unseen === 0;
  badge(unseen);
  if (mayRing && !isQuiet && unseen > before) sound();
}

// The stream announces; what is open on a visible page needs no sound.
export function heard({ sounds }) {
  look(sounds && !(document.visibilityState === "visible" && openConversation() && document.hasFocus()));
}

document.addEventListener("visibilitychange", () => document.hidden || look(false));
document.body.addEventListener("htmx:afterSettle", (event) => event.target.id === "conversation" && look(false));
look(false);

// --- This browser, on the screen of choices ---

const state = document.getElementById("push-state");
const on = document.getElementById("push-on");
const off = document.getElementById("push-off");

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const post = (address, said) =>
  fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(said) });

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function tell(word, { canTurnOn = false, canTurnOff = false } = {}) {
  state.textContent = state.dataset[word];
  on.hidden = !canTurnOn;
  off.hidden = !canTurnOff;
}

async function describe() {
  if (!("PushManager" in window) || !navigator.serviceWorker) return tell("none");
  if (Notification.permission === "denied") return tell("denied");
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.getSubscription();
  return subscription ? tell("on", { canTurnOff: true }) : tell("off", { canTurnOn: true });
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return tell("denied");
  const registration = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(state.dataset.serverKey) };
  const subscription = await registration.pushManager.subscribe(options);
  const answer = await post(state.dataset.subscribe, subscription.toJSON());
  if (!answer.ok) await subscription.unsubscribe();
  return describe();
}

async function turnOff() {
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.getSubscription();
  if (subscription) {
    await post(state.dataset.unsubscribe, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  return describe();
}

if (state) {
  const failed = () => tell("failed", { canTurnOn: true });
  describe().catch(failed);
  on.addEventListener("click", () => turnOn().catch(failed));
  off.addEventListener("click", () => turnOff().catch(failed));
  document.getElementById("sound-try").addEventListener("click", () => sound());
}
