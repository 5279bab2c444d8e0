// The line to the counter: plain requests, no cookies.

const PATIENCE_MS = 20_000;
const PATIENCE_FOR_FILES_MS = 120_000;

export class LineError extends Error {
  constructor(status, problem, retryAfterS) {
    super(problem?.detail ?? `the counter answered ${status}`);
    this.status = status;
    this.code = problem?.code ?? "";
    this.retryAfterS = retryAfterS;
  }

  // Whether the same request may be accepted later.
  get mayPass() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export class Line {
  #base;
  #keeping;
  #identity;
  #tag = "";

  constructor(base, key, keeping, identity) {
    this.#base = `${base}/chat/${encodeURIComponent(key)}`;
    this.#keeping = keeping;
    this.#identity = identity;
  }

  get isSignedIn() {
    return this.#identity !== null;
  }

  async counter() {
    return (await this.#ask("", {}, false)).json();
  }

  // The exchange so far, or null while nothing changed.
  async messages() {
    const response = await this.#ask("/messages", { headers: this.#tag ? { "If-None-Match": this.#tag } : {} });
    if (response.status === 304) return null;
    this.#tag = response.headers.get("ETag") ?? "";
    return response.json();
  }

  async earlier(before) {
    return (await this.#ask(`/messages?before=${encodeURIComponent(before)}`)).json();
  }

  // Says whose this browser's exchange is, by the link that they were sent.
  async join(token) {
    const headers = { "Content-Type": "application/json" };
    await this.#ask("/join", { method: "POST", body: JSON.stringify({ token }), headers });
  }

  async post(post) {
    const body = JSON.stringify({ ...post, clock: Date.now() });
    await this.#ask("/events", { method: "POST", body, headers: { "Content-Type": "application/json" } });
  }

  async postWithFiles(post, files) {
    const form = new FormData();
    form.append("post", JSON.stringify({ ...post, clock: Date.now() }));
    for (const file of files) form.append("file", file, file.name);
    await this.#ask("/files", { method: "POST", body: form }, true, PATIENCE_FOR_FILES_MS);
  }

  async typing() {
    await this.#ask("/typing", { method: "POST" });
  }

  async file(id) {
    return (await this.#ask(`/files/${id}`, {}, true, PATIENCE_FOR_FILES_MS)).blob();
  }

  forgetTag() {
    this.#tag = "";
  }

  async #ask(path, request = {}, asVisitor = true, patienceMs = PATIENCE_MS) {
    const headers = { ...request.headers };
    if (asVisitor) headers.Authorization = `Bearer ${this.#keeping.token}`;
    if (asVisitor && this.#identity) headers["X-Comptoir-Identity"] = this.#identity;
    const signal = AbortSignal.timeout(patienceMs);
    let response;
    try {
      response = await fetch(this.#base + path, { ...request, headers, signal, credentials: "omit", cache: "no-store" });
    } catch {
      throw new LineError(0, null, 0);
    }
    if (response.ok || response.status === 304) return response;
    const problem = await response.json().catch(() => null);
    throw new LineError(response.status, problem, Number(response.headers.get("Retry-After")) || 0);
  }
}
