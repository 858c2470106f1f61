// Elements. What the page shows may come from a stranger: everything goes in as text.

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; children that are text become text. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const ICONS = {
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  done: "M3.5 8.5l3 3 6-7",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Announces words to those who do not see the page, also if they are the same as before. */
export function announce(words) {
  $("announce").textContent = "";
  requestAnimationFrame(() => ($("announce").textContent = words));
}

/** Choices in a select: pairs of value and label. */
export function choices(select, pairs) {
  select.replaceChildren(...pairs.map(([value, label]) => el("option", { value }, label ?? value)));
}
