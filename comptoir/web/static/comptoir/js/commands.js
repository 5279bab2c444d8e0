// The command bar (Ctrl/⌘ K): what can be done here, where one can go, whom one can find; by keyboard alone.
import { act } from "./keys.js";

const RECENT = "comptoir.recent";
const MOST_RECENT = 5;
const PAUSE_MS = 150;
const MENUS = ["assign-menu", "team-menu", "snooze-menu", "tag-menu", "macro-menu", "more-menu"];
const REACH = {
  reply: "#composer-form", note: "#composer-form", resolve: "#resolve, #reopen", assign: "#assign-menu",
  hand_off: "#hand-off", accept: "#accept-hand-off", refuse: "#refuse-menu", consult: "#consult",
  snooze: "#snooze-menu", tag: "#tag-menu, .tag-form", macro: "#macro-menu", follow: "#follow",
};

const dialog = document.getElementById("commands");
const text = document.getElementById("commands-text");
const list = document.getElementById("commands-list");
const source = document.getElementById("commands-all");
let options = []; // What can be done on this page, in order.
let found = [];
let asking = null;
let hasMoved = false; // By an arrow or the pointer: then what comes later leaves the mark where it is.
let timer = 0;

const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// How well what was typed fits: whole words first, then their beginnings, then its letters in this order.
function fit(label, typed) {
  const [where, wanted] = [plain(label), plain(typed.trim())];
  if (!wanted) return 1;
  const at = where.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return /\W/.test(where[at - 1]) ? 80 : 50;
  let [place, gaps] = [-1, 0];
  for (const letter of wanted.replace(/\s/g, "")) {
    const next = where.indexOf(letter, place + 1);
    if (next < 0) return 0;
    if (place >= 0) gaps += next - place - 1;
    place = next;
  }
  return gaps > wanted.length * 3 ? 0 : Math.max(1, 30 - gaps);
}

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function option(id, group, label, hint) {
  const box = document.createElement("div");
  box.setAttribute("role", "option");
  box.id = id;
  box.dataset.group = group;
  const name = document.createElement("span");
  name.textContent = label;
  box.append(name);
  if (hint) {
    const under = document.createElement("span");
    under.className = "meta";
    under.textContent = hint;
    box.prepend(under, " › ");
  }
  return box;
}

// Without what explains or counts it.
function nameOf(element) {
  const copy = element.cloneNode(true);
  for (const aside of copy.querySelectorAll(".meta, .count, kbd")) aside.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

// What the menus of the open conversation offer, each entry by its own name.
function fromMenus() {
  return MENUS.flatMap((id) => {
    const menu = document.getElementById(id);
    if (!menu) return [];
    const summary = menu.querySelector("summary");
    const title = menu.dataset.name ?? summary.getAttribute("aria-label") ?? nameOf(summary);
    return [...menu.querySelectorAll("button:not([disabled])")].map((button, at) => {
      const box = option(`menu-${id}-${at}`, "here", nameOf(button), title);
      box.press = () => button.click();
      return box;
    });
  });
}

function gather() {
  const all = [...source.content.children].map((one) => one.cloneNode(true));
  options = [...all.filter((one) => !one.dataset.keyAct || document.querySelector(REACH[one.dataset.keyAct])), ...fromMenus()];
}


function chosenNow(typed) {
  if (typed) {
    const fitting = options
      .map((one) => [fit(one.querySelector(":scope > span:not(.commands-keys):not(.meta)").textContent, typed), one])
      .filter(([worth]) => worth > 0)
      .sort((one, other) => other[0] - one[0])
      .slice(0, 8)
      .map(([, one]) => one);
    return [...fitting.filter((one) => one.id.startsWith("do-") || !one.id.startsWith("menu-") || fitting.length < 9), ...found, everywhere(typed)];
  }
  const known = recent();
  const first = known.map((id) => options.find((one) => one.id === id)).filter(Boolean);
  for (const one of first) one.dataset.lately = "true";
  return [...first, ...options.filter((one) => !first.includes(one) && !one.id.startsWith("menu-"))];
}

function everywhere(typed) {
  const box = option("search-everywhere", "found", source.dataset.everywhere.replace("{words}", typed));
  box.dataset.href = `${dialog.dataset.search}?q=${encodeURIComponent(typed)}`;
  return box;
}

function show() {
  const typed = text.value.trim();
  const marked = active()?.id;
  const shown = chosenNow(typed);
  list.replaceChildren();
  let [title, holder] = ["", null];
  for (const one of shown) {
    const group = !typed && one.dataset.lately ? "recent" : one.dataset.group;
    if (group !== title) {
      title = group;
      holder = document.createElement("div");
      holder.setAttribute("role", "group");
      holder.setAttribute("aria-label", source.dataset[group]);
      const heading = document.createElement("div");
      heading.className = "commands-group";
      heading.setAttribute("aria-hidden", "true");
      heading.textContent = source.dataset[group];
      holder.append(heading);
      list.append(holder);
    }
    holder.append(one);
  }
  mark((hasMoved && shown.find((one) => one.id === marked)) || shown[0]);
  document.getElementById("commands-said").textContent = [
    source.dataset.count.replace("{count}", shown.length),
    nameOf(active() ?? list), // What Enter would do now.
  ].join(", ");
}

const shownOptions = () => [...list.querySelectorAll('[role="option"]')];
const active = () => list.querySelector('[aria-selected="true"]');

function mark(one) {
  for (const other of shownOptions()) other.setAttribute("aria-selected", String(other === one));
  if (!one) return;
  text.setAttribute("aria-activedescendant", one.id);
  one.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = shownOptions();
  if (all.length) mark(all[(all.indexOf(active()) + by + all.length) % all.length]);
}

function run(one) {
  if (!one) return;
  if (/^(do|go|show|look|speak)-/.test(one.id)) {
    localStorage.setItem(RECENT, JSON.stringify([one.id, ...recent().filter((id) => id !== one.id)].slice(0, MOST_RECENT)));
  }
  const { href, keyAct, look, dialog: other } = one.dataset;
  dialog.close();
  if (one.press) one.press();
  else if (keyAct) act(keyAct);
  else if (look) chooseLook(look);
  else if (other) document.getElementById(other).showModal();
  else if (href) location.assign(href);
}

function chooseLook(look) {
  const form = document.getElementById("commands-look");
  const [name, value] = look.split("=");
  form.elements[name].disabled = false;
  form.elements[name].value = value;
  form.elements.next.value = location.pathname + location.search;
  form.submit();
}

// People and conversations come a moment later; what was asked before is given up.
function ask() {
  clearTimeout(timer);
  asking?.abort();
  const typed = text.value.trim();
  if (typed.length < 2) {
    found = [];
    return;
  }
  timer = setTimeout(async () => {
    const mine = (asking = new AbortController());
    try {
      const response = await fetch(`${dialog.dataset.finds}?q=${encodeURIComponent(typed)}`, {
        headers: { "HX-Request": "true" },
        credentials: "same-origin",
        signal: mine.signal,
      });
      if (!response.ok || text.value.trim() !== typed) return;
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      found = [...holder.content.children];
      show();
    } catch {
      // Given up, or the network is gone: what this page can do stays.
    }
  }, PAUSE_MS);
}

// What was typed before this was here counts, Enter too.
export function begin(isChosen) {
  gather();
  found = [];
  hasMoved = false;
  show();
  ask();
  if (isChosen) run(active());
}

if (dialog) {
  text.addEventListener("input", () => {
    found = [];
    hasMoved = false;
    show();
    ask();
  });
  text.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key]) {
      event.preventDefault();
      hasMoved = true;
      step(steps[event.key]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(active());
    }
  });
  list.addEventListener("click", (event) => run(event.target.closest('[role="option"]')));
  list.addEventListener("mousemove", (event) => {
    const one = event.target.closest('[role="option"]');
    if (one && one !== active()) mark(one);
  });
  dialog.addEventListener("close", () => asking?.abort());
}
