// What a place would break, asked of the server while a group is carried over it, and shown beside
// the group before it is put down.

import { clockText } from "./scale.js";
import { say } from "./send.js";

const PAUSE_MILLISECONDS = 150;
const GAP_PIXELS = 12;

let timer;
let question = null;
let asked = "";

const panel = () => document.getElementById("verdict");

/** Asks about a place as soon as the group rests there; `spoken` goes before the answer. */
export function tryPlace(slot, lane, begin, { spoken = null, other = null } = {}) {
  wonder(slot, `try?${placeOf(lane, begin, other)}`, spoken);
}

/** Asks about another time on stage, in the same way. */
export function tryLength(slot, minutes, spoken) {
  wonder(slot, `length?${new URLSearchParams({ minutes })}`, spoken);
}

function wonder(slot, what, spoken) {
  standBeside(slot);
  if (what === asked) return;
  forget();
  asked = what;
  panel().classList.add("is-old");
  timer = setTimeout(() => ask(slot, what, spoken), PAUSE_MILLISECONDS);
}

/** A place as an address puts it; `other` is a group there that could be swapped with. */
function placeOf(lane, begin, other) {
  const place = new URLSearchParams({
    venue: lane.dataset.lane,
    starts_at: `${lane.closest("[data-date]").dataset.date}T${clockText(begin)}`,
  });
  if (other) place.set("other", other.id.replace("slot-", ""));
  return place.toString();
}

async function fetchAnswer(slot, what, signal) {
  const answer = await fetch(`${slot.dataset.url}/${what}`, {
    signal,
    // The answer to somebody who is no longer signed in is a page, which has no place here.
    redirect: "error",
  }).catch(() => null);
  const text = answer && (await answer.text().catch(() => null));
  if (!text || ![200, 409, 422].includes(answer.status)) return null;
  return [...new DOMParser().parseFromString(text, "text/html").body.children];
}

/** What is told of putting a group onto another, one element for each way; none without answer. */
export async function answerAbout(slot, lane, begin, other) {
  return (await fetchAnswer(slot, `try?${placeOf(lane, begin, other)}`)) ?? [];
}

async function ask(slot, what, spoken) {
  question = new AbortController();
  const told = await fetchAnswer(slot, what, question.signal);
  if (!told || asked !== what) return;
  panel().replaceChildren(...told);
  panel().classList.remove("is-old");
  panel().hidden = false;
  standBeside(slot);
  if (spoken !== null) say(`${spoken} ${panel().textContent.replace(/\s+/g, " ").trim()}`);
}

/** Right of the group where there is room, else left of it; always inside the window. */
function standBeside(slot) {
  if (panel().hidden) return;
  const box = slot.getBoundingClientRect();
  const { width, height } = panel().getBoundingClientRect();
  const right = box.right + GAP_PIXELS;
  const left = right + width < window.innerWidth ? right : box.left - width - GAP_PIXELS;
  const top = Math.min(box.top, window.innerHeight - height - GAP_PIXELS);
  panel().style.left = `${Math.max(GAP_PIXELS, left)}px`;
  panel().style.top = `${Math.max(GAP_PIXELS, top)}px`;
}

function forget() {
  clearTimeout(timer);
  question?.abort();
  question = null;
}

/** The group is put down: nothing is asked or shown any more. */
export function stopTrying() {
  forget();
  asked = "";
  panel().hidden = true;
  panel().replaceChildren();
}
