"use strict";
const cards = [...document.querySelectorAll(".req")];
const chips = [...document.querySelectorAll(".tools button")];
const kind = document.querySelector(".tools select");
const words = document.querySelector(".tools input");
const none = document.querySelector(".none");

function filter() {
  const verdict = chips.find((chip) => chip.ariaPressed === "true").value;
  const wanted = words.value.toLowerCase().split(/\s+/);
  for (const card of cards) {
    const text = card.textContent.toLowerCase();
    card.hidden =
      (verdict && card.dataset.verdict !== verdict) ||
      (kind.value && card.dataset.kind !== kind.value) ||
      !wanted.every((word) => text.includes(word));
  }
  none.hidden = cards.some((card) => !card.hidden);
}

for (const chip of chips) {
  chip.addEventListener("click", () => {
    for (const other of chips) other.ariaPressed = String(other === chip);
    filter();
  });
}
kind.addEventListener("change", filter);
words.addEventListener("input", filter);
document.querySelector(".tools").hidden = false;

function showLines(link) {
  const details = document.querySelector(`#f${link.dataset.file} details.source`);
  if (!details) return false;
  for (const lit of document.querySelectorAll(".code .lit")) lit.classList.remove("lit");
  const lines = details.querySelectorAll(".code span");
  details.open = true;
  for (const range of link.dataset.lines.split(", ")) {
    const [first, last = first] = range.split("-").map(Number);
    for (let line = first; line <= last; line++) lines[line - 1]?.classList.add("lit");
  }
  details.querySelector(".lit")?.scrollIntoView({ block: "center" });
  details.querySelector(".code").focus({ preventScroll: true });
  return true;
}

for (const link of document.querySelectorAll("a[data-lines]")) {
  link.addEventListener("click", (event) => {
    if (showLines(link)) event.preventDefault();
  });
}

// A link to a card that the filter hides would lead nowhere.
function reveal() {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!card?.matches(".req[hidden]")) return;
  chips[0].click();
  kind.value = words.value = "";
  filter();
  card.scrollIntoView();
}
addEventListener("hashchange", reveal);

const graph = document.querySelector(".graph");

function pick(box) {
  graph.classList.add("picked");
  box.classList.add("lit");
  for (const end of graph.querySelectorAll(`[data-from="${box.dataset.n}"], [data-to="${box.dataset.n}"]`)) {
    end.classList.add("lit");
    for (const n of [end.dataset.from, end.dataset.to]) graph.querySelector(`a[data-n="${n}"]`).classList.add("lit");
  }
}

function unpick() {
  graph.classList.remove("picked");
  for (const lit of graph.querySelectorAll(".lit")) lit.classList.remove("lit");
}

for (const box of graph.querySelectorAll("a")) {
  box.addEventListener("mouseenter", () => pick(box));
  box.addEventListener("focus", () => pick(box));
  box.addEventListener("mouseleave", unpick);
  box.addEventListener("blur", unpick);
}
