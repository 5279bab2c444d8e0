// Where one writes: the text, its files and, when nobody is at the counter, an address to answer to.
import { element, icon } from "./elements.js";

const COUNTED_FROM = 500;
const LINES_HIGH_PX = 168;

export class Composer {
  #words;
  #limits;
  #exchange;
  #keeping;
  #files = [];
  #text;
  #left;
  #chips = element("ul", { class: "chips" });
  #wrong = element("p", { class: "wrong", role: "alert" });
  #picker;
  #address;
  #name;
  #email;

  constructor({ words, counter, exchange, keeping }) {
    [this.#words, this.#limits, this.#exchange, this.#keeping] = [words, counter.limits, exchange, keeping];
    this.#makeText();
    this.#makeAddress();
    this.#picker = element("input", { type: "file", multiple: true, hidden: true, accept: this.#limits.file_types.join() });
    this.#picker.addEventListener("change", () => this.#add([...this.#picker.files]));
    const attach = element(
      "button",
      { type: "button", class: "round", "aria-label": words.attach, title: words.attach, onclick: () => this.#picker.click() },
      icon("clip"),
    );
    const send = element("button", { type: "submit", class: "send", "aria-label": words.send, title: words.send }, icon("send"));
    const line = element("div", { class: "line" }, attach, this.#picker, this.#label(words.message, this.#text), send);
    this.element = element("form", { class: "composer", novalidate: true }, this.#address, this.#chips, line, this.#left, this.#wrong);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  focus() {
    this.#text.focus();
  }

  show() {
    this.#address.hidden = !this.#exchange.needsAddress;
  }

  #makeText() {
    const begun = this.#keeping.get("begun") ?? "";
    this.#text = element("textarea", { rows: 1, placeholder: this.#words.placeholder, maxlength: this.#limits.max_text_chars });
    this.#text.value = begun;
    this.#left = element("p", { class: "left", "aria-live": "polite" });
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("paste", (event) => event.clipboardData?.files.length && this.#add([...event.clipboardData.files]));
    this.#text.addEventListener("keydown", (event) => {
      const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
      if (!sends) return;
      event.preventDefault();
      this.#send();
    });
  }

  #makeAddress() {
    this.#name = element("input", { type: "text", name: "name", autocomplete: "name", maxlength: 120 });
    this.#email = element("input", { type: "email", name: "email", autocomplete: "email", maxlength: 254, required: true });
    this.#name.value = this.#keeping.get("name") ?? "";
    this.#address = element(
      "div",
      { class: "address", hidden: true },
      element("label", {}, element("span", {}, this.#words.name), this.#name),
      element("label", {}, element("span", {}, this.#words.email), this.#email),
    );
  }

  #label(words, field) {
    return element("label", { class: "grow" }, element("span", { class: "unseen" }, words), field);
  }

  #typed() {
    this.#fit();
    this.#keeping.set("begun", this.#text.value);
    if (this.#text.value.trim()) this.#exchange.noteTyping();
  }

  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight + 2, LINES_HIGH_PX)}px`;
    const left = this.#limits.max_text_chars - this.#text.value.length;
    this.#left.textContent = left <= COUNTED_FROM ? this.#words.left(left) : "";
  }

  #add(files) {
    this.#picker.value = "";
    const isWrong = (file) => !this.#limits.file_types.includes(file.type);
    const all = [...this.#files, ...files.filter((file) => !isWrong(file))];
    const bytes = all.reduce((sum, file) => sum + file.size, 0);
    const tooMany = all.length > this.#limits.max_files || bytes > this.#limits.max_file_bytes;
    this.#wrong.textContent = tooMany ? this.#words.tooMany : files.some(isWrong) ? this.#words.wrongType : "";
    if (!tooMany) this.#files = all;
    this.#showChips();
    this.focus();
  }

  #showChips() {
    const chips = this.#files.map((file) => {
      const remove = element("button", { type: "button", "aria-label": this.#words.detach(file.name) }, icon("close"));
      remove.addEventListener("click", () => {
        this.#files = this.#files.filter((one) => one !== file);
        this.#showChips();
        this.focus();
      });
      return element("li", {}, element("span", {}, file.name), remove);
    });
    this.#chips.replaceChildren(...chips);
  }

  #send() {
    const text = this.#text.value.trim();
    if (!text && !this.#files.length) return this.focus();
    const about = {};
    if (this.#exchange.needsAddress) {
      if (!this.#email.value.trim() || !this.#email.checkValidity()) return this.#askAgain();
      about.email = this.#email.value.trim();
      about.name = this.#name.value.trim() || undefined;
      if (about.name) this.#keeping.set("name", about.name);
    }
    this.#email.removeAttribute("aria-invalid");
    this.#wrong.textContent = "";
    this.#exchange.say(text, this.#files, about);
    this.#files = [];
    this.#showChips();
    this.#text.value = "";
    this.#keeping.drop("begun");
    this.#fit();
    this.focus();
  }

  #askAgain() {
    this.#email.setAttribute("aria-invalid", "true");
    this.#wrong.textContent = this.#email.value.trim() || this.#email.validity.badInput ? this.#words.emailWrong : this.#words.emailMissing;
    this.#email.focus();
  }
}
