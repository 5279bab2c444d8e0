// The messages, one row each, kept by id: a row that did not change is not touched, so nothing is read out twice.
import { element, icon, linked } from "./elements.js";
import { filesOf } from "./files.js";

const RUN_LASTS_MS = 10 * 60_000;
const NEAR_THE_END_PX = 80;

export class Log {
  #words;
  #exchange;
  #rows = new Map();
  #list = element("ol", { class: "rows" });
  #fresh = 0;
  #follows = true;
  #lastTop = 0;
  #pill;
  #earlier;

  constructor(words, exchange) {
    this.#words = words;
    this.#exchange = exchange;
    this.#earlier = element(
      "button",
      { type: "button", class: "earlier", hidden: true, onclick: () => this.#loadEarlier() },
      words.earlier,
    );
    this.scroller = element("div", { class: "scroller", tabindex: "0", role: "log", "aria-label": words.log });
    this.scroller.append(this.#earlier, this.#list);
    this.scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    const sizes = new ResizeObserver(() => this.#follows && this.toEnd());
    sizes.observe(this.scroller);
    sizes.observe(this.#list);
    this.#pill = element("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toEnd() });
    this.element = element("div", { class: "log" }, this.scroller, this.#pill);
  }

  show(messages) {
    const wanted = new Set(messages.map((message) => message.id));
    for (const [id, row] of this.#rows) if (!wanted.has(id)) this.#remove(id, row);
    let added = 0;
    let isOwn = false;
    messages.forEach((message, at) => {
      const isNew = this.#place(message, messages[at - 1], messages[at + 1], at);
      if (!isNew) return;
      if (message.from === "counter") added += 1;
      else isOwn ||= message.state === "sending";
    });
    this.#earlier.hidden = !this.#exchange.earlierCursor;
    if (this.#follows || isOwn) this.toEnd();
    else if (added) this.#showFresh(this.#fresh + added);
  }

  toEnd() {
    this.#follows = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#showFresh(0);
  }

  #place(message, previous, next, at) {
    const begins = !previous || !isSameRun(previous, message);
    const ends = !next || next.from !== message.from;
    const looks = JSON.stringify([message, begins, ends]);
    const present = this.#rows.get(message.id);
    if (present?.looks !== looks) {
      const row = this.#row(message, begins, ends);
      if (present) present.row.replaceWith(row);
      this.#rows.set(message.id, { row, looks });
    }
    const { row } = this.#rows.get(message.id);
    if (this.#list.children[at] !== row) this.#list.insertBefore(row, this.#list.children[at] ?? null);
    return !present;
  }

  #row(message, begins, ends) {
    const row = element("li", { class: `row ${message.from}`, "data-state": message.state });
    if (begins) row.append(this.#heading(message));
    else row.append(element("span", { class: "unseen" }, `${this.#author(message)}, ${this.#time(message)}`));
    const said = element("div", { class: "said" });
    if (message.text) said.append(element("p", { class: "text", dir: "auto" }, ...linked(message.text)));
    said.append(...filesOf(message, this.#words, this.#exchange));
    row.append(said);
    if (message.from === "visitor" && (ends || message.state === "failed")) row.append(this.#state(message));
    return row;
  }

  #heading(message) {
    const about = [this.#time(message)];
    if (message.is_automatic) about.push(this.#words.automatic);
    if (message.is_edited) about.push(this.#words.edited);
    const time = element("time", { datetime: message.sent_at }, about.join(", "));
    return element("div", { class: "heading" }, element("strong", {}, this.#author(message)), " ", time);
  }

  #author(message) {
    return message.from === "visitor" ? this.#words.you : message.author || this.#words.us;
  }

  #time(message) {
    return this.#words.time(new Date(message.sent_at));
  }

  #state(message) {
    const line = element("div", { class: "state" }, this.#words[message.state] ?? "");
    if (message.state !== "failed") return line;
    const reason = this.#words.reasons[message.reason] ?? this.#words.reasons.refused;
    const discard = element(
      "button",
      { type: "button", class: "plain", onclick: () => this.#exchange.discard(message.id) },
      this.#words.discard,
    );
    line.append(" ", element("span", {}, reason), discard);
    return line;
  }

  #remove(id, { row }) {
    row.remove();
    this.#rows.delete(id);
  }

  #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  // Who has scrolled up to read is not moved; at the end, new words and loaded pictures stay in view. Only a movement
  // upwards is a person's: content that grows leaves the end behind without one.
  #noteScroll() {
    const { scrollTop } = this.scroller;
    if (this.#isAtEnd()) this.#follows = true;
    else if (scrollTop < this.#lastTop - 1) this.#follows = false;
    this.#lastTop = scrollTop;
    if (this.#follows) this.#showFresh(0);
  }

  #showFresh(count) {
    this.#fresh = count;
    this.#pill.hidden = count === 0;
    this.#pill.replaceChildren(...(count ? [icon("down"), this.#words.fresh(count)] : []));
  }

  async #loadEarlier() {
    const before = this.scroller.scrollHeight;
    this.#earlier.disabled = true;
    try {
      await this.#exchange.loadEarlier();
      this.scroller.scrollTop += this.scroller.scrollHeight - before;
    } catch {
      // The button stays; pressing it asks again.
    } finally {
      this.#earlier.disabled = false;
    }
  }
}

function isSameRun(one, other) {
  const apart = new Date(other.sent_at) - new Date(one.sent_at);
  return one.from === other.from && one.author === other.author && apart < RUN_LASTS_MS && !other.is_automatic;
}
