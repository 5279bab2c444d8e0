// On the screen of choices: whether this browser is woken, and what each kind sounds like.
import { sound } from "./sound.js";

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

const failed = () => tell("failed", { canTurnOn: true });
describe().catch(failed);
on.addEventListener("click", () => turnOn().catch(failed));
off.addEventListener("click", () => turnOff().catch(failed));
for (const one of document.querySelectorAll("[data-sound]")) one.addEventListener("click", () => sound(one.dataset.sound));
