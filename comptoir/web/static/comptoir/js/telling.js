// What has come into the open exchange, and what became of one's replies, for whoever reads by ear.
import { say } from "./said.js";
import { counted, words } from "./words.js";

const LONGEST_CHARS = 300;
const LEAVING = new Set(["queued", "sending"]);
const ARRIVED = new Set(["sent", "delivered", "read"]);
let states = new Map(); // Of the replies that are shown, as the server said them last.
let acts = new Set(); // What was done here and has been told, or stood here before.

const name = () => document.getElementById("conversation-title")?.textContent.trim() ?? "";
const lineOf = (node) => [...node.querySelectorAll(".by .author, .by .word-note")].map((one) => one.textContent.trim()).join(", ");
const textOf = (node) => node.querySelector(".text")?.textContent.trim().replace(/\s+/g, " ").slice(0, LONGEST_CHARS) ?? "";

export function watchStates(nodes) {
  states = new Map([...nodes].filter((node) => node.dataset.state).map((node) => [node.id, node.dataset.state]));
}

export function watchActs(nodes) {
  acts = new Set([...nodes].map((node) => node.dataset.last).filter(Boolean));
}

// What somebody has just done here: taken it, tagged it, moved it. By eye it is a line of the exchange.
export function tellActs(nodes) {
  for (const { dataset } of nodes.filter((node) => node.dataset.last && !acts.has(node.dataset.last))) {
    acts.add(dataset.last);
    say(dataset.told);
  }
}

// A customer's message is read out; of several, how many. A colleague's answer is told, also to the composer, which
// warns, and says so itself, where a reply has been begun.
export function tell(nodes, pane) {
  const theirs = nodes.filter((node) => node.matches(".message.is-incoming"));
  if (theirs.length > 1) say(counted("new", theirs.length));
  else if (theirs.length) say(words("wrote").replace("{name}", name).replace("{words}", () => textOf(theirs[0])));
  for (const node of nodes.filter((one) => one.matches(".note"))) say(lineOf(node));
  for (const node of nodes.filter((one) => one.matches(".is-outgoing[data-by]"))) {
    if (node.dataset.by === pane.dataset.agent) continue;
    const detail = { name: node.dataset.byName, message: Number(node.id.replace("message-", "")) };
    const isQuiet = document.dispatchEvent(new CustomEvent("colleague-answered", { detail, cancelable: true }));
    if (isQuiet) say(words("colleagueWasFaster").replace("{name}", () => detail.name));
  }
}

// One's own reply has left, or has not.
export function tellStates(nodes, pane) {
  for (const node of nodes.filter((one) => one.dataset.state)) {
    const [before, { state, by }] = [states.get(node.id), node.dataset];
    states.set(node.id, state);
    if (!LEAVING.has(before) || by !== pane.dataset.agent) continue;
    if (ARRIVED.has(state)) say(words("wasSent"));
    else if (!LEAVING.has(state)) say(node.querySelector(".foot .trouble p")?.textContent.trim().replace(/\s+/g, " "));
  }
}
