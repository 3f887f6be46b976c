"use strict";
for (const section of document.querySelectorAll(".segment")) {
  const rows = [...section.querySelectorAll("tbody tr")];
  const slider = section.querySelector("input[type=range]");
  const now = section.querySelector(".now");
  const activations = section.querySelectorAll(".agenda li");
  const elements = section.querySelectorAll(".memory li");
  const drawn = section.querySelectorAll("svg [data-made]");
  const end = rows.length ? Number(rows[rows.length - 1].dataset.cycle) + 1 : 1;
  const show = () => {
    const place = Number(slider.value);
    const row = rows[place];
    const cycle = row ? Number(row.dataset.cycle) : end;
    let waiting = 0;
    for (const item of activations) {
      const there = Number(item.dataset.first) <= cycle && cycle <= Number(item.dataset.last);
      item.hidden = !there;
      item.classList.toggle("first", there && ++waiting === 1);
    }
    const before = place > 0 ? Number(rows[place - 1].dataset.cycle) : 0;
    for (const item of elements) {
      const made = Number(item.dataset.first) - 1;
      item.hidden = made >= cycle;
      item.classList.toggle("new", made > 0 && made >= before && made < cycle);
    }
    for (const part of drawn) part.classList.toggle("later", Number(part.dataset.made) >= cycle);
    rows.forEach((each) => each.classList.toggle("current", each === row));
    rows.forEach((each) => each.removeAttribute("aria-current"));
    if (row) row.setAttribute("aria-current", "step");
    const text = (name) => row.querySelector(name).textContent;
    const words = row
      ? `Cycle ${cycle}: ${text(".fires")} fires first because ${text(".why")}. It concludes: ${text(".concludes")}.`
      : "The agenda is empty: the run has ended.";
    now.textContent = words;
    slider.setAttribute("aria-valuetext", words);
  };
  const go = (place) => {
    slider.value = place;
    show();
  };
  slider.addEventListener("input", show);
  section.querySelector(".back").addEventListener("click", () => go(Number(slider.value) - 1));
  section.querySelector(".on").addEventListener("click", () => go(Number(slider.value) + 1));
  rows.forEach((row, place) => row.addEventListener("click", () => go(place)));
  section.querySelector(".controls").hidden = false;
  go(0);
}
document.documentElement.classList.add("scripted");
