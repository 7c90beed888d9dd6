// Tells the server about a move and shows its answer: the board as it is then, or why not.

import { clockText } from "./scale.js";

export const board = () => document.getElementById("board");

/** Says something to those who do not see it, outside the part that is replaced. */
export function say(text) {
  document.querySelector("[data-board-voice]").textContent = text;
}

/** Fills `{name}` and the like in one of the sentences that the page brings along. */
export function sentence(key, words = {}) {
  return board().dataset[key].replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
}

async function post(url, fields, focusOn) {
  const form = new FormData(document.getElementById("board-form"));
  for (const [name, value] of Object.entries({ ...fields, ...shown() })) form.set(name, value);
  board().setAttribute("aria-busy", "true");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-Board": "1" },
    body: new URLSearchParams(form),
  }).catch(() => null);
  const part = answer && partOf(await answer.text());
  if (!part) return fail();
  replaceBoard(part, focusOn);
  offerClose();
  say(part.querySelector("[data-board-message]")?.textContent.trim() ?? "");
  return answer.ok;
}

const lanesOf = (element) => [...element.querySelectorAll(".board-day [data-lane]")];

/** What the board shows, so that an answer brings only what looks different now. */
export function shown() {
  const marks = lanesOf(board()).map((lane) => lane.dataset.mark);
  return { frame: board().dataset.frame, lanes: marks.join("") };
}

/** Puts a new board in the old one's place; eye, focus and opened parts stay where they are. */
export function replaceBoard(part, focusOn) {
  const anchor = document.getElementById(focusOn ?? "") ? focusOn : shownDay();
  const before = topOf(anchor);
  const opened = [...board().querySelectorAll("details[open][id]")].map((details) => details.id);
  keepSameLanes(part);
  board().replaceWith(part);
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  document.dispatchEvent(new CustomEvent("board:replaced"));
  stayAt(anchor, before);
  focusSlot(focusOn);
}

/** The days that are on the page already go into the new board, with their new lanes. */
function keepSameLanes(part) {
  const differing = part.querySelector("[data-differing]");
  if (!differing) return;
  const lanes = lanesOf(board());
  for (const lane of [...differing.children]) lanes[Number(lane.dataset.at)].replaceWith(lane);
  differing.replaceWith(...board().querySelectorAll(".board-day"));
}

/** The day that the window shows; none while its top is in view. */
function shownDay() {
  const days = [...board().querySelectorAll("[data-date]")];
  return days.findLast((day) => day.getBoundingClientRect().top < 0)?.id;
}

export function partOf(html) {
  return new DOMParser().parseFromString(html, "text/html").getElementById("board");
}

const TOAST_MILLISECONDS = 6000;
let toastTimer;

/** Shows one line at the foot of the window for a while, and says it. */
export function showToast(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  say(text);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MILLISECONDS);
}

function fail() {
  board().removeAttribute("aria-busy");
  showToast(sentence("failed"));
  document.dispatchEvent(new CustomEvent("board:replaced"));
  return false;
}

function topOf(id) {
  return document.getElementById(id)?.closest("[data-date]")?.getBoundingClientRect().top;
}

/** Keeps a slot's day where the eye has it, though messages above come and go. */
function stayAt(id, before) {
  const after = topOf(id);
  if (before !== undefined && after !== undefined) window.scrollBy(0, after - before);
}

function focusSlot(id) {
  const slot = id && document.getElementById(id);
  const control = slot?.querySelector("[data-grip]:not([hidden])") ?? slot?.querySelector("a");
  control?.focus({ preventScroll: true });
}

/** Moves a slot to a lane and a minute; offers to undo it once it is done. */
export async function sendMove(slot, lane, begin) {
  if (await post(slot.dataset.url, placeOf(lane, begin), slot.id)) offerUndo();
}

/** Lets two groups change places; offers to undo it once it is done. */
export async function sendSwap(slot, other) {
  const fields = { other: other.id.replace("slot-", "") };
  if (await post(`${slot.dataset.url}/swap`, fields, slot.id)) offerUndo();
}

/** Gives a group another time on stage; offers to undo it once it is done. */
export async function sendLength(slot, minutes) {
  if (await post(`${slot.dataset.url}/length`, { minutes }, slot.id)) offerUndo();
}

function placeOf(lane, begin) {
  const { date } = lane.closest("[data-date]").dataset;
  return { venue: lane.dataset.lane, starts_at: `${date}T${clockText(Number(begin))}` };
}

function offerUndo() {
  const step = board().querySelector("[data-board-undo]");
  if (!step) return;
  const button = messageButton(sentence("undo"), () => step.click());
  board().querySelector("[data-board-message] button")?.before(button);
}

/** The message stays at the foot of the window, where the eye is, until it is closed. */
function offerClose() {
  const message = board().querySelector("[data-board-message]");
  message?.append(messageButton(sentence("close"), () => message.remove()));
}

function messageButton(text, deed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary";
  button.textContent = text;
  button.addEventListener("click", deed, { once: true });
  return button;
}

/** Locks, undoes and the like without leaving the board. */
export function startPosts() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.id !== "board-form" || !board().matches(".is-timed")) return;
    event.preventDefault();
    const { group } = button.dataset;
    post(button.formAction, { [button.name]: button.value }, group && `slot-${group}`);
  });
}
