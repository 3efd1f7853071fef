// What is ticked on the board goes along in its address. Links and filters of the board are sent as the form of ticks,
// and the server says where that leads; going back brings no older ticks. Without scripts, buttons of the form do it.
(() => {
  const KEY = "candour.board.chosen";
  const form = document.querySelector("form[data-chosen]");
  const chosen = document.querySelector("[data-chosen]")?.dataset.chosen ?? "";
  const ticks = form ? [...form.querySelectorAll(".tick input[name]")] : [];
  const away = (form?.elements.chosen?.value ?? "").split(" ").filter(Boolean);
  const hasChanged = () => ticks.some((tick) => tick.checked !== tick.defaultChecked);
  const refOf = (tick) => tick.closest("[data-row]").dataset.ref;
  const inOrder = (refs) => [...refs].sort().join(" ");

  // Of a map the server alone knows which shops its places mean.
  function now() {
    const refs = ticks.filter((tick) => tick.checked).map(refOf);
    return refs.includes(undefined) ? chosen : [...away, ...refs].join(" ");
  }

  function remember(refs) {
    try {
      sessionStorage.setItem(KEY, refs);
    } catch {
      // A browser that keeps nothing goes back to older ticks.
    }
  }

  function remembered() {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  // A page from the history shows what was ticked when it was left: the latest ticks count.
  function catchUp(here) {
    const latest = remembered();
    if (latest === null || inOrder(latest.split(" ")) === inOrder(here.split(" "))) return;
    const address = new URL(location.href);
    if (latest) address.searchParams.set("chosen", latest);
    else address.searchParams.delete("chosen");
    location.replace(address);
  }

  function take(query) {
    const go = document.createElement("button");
    Object.assign(go, { type: "submit", name: "go", value: query, hidden: true });
    go.setAttribute("formaction", "/shops/choose");
    form.append(go);
    form.requestSubmit(go);
    go.remove();
  }

  const leaves = (url) => url.origin === location.origin && url.pathname === "/shops";

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!form || !link || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.target) return;
    const url = new URL(link.href);
    if (!leaves(url) || "clears" in link.dataset || (url.hash && url.search === location.search)) return;
    if (!hasChanged() && (!chosen || url.searchParams.has("chosen"))) return;
    event.preventDefault();
    take(url.search);
  });

  document.addEventListener("submit", (event) => {
    const asked = event.target;
    if (!form || asked.method !== "get" || !leaves(new URL(asked.action)) || !hasChanged()) return;
    event.preventDefault();
    const query = new URLSearchParams(new FormData(asked));
    query.delete("chosen");
    take(`?${query}`);
  });

  form?.addEventListener("change", () => remember(now()));
  window.addEventListener("pageshow", (event) => event.persisted && catchUp(now()));
  const [visit] = performance.getEntriesByType("navigation");
  if (visit?.type === "back_forward" || visit?.type === "reload") catchUp(chosen);
  else remember(chosen);
})();
