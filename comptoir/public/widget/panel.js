// The button in the corner and the window it opens: a dialog that keeps the focus while open and gives it back.
import { Composer } from "./composer.js";
import { element, icon } from "./elements.js";
import { Log } from "./log.js";

const FOCUSABLE = "button:not([disabled]):not([hidden]), a[href], textarea, input:not([hidden]), [tabindex='0']";

export class Panel {
  #root;
  #words;
  #counter;
  #exchange;
  #log;
  #composer;
  #launcher;
  #hasLauncher = true;
  #opener = null; // What has the focus back once it is closed.
  #badge = element("span", { class: "badge", hidden: true, "aria-hidden": "true" });
  #dialog;
  #notice = element("p", { class: "notice", role: "status" });
  #typing;
  #greeting;
  #status = element("p", { class: "status" });
  #scrolled = "";

  constructor(root, { words, counter, exchange, keeping }) {
    [this.#root, this.#words, this.#counter, this.#exchange] = [root, words, counter, exchange];
    this.#log = new Log(words, exchange);
    this.#composer = new Composer({ words, counter, exchange, keeping });
    this.#launcher = element(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.open() },
      icon("bell"),
      this.#badge,
    );
    this.#typing = element("p", { class: "typing", hidden: true }, words.typing);
    this.#greeting = element("p", { class: "greeting", dir: "auto" }, counter.greeting || words.greeting);
    this.#dialog = this.#makeDialog();
    root.append(this.#launcher, this.#dialog);
    exchange.addEventListener("change", () => this.#show());
    root.addEventListener("keydown", (event) => this.#key(event));
    this.#show();
  }

  get isOpen() {
    return !this.#dialog.hidden;
  }

  // For a page that opens it by a button of its own.
  hideLauncher() {
    this.#hasLauncher = false;
    this.#launcher.hidden = true;
  }

  open() {
    if (this.isOpen) return;
    this.#opener = this.#hasLauncher ? this.#launcher : document.activeElement;
    this.#dialog.hidden = false;
    this.#launcher.hidden = true;
    this.#launcher.setAttribute("aria-expanded", "true");
    if (matchMedia("(max-width: 30rem)").matches) {
      this.#scrolled = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    }
    this.#exchange.attend(true);
    this.#log.toEnd();
    this.#composer.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.#dialog.hidden = true;
    this.#launcher.hidden = !this.#hasLauncher;
    this.#launcher.setAttribute("aria-expanded", "false");
    document.documentElement.style.overflow = this.#scrolled;
    this.#exchange.attend(false);
    this.#opener?.focus();
  }

  #makeDialog() {
    const close = element(
      "button",
      { type: "button", class: "round", "aria-label": this.#words.close, title: this.#words.close, onclick: () => this.close() },
      icon("close"),
    );
    const title = element("div", {}, element("h2", { id: "title" }, this.#counter.name), this.#status);
    return element(
      "section",
      { class: "panel", role: "dialog", "aria-modal": "true", "aria-labelledby": "title", hidden: true },
      element("header", {}, title, close),
      this.#notice,
      this.#greeting,
      this.#log.element,
      this.#typing,
      this.#composer.element,
    );
  }

  #show() {
    const { messages, unread, isTyping } = this.#exchange;
    this.#greeting.hidden = messages.length > 0;
    this.#log.show(messages);
    this.#typing.hidden = !isTyping;
    this.#composer.show();
    this.#status.textContent = this.#exchange.isOpenCounter ? this.#words.open : this.#words.closed;
    this.#status.classList.toggle("is-open", this.#exchange.isOpenCounter);
    this.#setNotice(this.#noticed());
    this.#badge.hidden = !unread;
    this.#badge.textContent = unread > 9 ? "9+" : String(unread);
    this.#launcher.setAttribute("aria-label", unread ? this.#words.launcherUnread(unread) : this.#words.launcher);
  }

  // Set only when it changes, since it is read out each time.
  #setNotice(text) {
    if (this.#notice.textContent !== text) this.#notice.textContent = text;
    this.#notice.hidden = !text;
  }

  #noticed() {
    if (this.#exchange.isCutOff || !navigator.onLine) return this.#words.cutOff;
    if (this.#exchange.isOpenCounter) return "";
    const at = this.#exchange.nextOpeningAt;
    const reopens = at ? `${this.#words.reopens(this.#words.opening(new Date(at)))} ` : "";
    return reopens + (this.#exchange.needsAddress ? this.#words.leave : this.#words.leaveKnown);
  }

  #key(event) {
    if (!this.isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") this.#keepFocus(event);
  }

  #keepFocus(event) {
    const stops = [...this.#dialog.querySelectorAll(FOCUSABLE)].filter((one) => one.getClientRects().length);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.#root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
}
