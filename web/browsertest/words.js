// Finds things on a page by the words a reader sees. Runs inside a function of its own; each answer is an object, with
// `Why` when there is nothing (yet).
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const visible = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && e.getClientRects().length > 0;
const name = (e) => {
  const by = e.getAttribute("aria-labelledby");
  if (by) return plain(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
  return plain(e.getAttribute("aria-label") || e.innerText || e.value);
};
const describe = (e) => !e ? "" : e.localName + (e.id ? "#" + e.id : "") + (typeof e.className === "string" && e.className ? "." + e.className.trim().replace(/\s+/g, ".") : "") + " " + name(e).slice(0, 80);
const selector = (what) => /^[#.[]/.test(what) || /^[a-z][a-z0-9-]*([#.[:>]| > )\S/.test(what) && !/ [A-Za-z]+ /.test(what);
const best = (list, text) => {
  text = plain(text);
  const seen = list.filter(([e]) => visible(e));
  return (seen.find(([, n]) => n === text) ?? seen.find(([, n]) => n.includes(text)))?.[0];
};

function place(what) {
  const e = document.querySelector(what);
  return e ? middle(e) : { Why: "nothing on the page matches " + what };
}

// The middle of a thing, brought into view. Something else on top of it is a fault: a reader could not hit it either.
function middle(e, covered) {
  const inside = () => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth; };
  if (!inside()) e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const r = e.getClientRects()[0] ?? e.getBoundingClientRect();
  const at = { X: r.left + r.width / 2, Y: r.top + r.height / 2 };
  if (covered) {
    const hit = document.elementFromPoint(at.X, at.Y);
    if (!hit || !(e.contains(hit) || hit.contains(e) && hit.closest("label, a, button, summary"))) return { Why: describe(e) + " is covered by " + describe(hit) };
  }
  return at;
}

function press(e) {
  const link = e.closest("a[href]"), button = e.closest("button, input");
  const at = middle(e, true);
  at.Navigates = !!link && !link.hasAttribute("download") && link.href.split("#")[0] !== location.href.split("#")[0]
    || !!button?.form && /^(submit|image)$/.test(button.type);
  return at;
}

function clickable(what) {
  if (!selector(what)) return clickableText(what);
  const all = [...document.querySelectorAll(what)];
  const e = all.find(visible);
  return e ? press(e) : { Why: (all.length ? "nothing visible" : "nothing") + " on the page matches " + what };
}

function clickableText(text) {
  const list = [...document.querySelectorAll("a[href], button, summary, input[type=submit], [role=button], label")];
  const e = best(list.filter((e) => e.localName !== "label").map((e) => [e, name(e)]), text) ?? best(list.map((e) => [e, name(e)]), text);
  return e ? press(e) : { Why: "no link, button or summary says " + JSON.stringify(text) };
}

// The field with a label: its own words, or those with the remark that it may stay empty.
function control(text) {
  const list = [];
  for (const label of document.querySelectorAll("label")) {
    if (!label.control) continue;
    const own = label.cloneNode(true);
    own.querySelectorAll(".soft, .hint").forEach((e) => e.remove());
    list.push([label, plain(own.textContent)]);
  }
  const label = best(list, text);
  if (label) return label.control;
  return best([...document.querySelectorAll("input, select, textarea")].map((e) => [e, plain(e.getAttribute("aria-label"))]), text) ?? null;
}

function field(text) {
  return control(text) ? {} : { Why: "no field has the label " + JSON.stringify(text) };
}

function fillable(text) {
  const e = control(text);
  if (!e) return field(text);
  if (e.disabled || e.readOnly) return { Why: "the field " + text + " cannot be filled in" };
  middle(e);
  e.focus();
  e.select?.();
  return document.activeElement === e ? {} : { Why: "the field " + text + " does not take the focus" };
}

function choose(text, option) {
  const groups = [...document.querySelectorAll("fieldset")].map((f) => {
    const legend = f.querySelector("legend")?.cloneNode(true);
    legend?.querySelectorAll(".soft, .hint").forEach((e) => e.remove());
    return [f, plain(legend?.textContent)];
  });
  const list = control(text);
  if (list?.localName === "select") {
    const options = [...list.options];
    const chosen = options.find((o) => plain(o.text) === plain(option)) ?? options.find((o) => plain(o.text).includes(plain(option)));
    if (!chosen) return { Why: text + " has no option " + JSON.stringify(option) + ", but " + JSON.stringify(options.map((o) => plain(o.text))) };
    list.value = chosen.value;
    chosen.selected = true;
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
    return { Done: true };
  }
  const group = best(groups, text);
  if (!group) return { Why: "no list or group has the label " + JSON.stringify(text) };
  const label = best([...group.querySelectorAll("label")].map((e) => [e, plain(e.textContent)]), option);
  if (!label) return { Why: text + " has no choice " + JSON.stringify(option) };
  return label.control.checked ? { Done: true } : middle(label.control, true);
}

function check(text, on) {
  const e = control(text);
  if (!e) return field(text);
  if (e.type !== "checkbox" && e.type !== "radio") return { Why: text + " is no checkbox" };
  return e.checked === on ? { Done: true } : middle(e, true);
}

function sees(text) {
  return plain(document.body.innerText).includes(plain(text)) ? {} : { Why: "the page does not say it" };
}

function sticksOut() {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && visible(e));
  return [`${root.scrollWidth} px wide`, ...out.filter((e) => !out.includes(e.parentElement)).slice(0, 5).map(describe)];
}
