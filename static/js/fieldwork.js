// Keeps on this device what was typed and photographed until the server has it, and sends it when there is a connection.
// Nothing here is needed: without scripts every form is sent as forms are.
(() => {
  const shop = location.pathname.match(/^\/shopper\/shops\/[0-9a-f-]{36}/)?.[0];
  if (!shop || !window.indexedDB) return;

  const KEPT_DAYS = 30;
  const RETRY_SECONDS = 15;
  const ANSWER_SECONDS = 12;
  const SLOWEST_BYTES_A_SECOND = 20_000;
  const pages = window.visitPages;
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
  // In one transaction: whoever types meanwhile loses nothing.
  async function change(path, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("forms", "readwrite");
      const store = transaction.objectStore("forms");
      const asked = store.get(path);
      asked.onsuccess = () => store.put({ ...asked.result, path, ...act(asked.result) });
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  // A network that is there and carries nothing is none: whoever waits for it has waited long enough.
  let isDown = false;
  const isOffline = () => isDown || !navigator.onLine;
  async function asked(path, options = {}, seconds = ANSWER_SECONDS) {
    try {
      const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(seconds * 1000) });
      const html = await answer.text();
      isDown = false;
      return { answer, html };
    } catch {
      isDown = true;
      return {};
    }
  }

  // One message an affair, so that one that is over takes nothing of another along. Without a title it is over.
  const messages = new Map();
  function say(about, title, text = "") {
    if (title) messages.set(about, { title, text });
    else messages.delete(about);
    const place = document.getElementById("offline");
    if (!place) return;
    const lines = [];
    for (const each of messages.values()) {
      if (!lines.some((line) => line.textContent === each.title)) lines.push(element("p", each.title, "notice-title"));
      if (each.text) lines.push(element("p", each.text));
    }
    place.hidden = !lines.length;
    const said = place.querySelector("[data-offline]");
    // What is said already is not read out again.
    if (said.textContent !== lines.map((line) => line.textContent).join("")) said.replaceChildren(...lines);
  }
  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }
  function action(text, act) {
    const button = element("button", text, "button plain");
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }
  const isOfShop = (url) => new URL(url).pathname.startsWith(shop);

  // What the server answered takes the place of the page, so that what it says to the reader is not lost.
  async function show(html, url) {
    messages.clear();
    const page = new DOMParser().parseFromString(html, "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    if (url !== location.href) history.pushState({}, "", url);
    window.htmx?.process(document.body);
    const wanted = document.querySelector(".error-summary") ?? document.getElementById("main");
    wanted?.focus({ preventScroll: true });
    (document.getElementById(decodeURIComponent(location.hash.slice(1))) ?? document.body).scrollIntoView();
    await begin();
  }
  addEventListener("popstate", () => location.reload());

  // Typed: kept at every stroke, under the address of its page.
  let typedAt = 0;
  let askedAt = 0;
  const keptForm = () => document.querySelector("form[data-keep]");
  const fieldsOf = (form) => [...new FormData(form)].filter(
    ([name, value]) => !OWN_FIELDS.has(name) && !(value instanceof File && !value.size));
  const keep = (form) => change(location.pathname, () => ({ fields: fieldsOf(form), at: Date.now() }));
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
      say("restored", "Back as you left it", "What you had typed here was not sent yet. It is in its fields again.");
    }
  }

  // A page that saves itself: once the server says so, there is nothing left to keep.
  document.addEventListener("htmx:before:request", () => (askedAt = Date.now()));
  document.addEventListener("htmx:after:request", (event) => {
    const isSaved = event.detail?.ctx?.text?.trim().startsWith("Saved");
    if (!isSaved || askedAt < typedAt) return;
    remove("forms", location.pathname);
    renewed(location.pathname);
  });

  // Sent: by a request of our own, which may fail without taking the page along.
  let waiting = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-keep-pictures]")) {
      event.preventDefault();
      queue(form);
    } else if (form.matches("form[data-keep-recordings]")) {
      event.preventDefault();
      queueRecording(form);
    } else if (form.matches("form[data-hand-in]")) {
      event.preventDefault();
      handIn(form, new FormData(form, event.submitter));
    } else if (form.matches("form[data-keep]")) {
      event.preventDefault();
      send(form, new FormData(form, event.submitter));
    } else if (!navigator.onLine) {
      event.preventDefault();
      explainReading();
    }
  });
  const bodyOf = (form, data) => (form.enctype === "multipart/form-data" ? data : new URLSearchParams([...data]));

  // What is put aside of a page shows what the server has.
  const renewed = (path) => pages?.renew(path).catch(() => {});

  async function send(form, data) {
    waiting = null;
    // The page was about to save itself: what is sent now holds all of it, and the form may be gone by then.
    form._htmx?.triggerSpecs?.forEach((spec) => clearTimeout(spec.timeout));
    await keep(form);
    const isLast = form.matches("[data-hand-in]");
    const path = location.pathname;
    if (isOffline() && !isLast && (await later(data))) return;
    const { answer, html } = await asked(form.action, { method: "POST", body: bodyOf(form, data) }, secondsFor(data));
    if (!answer && !isLast && (await later(data))) return;
    if (!answer || answer.status >= 500 || answer.status === 429) {
      waiting = () => send(form, data);
      say("typed", "No connection", "What you typed is kept on this device and is sent as soon as there is a connection.");
      return;
    }
    if (!isOfShop(answer.url)) {
      // Signed out meanwhile: what was typed is in its fields again afterwards.
      location.assign(answer.url);
      return;
    }
    if (answer.ok && isTaken(answer.url, data)) {
      await remove("forms", path);
      renewed(path);
    }
    await show(html, answer.url);
    pump();
  }
  const secondsFor = (data) =>
    [...data.values()].reduce((sum, value) => sum + (value.size ?? 0), 0) / SLOWEST_BYTES_A_SECOND + ANSWER_SECONDS;

  // Without a connection: the page is put into the queue as it is, and the next one opens from this device.
  // `base` is what the server had when this page was put aside: what has changed there since is not written over.
  async function later(data) {
    const path = location.pathname;
    const html = await pages?.htmlOf(path);
    if (!html) return false;
    const form = pages.parsed(html).querySelector("form[data-keep]");
    const base = form ? fieldsOf(form) : [];
    const waits = { go: data.get("go"), shown: data.getAll("shown"), since: Date.now(), base };
    await change(path, (kept) => ({ at: Date.now(), waits: { ...waits, base: kept?.waits?.base ?? base } }));
    const next = await pages.after(path, data.get("go"));
    const page = next && (await pages.htmlOf(next));
    if (page) await show(page, new URL(next, location.href).href);
    else await told();
    return true;
  }

  // Pages that wait are sent in the order in which they were written.
  const waitingForms = async () =>
    (await all("forms"))
      .filter((kept) => kept.waits && kept.path.startsWith(`${shop}/`))
      .sort((one, other) => one.waits.since - other.waits.since);
  let replaying = null;
  const replay = () => (replaying ??= replayed().finally(() => (replaying = null)));
  async function replayed() {
    let count = 0;
    for (const kept of await waitingForms()) {
      if (kept.waits.conflict) continue;
      if (!(await sentLater(kept))) break;
      count += 1;
    }
    await told();
    if (count && location.pathname === checkPath && !held && !waiting) await lookAgain();
  }
  const compared = (fields) =>
    JSON.stringify(fields.filter(([, value]) => typeof value === "string" && value).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]).sort());
  const conflict = (kept, words) => change(kept.path, (now) => ({ waits: { ...(now?.waits ?? kept.waits), conflict: words } }));

  // Whether the line holds. A page that something else was written to meanwhile waits for its shopper.
  async function sentLater(kept) {
    const { answer, html } = await asked(kept.path);
    if (!answer || answer.status >= 500 || answer.status === 429) return false;
    const path = new URL(answer.url).pathname;
    if (!isOfShop(answer.url)) {
      hindrance = "account";
      return false;
    }
    const form = path === kept.path && pages.parsed(html).querySelector("form[data-keep]");
    if (!form) {
      await conflict(kept, path === `${shop}/report` ? "the report had been handed in before it could be sent" : "this page is not asked for any more");
      return true;
    }
    const there = compared(fieldsOf(form));
    if (!kept.waits.isForced && there !== compared(kept.waits.base) && there !== compared(kept.fields)) {
      await conflict(kept, "something else was saved on this page meanwhile, perhaps from another device");
      return true;
    }
    return posted(kept, form);
  }
  async function posted(kept, form) {
    const data = new FormData();
    data.set("csrf", form.elements.csrf.value);
    for (const [name, value] of kept.fields) data.append(name, value);
    for (const item of kept.waits.shown) data.append("shown", item);
    if (kept.waits.go) data.set("go", kept.waits.go);
    const { answer, html } = await asked(kept.path, { method: "POST", body: bodyOf(form, data) }, secondsFor(data));
    if (!answer || answer.status >= 500 || answer.status === 429) return false;
    if (answer.status === 422) await conflict(kept, `it needs another look: ${refusalIn(html)}`);
    else if (!answer.ok || !isOfShop(answer.url)) return false;
    else if (new URL(answer.url).pathname === `${shop}/report`) await conflict(kept, "the report had been handed in before it could be sent");
    else await remove("forms", kept.path);
    await renewed(kept.path);
    return true;
  }

  // Handed in: not while a picture of this visit waits here, unless its shopper says so.
  let held = null;
  async function handIn(form, data) {
    held = null;
    await replay();
    const left = await waitingForms();
    if (left.length) {
      // What is in conflict is decided by its shopper first; what waits for the line goes first.
      if (!left.some((kept) => kept.waits.conflict)) held = () => handIn(form, data);
      await told();
      document.querySelector(held ? "[data-hold]" : "#conflicts")?.focus();
      return;
    }
    if (data.get("go") !== "without") {
      // A picture that was refused just now is something to look at first.
      if (await pump()) return;
      if ((await waitingPictures()).length) {
        held = () => handIn(form, data);
        await told();
        document.querySelector("[data-hold]")?.focus();
        return;
      }
    }
    await send(form, data);
  }
  // A report that was handed in, or a shop that is gone, leads elsewhere and takes nothing.
  function isTaken(url, data) {
    const path = new URL(url).pathname;
    if (path === `${shop}/report`) return location.pathname === `${shop}/report/check`;
    return path !== shop || ["back", "undo"].includes(data.get("go"));
  }

  // Photographed: into the queue first, then out of it one by one.
  // A picture that can no longer arrive stays on the device, with the reason in `failed`, until its shopper has seen it.
  const trayPath = `${shop}/report/evidence`;
  const checkPath = `${shop}/report/check`;
  const own = async () => (await all("pictures")).filter((picture) => picture.path === trayPath);
  const waitingPictures = async () => (await own()).filter((picture) => !picture.failed);
  const LATE = "the report had been handed in before it could be sent";
  const HINDRANCES = {
    connection: "sent as soon as there is a connection",
    account: "sent as soon as you have signed in again",
    visit: "sent as soon as this visit takes pictures again",
    server: "tried again until the server takes it",
  };
  let hindrance = "connection";
  async function queue(form) {
    const files = [...form.elements.picture.files];
    const kind = new FormData(form).get("kind");
    for (const file of files) {
      await put("pictures", { path: trayPath, kind, name: file.name, content: file, at: Date.now() });
    }
    say("choice", files.length ? "" : "Choose a picture first");
    form.elements.picture.value = "";
    await pump();
  }
  // A recording stands in the same queue, with what its shopper declared.
  async function queueRecording(form) {
    const [file] = form.elements.recording.files;
    const isDeclared = form.elements.lawful.checked;
    if (file && isDeclared) {
      const kind = new FormData(form).get("kind");
      await put("pictures", { path: trayPath, to: form.action, kind, name: file.name, content: file, at: Date.now() });
      form.elements.recording.value = "";
      form.elements.lawful.checked = false;
    }
    say("choice", file ? (isDeclared ? "" : "Tick that the recording was lawful where you made it") : "Choose a recording first");
    await pump();
  }
  let pumping = null;
  const pump = () => (pumping ??= emptied().finally(() => (pumping = null)));
  // Whether one of them can no longer arrive.
  async function emptied() {
    const token = document.querySelector("input[name=csrf]")?.value;
    let last = null;
    for (const picture of token ? await waitingPictures() : []) {
      const answer = await sent(picture, token);
      hindrance = answer.hindrance ?? "connection";
      if (answer.hindrance) break;
      await settled(picture, answer);
      if (!last?.failed) last = answer;
    }
    // What waited for all pictures was not meant for some of them.
    if (last?.failed) held = null;
    await told();
    if (last?.html && location.pathname === trayPath) await show(last.html, last.url);
    if (last?.isTaken && location.pathname === checkPath && !held && !waiting) await lookAgain();
    return Boolean(last?.failed);
  }
  async function settled(picture, answer) {
    const isSaidHere = answer.isRefused && location.pathname === trayPath;
    if (answer.isTaken || isSaidHere) await remove("pictures", picture.id);
    else await put("pictures", { ...picture, failed: answer.failed });
  }
  async function sent(picture, token) {
    const data = new FormData();
    data.set("csrf", token);
    data.set("kind", picture.kind);
    data.set(picture.to ? "recording" : "picture", picture.content, picture.name);
    if (picture.to) data.set("lawful", "yes");
    const { answer, html } = await asked(picture.to ?? trayPath, { method: "POST", body: data }, secondsFor(data));
    return answer ? outcome(answer, html) : { hindrance: "connection" };
  }
  function outcome(answer, html) {
    const path = new URL(answer.url).pathname;
    if (answer.status === 422) return { isRefused: true, failed: refusalIn(html), html, url: new URL(trayPath, answer.url).href };
    if (answer.status === 413) return { failed: "the file is too large" };
    if (answer.status === 403) return { hindrance: "account" };
    if (answer.status === 404 || path === shop) return { hindrance: "visit" };
    if (!answer.ok) return { hindrance: "server" };
    if (path === trayPath) return { isTaken: true, html, url: answer.url };
    return path === `${shop}/report` ? { failed: LATE, html, url: answer.url } : { hindrance: "account" };
  }
  function refusalIn(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector(".error-summary a")?.textContent.trim() ?? "it was refused";
  }
  // The last look shows every picture: one that has arrived meanwhile belongs on it.
  async function lookAgain() {
    const { answer, html } = await asked(checkPath);
    // Without an answer it shows itself when the page is opened the next time.
    if (!answer?.ok) return;
    await show(html, answer.url);
    // Its fields never left the screen.
    say("restored", "");
  }
  const lineOf = (picture) => element("li", `${picture.name}: waits for ${hindrance === "connection" ? "a connection" : "its turn"}`);
  const noun = (files) => (files.every((file) => file.to) ? "recording" : files.some((file) => file.to) ? "file" : "picture");
  const counted = (files, one, many) => (files.length === 1 ? `1 ${noun(files)} ${one}` : `${files.length} ${noun(files)}s ${many}`);
  async function told() {
    const pictures = await own();
    const left = pictures.filter((picture) => !picture.failed);
    for (const place of document.querySelectorAll("[data-queue]")) {
      place.hidden = !left.length;
      place.replaceChildren(...left.map(lineOf));
    }
    const kept = `${counted(left, "is", "are")} kept on this device and ${HINDRANCES[hindrance]}.`;
    say("pictures", left.length ? "Not sent yet" : "", kept);
    const forms = await waitingForms();
    const typed = forms.filter((kept) => !kept.waits.conflict);
    say("typed", typed.length ? "Not sent yet" : "", TYPED);
    tellConflicts(forms.filter((kept) => kept.waits.conflict));
    const hold = document.querySelector("[data-hold]");
    if (hold) {
      hold.hidden = !left.length && !(held && typed.length);
      hold.querySelector("[data-hold-title]").textContent = left.length
        ? counted(left, "still has to go", "still have to go")
        : "What you typed still has to go";
      hold.querySelector("[data-hold-text]").textContent = held
        ? "The report is handed in as soon as it has arrived, if this page stays open."
        : "It goes first, the report after it.";
    }
    tellFailed(pictures.filter((picture) => picture.failed));
  }

  const TYPED = "What you typed is kept on this device and is sent as soon as there is a connection.";

  // Two have written to one page: both stay, until one of them is chosen.
  function tellConflicts(kept) {
    const place = document.getElementById("conflicts");
    if (!place) return;
    const said = place.querySelector("[data-conflicts]");
    const now = JSON.stringify(kept.map((each) => [each.path, each.waits.conflict]));
    if (place.dataset.now === now) return;
    place.dataset.now = now;
    place.hidden = !kept.length;
    const list = element("ul", "", "failed");
    list.append(...kept.map(conflictLine));
    said.replaceChildren(element("p", "Look at these pages again", "notice-title"), list);
  }
  function conflictLine(kept) {
    const line = element("li", `Page ${kept.path.split("/").at(-1)}: ${kept.waits.conflict}. What you typed is kept on this device.`);
    const actions = element("div", "", "actions");
    const look = element("a", "Look at it", "button plain");
    look.href = kept.path;
    const force = () => change(kept.path, (now) => ({ waits: { ...now.waits, conflict: "", isForced: true } }));
    const forget = () => remove("forms", kept.path).then(told);
    actions.append(look, action("Send what I typed", () => force().then(replay)), action("Drop what I typed", forget));
    line.append(actions);
    return line;
  }

  // What did not arrive: said once for all, with the file to be kept elsewhere.
  let lent = [];
  function tellFailed(failed) {
    const place = document.getElementById("failed");
    if (!place) return;
    const said = place.querySelector("[data-failed]");
    const ids = failed.map((picture) => picture.id).join();
    if (place.dataset.ids === ids) return;
    place.dataset.ids = ids;
    place.hidden = !failed.length;
    lent.forEach((url) => URL.revokeObjectURL(url));
    lent = [];
    const list = element("ul", "", "failed");
    list.append(...failed.map(failedLine));
    said.replaceChildren(element("p", counted(failed, "did not arrive", "did not arrive"), "notice-title"), list);
  }
  function failedLine(picture) {
    const day = new Date(picture.at + KEPT_DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const line = element("li", `${picture.name}: ${picture.failed}. It is kept on this device until ${day}.`);
    const save = element("a", "Save the file", "button plain");
    save.href = URL.createObjectURL(picture.content);
    save.download = picture.name;
    lent.push(save.href);
    const actions = element("div", "", "actions");
    actions.append(save);
    // An open tray: the report has come back to its shopper.
    if (picture.failed === LATE && document.querySelector("form[data-keep-pictures]")) {
      actions.append(action("Add it now", () => put("pictures", { ...picture, failed: "" }).then(pump)));
    }
    actions.append(action("Remove it from this device", () => remove("pictures", picture.id).then(told)));
    line.append(actions);
    return line;
  }

  // Without a connection the pages of this report open from this device, and others do not: better said here.
  const READING = "You can go on with this report; other pages open when there is a connection.";
  const ALONE = "You can go on typing here; other pages open when there is a connection.";
  let ready = new Set();
  const explainReading = () =>
    say("reading", isOffline() ? "No connection" : "", ready.size ? READING : ALONE);
  const isHere = (link) => link.protocol === "blob:" || (link.pathname === location.pathname && link.hash);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!isOffline() || !link || isHere(link)) return;
    event.preventDefault();
    const html = ready.has(link.pathname) && (await pages.htmlOf(link.pathname));
    if (html) await show(html, link.href);
    else explainReading();
  });
  async function markLinks() {
    ready = (await pages?.paths().catch(() => null)) ?? new Set();
    for (const link of document.querySelectorAll("a[href]")) {
      if (!isOffline() || isHere(link) || ready.has(link.pathname)) link.removeAttribute("aria-disabled");
      else link.setAttribute("aria-disabled", "true");
    }
    explainReading();
  }
  addEventListener("offline", markLinks);

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
  // Pictures first: a report that is handed in takes none.
  async function retry() {
    await replay();
    await pump();
    if (held && !(await waitingPictures()).length && !(await waitingForms()).length) await held();
    if (waiting) await waiting();
    await markLinks();
  }
  addEventListener("online", async () => {
    isDown = false;
    await markLinks();
    await retry();
    if ((await get("forms", location.pathname))?.waits) return;
    keptForm()?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  setInterval(async () => {
    if (waiting || isDown || (await waitingPictures()).length || (await waitingForms()).length) await retry();
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
    await markLinks();
  }
  // Put aside while there is a connection, and away again once the report is in.
  async function putAside() {
    if (!pages || isOffline()) return;
    try {
      const isReady = location.pathname === `${shop}/report` ? await pages.forget() : await pages.prepare();
      document.documentElement.toggleAttribute("data-opens-offline", Boolean(isReady));
    } catch {
      // It works as before: with a connection.
    }
    await markLinks();
  }
  isDown = Boolean(document.querySelector("meta[name=kept-at]"));
  (window.deviceCleared ?? Promise.resolve()).then(forgetOld).then(begin).then(retry).then(putAside);
})();
