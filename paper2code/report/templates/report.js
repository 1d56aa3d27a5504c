"use strict";
const rows = [...document.querySelectorAll(".trace tbody tr")];
const chips = [...document.querySelectorAll(".tools button")];
const kind = document.querySelector(".tools select");
const words = document.querySelector(".tools input");
const none = document.querySelector(".none");

function filter() {
  const verdict = chips.find((chip) => chip.ariaPressed === "true").value;
  const wanted = words.value.toLowerCase().split(/\s+/);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden =
      (verdict && row.dataset.verdict !== verdict) ||
      (kind.value && row.dataset.kind !== kind.value) ||
      !wanted.every((word) => text.includes(word));
  }
  none.hidden = rows.some((row) => !row.hidden);
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
  const details = document.querySelector(`#f${link.dataset.file} details`);
  if (!details) return false;
  for (const lit of document.querySelectorAll(".l.lit")) lit.classList.remove("lit");
  const lines = details.querySelectorAll(".l");
  details.open = true;
  for (const range of link.dataset.lines.split(", ")) {
    const [first, last = first] = range.split("-").map(Number);
    for (let line = first; line <= last; line++) lines[line - 1]?.classList.add("lit");
  }
  details.querySelector(".lit")?.scrollIntoView({ block: "center" });
  return true;
}

for (const link of document.querySelectorAll("a[data-lines]")) {
  link.addEventListener("click", (event) => {
    if (showLines(link)) event.preventDefault();
  });
}

const graph = document.querySelector(".graph");
for (const box of document.querySelectorAll(".graph a")) {
  const ends = document.querySelectorAll(`.graph [data-from="${box.dataset.n}"], .graph [data-to="${box.dataset.n}"]`);
  box.addEventListener("mouseenter", () => {
    graph.classList.add("picked");
    box.classList.add("lit");
    for (const end of ends) {
      end.classList.add("lit");
      for (const n of [end.dataset.from, end.dataset.to]) document.querySelector(`.graph a[data-n="${n}"]`).classList.add("lit");
    }
  });
  box.addEventListener("mouseleave", () => {
    graph.classList.remove("picked");
    for (const lit of graph.querySelectorAll(".lit")) lit.classList.remove("lit");
  });
}
