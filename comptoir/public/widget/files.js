// Files beside messages. Pictures are drawn on a canvas: a host's policy need not allow any picture of ours.
import { element } from "./elements.js";

const LARGEST_SHOWN_BYTES = 5_000_000;
const WIDEST_PX = 260;
const HIGHEST_PX = 200;
const drawn = new Map();

export function filesOf(message, words, exchange) {
  return (message.files ?? []).map((file) => {
    if (file.state === "sending") return element("p", { class: "file" }, file.name);
    if (file.state === "pending") return element("p", { class: "file" }, words.filePending(file.name));
    if (file.state !== "stored") return element("p", { class: "file" }, words.fileRefused(file.name));
    return stored(file, words, exchange);
  });
}

function stored(file, words, exchange) {
  const label = words.download(file.name, file.size_bytes ? words.size(file.size_bytes) : "");
  const button = element("button", { type: "button", class: "file" }, label);
  button.addEventListener("click", () => download(file, button, words, exchange));
  if (!file.mime_type.startsWith("image/") || file.size_bytes > LARGEST_SHOWN_BYTES) return button;
  return element("div", { class: "picture" }, thumbnail(file, words, exchange), button);
}

function thumbnail(file, words, exchange) {
  if (drawn.has(file.id)) return drawn.get(file.id);
  const canvas = element("canvas", { role: "img", "aria-label": words.image(file.name), width: 1, height: 1 });
  drawn.set(file.id, canvas);
  exchange
    .file(file.id)
    .then((blob) => createImageBitmap(blob))
    .then((picture) => {
      const scale = Math.min(1, WIDEST_PX / picture.width, HIGHEST_PX / picture.height);
      const sharpness = Math.min(2, 1 / scale);
      canvas.width = Math.round(picture.width * scale * sharpness);
      canvas.height = Math.round(picture.height * scale * sharpness);
      canvas.style.width = `${Math.round(picture.width * scale)}px`;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
    })
    .catch(() => {
      canvas.remove();
      drawn.delete(file.id);
    });
  return canvas;
}

async function download(file, button, words, exchange) {
  button.disabled = true;
  try {
    const address = URL.createObjectURL(await exchange.file(file.id));
    element("a", { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch {
    button.after(element("p", { class: "wrong", role: "alert" }, words.fileGone));
  } finally {
    button.disabled = false;
  }
}
