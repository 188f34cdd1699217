"use strict";
const page = document.getElementById("page");
const old = document.getElementById("old");
const news = document.getElementById("news");
const LONGEST_SELECTION = 4;
let usesKeys = true;
let isRenewing = false;
let skippedRenewals = 0;

function prepare() {
  for (const button of page.querySelectorAll(".copy")) button.hidden = false;
  const keys = page.querySelector(".keys");
  if (keys) {
    keys.hidden = false;
    keys.querySelector("input").checked = usesKeys;
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.command);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = "Selected";
  }
}

function isInUse() {
  if (document.hidden || isRenewing) return true;
  if (getSelection().isCollapsed || skippedRenewals >= LONGEST_SELECTION) return false;
  skippedRenewals += 1;
  return true;
}

async function renew() {
  if (isInUse()) return;
  isRenewing = true;
  skippedRenewals = 0;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status === 503) throw new Error("Redis");
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = [...page.querySelectorAll("details[open]")].map((part) => part.id);
    const focused = place(document.activeElement);
    const needy = needyText();
    page.replaceChildren(...fresh.getElementById("page").childNodes);
    if (needyText() !== needy) news.textContent = needyText();
    document.title = fresh.title;
    old.hidden = true;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    prepare();
    if (focused) page.querySelectorAll(focused.selector)[focused.number]?.focus({ preventScroll: true });
  } catch (error) {
    if (!document.title.startsWith("(old)")) document.title = `(old) ${document.title}`;
    old.textContent = `${error.message === "Redis" ? "Redis" : "The board"} does not answer, so this page is old.`;
    old.hidden = false;
  } finally {
    isRenewing = false;
  }
}

function needyText() {
  return page.querySelector("#section-1")?.textContent ?? "No group needs you";
}

function place(element) {
  if (!element || !page.contains(element)) return null;
  const owner = element.closest("article[id]");
  const selector = `${owner ? `#${CSS.escape(owner.id)}` : ""}${owner === element ? "" : ` ${element.tagName}`}`;
  return { selector, number: Math.max(0, [...page.querySelectorAll(selector)].indexOf(element)) };
}

function nextThatNeedsYou() {
  const cards = [...page.querySelectorAll(".card")];
  const present = cards.indexOf(document.activeElement.closest(".card"));
  cards[(present + 1) % cards.length]?.focus();
}

page.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
});
page.addEventListener("change", (event) => {
  if (event.target.id === "keys") usesKeys = event.target.checked;
});
document.addEventListener("keydown", (event) => {
  if (!usesKeys || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
  if (event.key === "n") nextThatNeedsYou();
  if (event.key === "c") document.activeElement.closest(".card")?.querySelector(".copy")?.click();
});
prepare();
const seconds = Number(document.body.dataset.renewal);
if (seconds) {
  setInterval(renew, seconds * 1000);
  document.addEventListener("visibilitychange", renew);
}
