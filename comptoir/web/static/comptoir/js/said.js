// What happens is said to whoever does not see it, each thing once, in the page's one region for it.
const GATHER_MS = 120; // What happens together is one sentence after the other; an empty region makes room for the same words.
const LONGEST_MOVE_MS = 5000;
const waiting = [];
let timer = 0;
let moves = 0; // Under way: where the focus goes elsewhere, screen readers drop what was said just before.

export function say(text) {
  if (!text) return;
  waiting.push(text);
  speakSoon();
}

function speakSoon() {
  const region = document.getElementById("said");
  if (!region || timer || moves || !waiting.length) return;
  region.textContent = "";
  timer = setTimeout(() => {
    timer = 0;
    region.textContent = waiting.splice(0).map(ended).join(" ");
  }, GATHER_MS);
}

// Where another sentence follows, it is heard where the one before it ends.
const ended = (text, place, all) => (place === all.length - 1 || /[.!?…]$/.test(text) ? text : `${text}.`);

// What is said from here on waits until one has arrived there.
export function sayAfter(moved) {
  moves += 1;
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MOVE_MS));
  Promise.race([moved, late]).then(() => {
    moves -= 1;
    speakSoon();
  });
}

// What comes as the answer to a question is heard by no screen reader by itself: it is said, as is what a part has done.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  for (const one of target.querySelectorAll("[data-say]")) say(one.textContent.trim().replace(/\s+/g, " "));
});
document.addEventListener("said", ({ detail }) => say(detail.words));
