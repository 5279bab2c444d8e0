// What happens is said to whoever does not see it, each thing once, in the page's one region for it.
const GATHER_MS = 120; // What happens together is one sentence after the other; an empty region makes room for the same words.
const waiting = [];
let timer = 0;

export function say(text) {
  if (!text) return;
  waiting.push(text);
  const region = document.getElementById("said");
  if (!region || timer) return;
  region.textContent = "";
  timer = setTimeout(() => {
    timer = 0;
    region.textContent = waiting.splice(0).join(" ");
  }, GATHER_MS);
}
