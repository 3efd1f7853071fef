// Keeps on this device what was typed and photographed until the server has it, and sends it when there is a connection.
// Nothing here is needed: without scripts every form is sent as forms are.
(() => {
  const shop = location.pathname.match(/^\/shopper\/shops\/[0-9a-f-]{36}/)?.[0];
  if (!shop || !window.indexedDB) return;

  const KEPT_DAYS = 30;
  const RETRY_SECONDS = 15;
  const OWN_FIELDS = new Set(["csrf", "go", "autosave", "shown"]);

  // One store for what was typed, by page, and one for pictures.
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("candour-visits", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("forms", { keyPath: "path" });
      asked.result.createObjectStore("pictures", { keyPath: "id", autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function inStore(name, mode, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  const put = (name, value) => inStore(name, "readwrite", (store) => store.put(value));
  const remove = (name, key) => inStore(name, "readwrite", (store) => store.delete(key));
  const get = (name, key) => inStore(name, "readonly", (store) => store.get(key));
  const all = (name) => inStore(name, "readonly", (store) => store.getAll());

  function say(title, text) {
    const place = document.getElementById("offline");
    if (!place) return;
    place.hidden = !title;
    place.querySelector("[data-offline-title]").textContent = title;
    place.querySelector("[data-offline-text]").textContent = text;
  }
  const isOfShop = (url) => new URL(url).pathname.startsWith(shop);

  // What the server answered takes the place of the page, so that what it says to the reader is not lost.
  function show(html, url) {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    if (url !== location.href) history.pushState({}, "", url);
    window.htmx?.process(document.body);
    const wanted = document.querySelector(".error-summary") ?? document.getElementById("main");
    wanted?.focus({ preventScroll: true });
    (document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? document.body).scrollIntoView();
    begin();
  }
  addEventListener("popstate", () => location.reload());

  // Typed: kept at every stroke, under the address of its page.
  let typedAt = 0;
  let askedAt = 0;
  const keptForm = () => document.querySelector("form[data-keep]");
  const fieldsOf = (form) => [...new FormData(form)].filter(
    ([name, value]) => !OWN_FIELDS.has(name) && !(value instanceof File && !value.size));
  const keep = (form) => put("forms", { path: location.pathname, fields: fieldsOf(form), at: Date.now() });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    typedAt = Date.now();
    keep(form);
  });

  function restored(form, fields) {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    let changed = false;
    for (const control of form.elements) {
      if (!control.name || OWN_FIELDS.has(control.name)) continue;
      const given = values.get(control.name) ?? [];
      if (control.type === "file") {
        const files = new DataTransfer();
        given.filter((value) => value instanceof File).forEach((value) => files.items.add(value));
        changed ||= files.files.length > 0;
        control.files = files.files;
      } else if (control.type === "radio" || control.type === "checkbox") {
        changed ||= control.checked !== given.includes(control.value);
        control.checked = given.includes(control.value);
      } else {
        changed ||= control.value !== (given[0] ?? "");
        control.value = given[0] ?? "";
      }
    }
    return changed;
  }
  async function restore() {
    const form = keptForm();
    const kept = form && (await get("forms", location.pathname));
    if (kept && restored(form, kept.fields)) {
      say("Back as you left it", "What you had typed here was not sent yet. It is in its fields again.");
    }
  }

  // A page that saves itself: once the server says so, there is nothing left to keep.
  document.addEventListener("htmx:before:request", () => (askedAt = Date.now()));
  document.addEventListener("htmx:after:request", (event) => {
    const isSaved = event.detail?.ctx?.text?.trim().startsWith("Saved");
    if (isSaved && askedAt >= typedAt) remove("forms", location.pathname);
  });

  // Sent: by a request of our own, which may fail without taking the page along.
  let waiting = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep-pictures]")) {
      event.preventDefault();
      queue(form);
    } else if (form.matches("form[data-keep]")) {
      event.preventDefault();
      send(form, new FormData(form, event.submitter));
    }
  });
  const bodyOf = (form, data) => (form.enctype === "multipart/form-data" ? data : new URLSearchParams([...data]));

  async function send(form, data) {
    waiting = null;
    // The page was about to save itself: what is sent now holds all of it, and the form may be gone by then.
    form._htmx?.triggerSpecs?.forEach((spec) => clearTimeout(spec.timeout));
    await keep(form);
    let answer;
    let html;
    try {
      answer = await fetch(form.action, { method: "POST", body: bodyOf(form, data) });
      html = await answer.text();
    } catch {
      answer = null;
    }
    if (!answer || answer.status >= 500 || answer.status === 429) {
      waiting = () => send(form, data);
      say("No connection", "What you typed is kept on this device and is sent as soon as there is a connection.");
      return;
    }
    if (!isOfShop(answer.url)) {
      // Signed out meanwhile: what was typed is in its fields again afterwards.
      location.assign(answer.url);
      return;
    }
    if (answer.ok && isTaken(answer.url, data)) await remove("forms", location.pathname);
    show(html, answer.url);
  }
  // A report that was handed in, or a shop that is gone, leads elsewhere and takes nothing.
  function isTaken(url, data) {
    const path = new URL(url).pathname;
    if (path === `${shop}/report`) return location.pathname === `${shop}/report/check`;
    return path !== shop || ["back", "undo"].includes(data.get("go"));
  }

  // Photographed: into the queue first, then out of it one by one.
  const trayPath = `${shop}/report/evidence`;
  const own = async () => (await all("pictures")).filter((picture) => picture.path === trayPath);
  async function queue(form) {
    const files = [...form.elements.picture.files];
    const kind = new FormData(form).get("kind");
    for (const file of files) {
      await put("pictures", { path: trayPath, kind, name: file.name, content: file, at: Date.now() });
    }
    if (!files.length) say("Choose a picture first", "");
    form.elements.picture.value = "";
    await pump();
  }
  let isPumping = false;
  async function pump() {
    const token = document.querySelector("input[name=csrf]")?.value;
    if (isPumping || !token) return;
    isPumping = true;
    try {
      await emptied(token);
    } finally {
      isPumping = false;
    }
  }
  async function emptied(token) {
    let refused = null;
    let taken = null;
    for (const picture of await own()) {
      const answer = await sent(picture, token);
      if (!answer) break;
      if (answer.isTaken || answer.isRefused) await remove("pictures", picture.id);
      if (answer.isRefused) refused = answer;
      if (answer.isTaken) taken = answer;
    }
    await told();
    const last = refused ?? taken;
    if (last && location.pathname === trayPath) show(last.html, last.url);
  }
  async function sent(picture, token) {
    const data = new FormData();
    data.set("csrf", token);
    data.set("kind", picture.kind);
    data.set("picture", picture.content, picture.name);
    try {
      const answer = await fetch(trayPath, { method: "POST", body: data });
      const html = await answer.text();
      const isTaken = answer.ok && new URL(answer.url).pathname === trayPath;
      return isTaken || answer.status === 422 ? { isTaken, isRefused: !isTaken, html, url: answer.url } : null;
    } catch {
      return null;
    }
  }
  async function told() {
    const left = await own();
    const place = document.querySelector("[data-queue]");
    if (place) {
      place.hidden = !left.length;
      place.replaceChildren(...left.map((picture) => {
        const line = document.createElement("li");
        line.textContent = `${picture.name}: waits for a connection`;
        return line;
      }));
    }
    if (left.length) {
      const many = left.length === 1 ? "1 picture is" : `${left.length} pictures are`;
      say("Not sent yet", `${many} kept on this device and sent as soon as there is a connection.`);
    }
  }

  // Where somebody is: asked by a click, shown, and only then sent with the form.
  function offerCheckIn() {
    const place = document.querySelector("[data-check-in]");
    if (!place || !navigator.geolocation) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button plain";
    button.textContent = "Show where I am";
    const said = document.createElement("div");
    said.setAttribute("role", "status");
    place.append(button, said);
    button.addEventListener("click", () => {
      said.textContent = "Asking your device…";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => shown(said, coords),
        () => (said.textContent = "Your device did not tell the place. A picture does as well."),
        { enableHighAccuracy: true, timeout: 20000 },
      );
    });
  }
  function shown(said, coords) {
    const note = document.createElement("p");
    note.textContent = "This is what will be sent when you continue, and nothing before:";
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "button quiet";
    leave.textContent = "Leave it out";
    leave.addEventListener("click", () => said.replaceChildren());
    said.replaceChildren(
      note,
      field("latitude", "Latitude", coords.latitude.toFixed(3)),
      field("longitude", "Longitude", coords.longitude.toFixed(3)),
      field("accuracy", "Within metres", String(Math.ceil(coords.accuracy))),
      leave,
    );
  }
  function field(name, label, value) {
    const line = document.createElement("div");
    const words = document.createElement("label");
    const input = document.createElement("input");
    line.className = "field";
    words.htmlFor = input.id = input.name = name;
    words.textContent = label;
    input.className = "short";
    input.value = value;
    input.readOnly = true;
    line.append(words, input);
    return line;
  }

  // Again and again, and at once when the device says that it is back.
  async function retry() {
    if (waiting) await waiting();
    await pump();
  }
  addEventListener("online", () => {
    retry();
    keptForm()?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  setInterval(async () => {
    if (waiting || (await own()).length) await retry();
  }, RETRY_SECONDS * 1000);

  async function forgetOld() {
    const before = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
    for (const form of await all("forms")) if (form.at < before) await remove("forms", form.path);
    for (const picture of await all("pictures")) if (picture.at < before) await remove("pictures", picture.id);
  }
  async function begin() {
    const picker = document.querySelector("form[data-keep-pictures] input[type=file]");
    if (picker) picker.multiple = true;
    offerCheckIn();
    await restore();
    await told();
  }
  forgetOld().then(begin).then(pump);
})();
