// The script only makes smoother what works without it: every form posts, every list pages and every agenda can be
// reordered with buttons when this file never arrives. It sets no style attributes, which the policy forbids.

const GONE = "u bent niet meer ingelogd. Open een tweede tabblad, log daar in en probeer het hier opnieuw.";
const OFFLINE = "er is geen verbinding. Controleer uw internet en probeer het opnieuw.";

// An answer of our own that says why it went wrong, in words for on the page.
class Refused extends Error {}

async function post(address, fields, accept) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: accept, "X-Fragment": "1" },
    });
  } catch {
    throw new Refused(OFFLINE);
  }
  if (answer.status === 401 || answer.redirected) throw new Refused(GONE);
  if (answer.status === 403) throw new Refused("u mag dit niet.");
  if (answer.status === 409) throw new Refused("iemand anders heeft dit intussen gewijzigd. Ververs de pagina.");
  if (!answer.ok) throw new Refused("er ging iets mis. Ververs de pagina en probeer het opnieuw.");
  return answer;
}

function make(tag, properties, ...children) {
  const { attributes = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// ---- A text with marks: a toolbar above it, a preview below it

class Opmaak extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    if (!this.area || this.querySelector(".tools")) return;
    const label = this.area.labels[0]?.firstChild?.textContent.trim() || "de tekst";
    const tool = (text, act, controls = this.area.id) => make("button", { type: "button", className: "button",
      textContent: text, onclick: act, attributes: { "aria-controls": controls } });
    this.region = make("div", { className: "preview prose", hidden: true, id: this.area.id + "-voorbeeld", tabIndex: 0,
      attributes: { role: "region", "aria-label": `Voorbeeld van ${label}`, "aria-live": "polite" } });
    this.toggle = tool("Voorbeeld", () => this.preview(), this.region.id);
    this.toggle.setAttribute("aria-expanded", "false");
    const tools = make("div", { className: "tools", attributes: { role: "group", "aria-label": `Opmaak van ${label}` } },
      tool("Vet", () => this.around("**", "**", "vette tekst")),
      tool("Cursief", () => this.around("*", "*", "cursieve tekst")),
      tool("Lijst", () => this.lines(() => "- ", /^- /)),
      tool("Genummerde lijst", () => this.lines((i) => `${i + 1}. `, /^\d+\. /)),
      tool("Tussenkop", () => this.lines(() => "## ", /^#+ /)),
      tool("Link", () => this.link()),
      this.toggle);
    this.prepend(tools);
    this.append(this.region);
  }

  // execCommand is old, but the only way to change a text area that the browser's own undo can take back.
  replace(start, end, text, from, to) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, start, end);
      this.area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    this.area.setSelectionRange(start + from, start + to);
  }

  around(before, after, example) {
    const { selectionStart: start, selectionEnd: end, value } = this.area;
    const chosen = value.slice(start, end) || example;
    this.replace(start, end, before + chosen + after, before.length, before.length + chosen.length);
  }

  link() {
    const { selectionStart: start, selectionEnd: end, value } = this.area;
    const chosen = value.slice(start, end) || "tekst van de link";
    const text = `[${chosen}](https://)`;
    this.replace(start, end, text, text.length - 1, text.length - 1); // where the address goes
  }

  // Puts a mark before every line of the selection, or takes it away when all have it.
  lines(mark, pattern) {
    const { selectionStart, selectionEnd, value } = this.area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const next = value.indexOf("\n", selectionEnd);
    const end = next < 0 ? value.length : next;
    const old = value.slice(start, end).split("\n");
    const marked = old.every((line) => pattern.test(line));
    let text = old.map((line, i) => (marked ? line.replace(pattern, "") : mark(i) + line)).join("\n");
    // A list or heading right under a paragraph would become part of it.
    if (!marked && start > 1 && value[start - 2] !== "\n") text = "\n" + text;
    this.replace(start, end, text, text.length, text.length);
  }

  async preview() {
    const opens = this.region.hidden;
    this.toggle.setAttribute("aria-expanded", String(opens));
    this.region.hidden = !opens;
    if (!opens) return;
    this.region.setAttribute("aria-busy", "true");
    try {
      const answer = await post(this.dataset.voorbeeld, { text: this.area.value }, "text/html");
      this.region.innerHTML = await answer.text(); // made by the server's sanitiser
      if (!this.region.textContent.trim()) this.region.textContent = "Er staat nog geen tekst.";
    } catch (err) {
      this.region.replaceChildren(make("p", { textContent: "Het voorbeeld is niet gelukt: " + said(err) }));
    }
    this.region.removeAttribute("aria-busy");
  }
}
customElements.define("opmaak-veld", Opmaak);

function said(err) {
  if (err instanceof Refused) return err.message;
  console.error(err);
  return "er ging iets mis. Ververs de pagina en probeer het opnieuw.";
}

// ---- Reordering an agenda: by dragging the handle, or with the arrow keys on it

class Agenda {
  constructor(list) {
    this.list = list;
    this.told = make("div", { attributes: { role: "status" } });
    list.before(this.told);
    for (const item of this.items()) {
      let handle = item.querySelector(":scope > .handle");
      if (!handle && !item.querySelector("form, .acts")) continue; // shown to someone who may not touch it
      if (!handle) {
        const name = item.querySelector(".no")?.textContent.trim() || "dit punt";
        handle = make("button", { type: "button", className: "handle", textContent: "⠿", attributes: { "aria-label": `Verplaats ${name}` } });
        item.prepend(handle);
      }
      handle.hidden = false;
      handle.addEventListener("pointerdown", (e) => this.grab(e, item, handle));
      handle.addEventListener("keydown", (e) => this.key(e, item, handle));
    }
    this.kept = this.order();
    this.saving = Promise.resolve();
    this.refusals = 0;
  }

  items() { return this.list.querySelectorAll(":scope > li[data-punt]"); }

  order() { return [...this.list.children]; }

  // The item or part next to it; what stands between ("no items yet") goes along, and the close of the meeting stays last.
  beside(item, way) {
    let other = item[way];
    while (other && !other.matches("[data-punt], [data-deel]")) other = other[way];
    return other;
  }

  // The item itself never leaves the page while it moves, its neighbours do: so focus and a pointer's hold stay with it.
  up(item) {
    const before = this.beside(item, "previousElementSibling");
    const first = before?.matches("[data-deel]") && !this.beside(before, "previousElementSibling");
    if (!before || first) return false; // nothing stands above the first part
    const order = this.order();
    item.after(...order.slice(order.indexOf(before), order.indexOf(item)));
    return true;
  }

  down(item) {
    const after = this.beside(item, "nextElementSibling");
    if (!after) return false;
    const order = this.order();
    item.before(...order.slice(order.indexOf(item) + 1, order.indexOf(after) + 1));
    return true;
  }

  key(e, item, handle) {
    const move = { ArrowUp: this.up, ArrowDown: this.down }[e.key];
    if (!move) return;
    e.preventDefault();
    if (!move.call(this, item)) return;
    handle.scrollIntoView({ block: "nearest" });
    this.save(item);
  }

  grab(e, item, handle) {
    if (e.button !== 0 || !e.isPrimary) return;
    e.preventDefault(); // no text selection
    handle.focus({ preventScroll: true });
    const before = this.order();
    let y = e.clientY, frame = 0;
    const stop = new AbortController();
    const on = (type, act) => handle.addEventListener(type, act, { signal: stop.signal });
    handle.setPointerCapture(e.pointerId);
    item.classList.add("dragging");
    // One step per frame: near the edge of the screen the page goes along, also while the finger rests.
    const step = () => {
      const edge = 60;
      if (y < edge) scrollBy({ top: -10, behavior: "instant" });
      else if (y > innerHeight - edge) scrollBy({ top: 10, behavior: "instant" });
      const above = this.beside(item, "previousElementSibling")?.getBoundingClientRect();
      const below = this.beside(item, "nextElementSibling")?.getBoundingClientRect();
      if (above && y < above.top + above.height / 2) this.up(item);
      else if (below && y > below.top + below.height / 2) this.down(item);
      frame = requestAnimationFrame(step);
    };
    const end = (keep) => {
      stop.abort();
      cancelAnimationFrame(frame);
      item.classList.remove("dragging");
      if (!keep) this.list.append(...before);
      else if (this.order().some((li, i) => li !== before[i])) this.save(item);
    };
    on("pointermove", (move) => { y = move.clientY; });
    on("pointerup", () => end(true));
    on("pointercancel", () => end(false));
    on("keydown", (key) => { if (key.key === "Escape") end(false); });
    frame = requestAnimationFrame(step);
  }

  // One at a time and in order, so that the last word is the last one said.
  save(item) {
    const order = this.order();
    let part = "";
    const places = [];
    for (const li of order) {
      if (li.dataset.deel !== undefined) part = li.dataset.deel;
      else if (li.dataset.punt) places.push(["plaats", `${part}:${li.dataset.punt}`]);
    }
    const refusals = this.refusals;
    this.saving = this.saving.then(async () => {
      if (refusals !== this.refusals) return; // built on an order that was refused meanwhile
      try {
        const answer = await post(this.list.dataset.herorden, places, "application/json");
        if (answer.status !== 204) this.label(await answer.json());
        this.kept = order;
        const name = item.querySelector(".no")?.textContent.trim();
        this.tell("", `De volgorde is bewaard.${name ? ` Dit punt is nu ${name}.` : ""}`);
      } catch (err) {
        this.refusals++;
        const focused = document.activeElement;
        this.list.append(...this.kept);
        focused?.focus({ preventScroll: true });
        this.tell("closed", "De volgorde is niet bewaard: " + said(err));
      }
    });
  }

  label(facts) {
    for (const { key, label, clock } of facts) {
      const item = this.list.querySelector(`:scope > li[data-punt="${CSS.escape(key)}"]`);
      const no = item?.querySelector(".no"), time = item?.querySelector(".clock time");
      if (no && no.textContent !== label) {
        for (const named of item.querySelectorAll("[aria-label]")) {
          named.setAttribute("aria-label", named.getAttribute("aria-label").replace(no.textContent, label));
        }
        no.textContent = label;
      }
      if (time) { time.textContent = clock; time.removeAttribute("datetime"); }
    }
  }

  tell(kind, text) {
    this.told.replaceChildren(make("p", { className: `note ${kind}`, textContent: text }));
  }
}
for (const list of document.querySelectorAll("ol.agenda[data-herorden]")) new Agenda(list);

// ---- Forms: no double sending, no text lost by leaving

const sent = new WeakSet();
const changed = new Set();

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (sent.has(form)) return e.preventDefault(); // the first sending is under way
  if (e.defaultPrevented) return;
  sent.add(form);
  const left = changed.delete(form);
  // Not `disabled`: that would take the button's value out of the form, and the focus off the button.
  const buttons = [...form.elements].filter((b) => b.type === "submit" && b.getAttribute("aria-disabled") !== "true");
  for (const b of buttons) b.setAttribute("aria-disabled", "true");
  form.setAttribute("aria-busy", "true");
  const again = () => {
    sent.delete(form);
    form.removeAttribute("aria-busy");
    for (const b of buttons) b.removeAttribute("aria-disabled");
  };
  // The page is still here after a while: a download, or the connection failed. Then what was typed counts as unsaved.
  setTimeout(() => { again(); if (left) changed.add(form); }, 5000);
  addEventListener("pageshow", (shown) => { if (shown.persisted) again(); }, { once: true });
});

for (const form of document.querySelectorAll("form[data-bewaak]")) {
  form.addEventListener("input", () => changed.add(form));
  // Drawn again because something was wrong: what it holds is not saved anywhere.
  if (document.querySelector("#fouten, #conflict")) changed.add(form);
}
addEventListener("beforeunload", (e) => { if (changed.size) e.preventDefault(); });

// ---- On arrival: what is wrong comes first, and the menu shows where we are

document.querySelector("#fouten, #conflict")?.focus();

const here = document.querySelector(".nav [aria-current]");
if (here) {
  const nav = here.closest(".nav");
  nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}
