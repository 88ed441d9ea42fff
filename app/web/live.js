/** Redraws the page soon after something was recorded; what is unfolded stays unfolded. */
const PAUSE = 500;

let scheduled = false;
if (!document.querySelector("form")) {
  new EventSource("/api/stream").addEventListener("recorded", () => {
    if (!scheduled) setTimeout(redraw, PAUSE);
    scheduled = true;
  });
}

async function redraw() {
  scheduled = false;
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#live");
  if (!fresh) return;
  for (const open of document.querySelectorAll("#live details[open]"))
    fresh.querySelector(`details[data-key="${open.dataset.key}"]`)?.setAttribute("open", "");
  document.querySelector("#live").replaceWith(fresh);
}
