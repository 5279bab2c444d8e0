// Pictures large, documents and original layouts, all within the page and by keyboard too.
import { counted, words } from "./words.js";

let dialog = null;
let pictures = [];
let index = 0;

function button(act, text, label) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "button quiet";
  one.dataset.viewer = act;
  one.textContent = text;
  one.setAttribute("aria-label", label);
  return one;
}

function opened() {
  if (dialog) return dialog;
  dialog = document.createElement("dialog");
  dialog.className = "viewer";
  const bar = document.createElement("div");
  bar.className = "viewer-bar";
  const name = document.createElement("p");
  name.id = "viewer-name";
  dialog.setAttribute("aria-labelledby", "viewer-name");
  const link = Object.assign(document.createElement("a"), { className: "link", target: "_blank", rel: "noopener" });
  link.textContent = words("newTab");
  const close = button("close", "×", words("close"));
  bar.append(name, button("previous", "‹", words("previous")), button("next", "›", words("next")), link, close);
  const stage = document.createElement("div");
  stage.className = "viewer-stage";
  dialog.append(bar, stage);
  dialog.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-viewer]")?.dataset.viewer;
    if (act === "close" || target === dialog || target === stage) dialog.close();
    if (act === "previous") turn(-1);
    if (act === "next") turn(1);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  });
  dialog.addEventListener("close", () => stage.replaceChildren());
  document.body.append(dialog);
  return dialog;
}

function put(thing, name, address) {
  opened().querySelector(".viewer-stage").replaceChildren(thing);
  dialog.querySelector("#viewer-name").textContent = name;
  dialog.querySelector("a").href = address;
  for (const one of dialog.querySelectorAll("[data-viewer=previous], [data-viewer=next]")) one.hidden = pictures.length < 2;
  if (!dialog.open) dialog.showModal();
}

function turn(step) {
  if (pictures.length < 2) return;
  index = (index + step + pictures.length) % pictures.length;
  picture();
}

function picture() {
  const link = pictures[index];
  const { alt } = link.querySelector("img");
  const large = Object.assign(document.createElement("img"), { src: link.href, alt });
  const counter = pictures.length > 1 ? ` (${index + 1}/${pictures.length})` : "";
  put(large, `${alt}${counter}`, link.href);
}

// Its type is set by our own server from its bytes: a browser shows it as a document and as nothing else.
function documentOf(link) {
  pictures = [];
  const frame = Object.assign(document.createElement("iframe"), { src: link.href, title: link.dataset.name });
  put(frame, link.dataset.name, link.href);
}

async function toggleOriginal(link) {
  const item = link.closest(".item");
  const shown = item.querySelector(".original");
  link.setAttribute("aria-expanded", String(!shown));
  if (shown) {
    shown.remove();
    return;
  }
  const box = document.createElement("div");
  box.className = "original";
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
  frame.title = words("original");
  frame.src = link.href;
  box.append(frame);
  item.append(box);
  const answer = await fetch(link.href, { method: "HEAD", credentials: "same-origin" }).catch(() => null);
  const left = Number(answer?.headers.get("X-Pictures-Left-Out") ?? 0);
  if (left && box.isConnected) offerPictures(box, frame, link.href, left);
}

// Off by default, asked for each time: a picture fetched from elsewhere tells its owner who reads, when and where.
function offerPictures(box, frame, address, count) {
  const line = document.createElement("p");
  line.className = "original-pictures";
  line.textContent = counted("pictures", count);
  const show = Object.assign(document.createElement("button"), { type: "button", className: "button small" });
  show.textContent = words("showPictures");
  show.addEventListener("click", () => {
    frame.src = `${address}?pictures`;
    line.remove();
    frame.focus();
  });
  line.append(" ", show);
  box.prepend(line);
}

export function view(link) {
  const { act } = link.dataset;
  if (act === "original") toggleOriginal(link);
  if (act === "document") documentOf(link);
  if (act === "view") {
    pictures = [...link.closest(".attachments").querySelectorAll("a[data-act=view]")];
    index = pictures.indexOf(link);
    picture();
  }
}
