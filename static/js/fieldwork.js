// Keeps on this device what was typed and photographed until the server has it, and sends it when there is a connection.
// Nothing here is needed: without scripts every form is sent as forms are.
(() => {
  const shop = location.pathname.match(/^\/shopper\/shops\/[0-9a-f-]{36}/)?.[0];
  if (!shop || !window.visitStore) return;

  const KEPT_DAYS = 30;
  const RETRY_SECONDS = 15;
  const { all, change, get, put, remove } = window.visitStore;
  const { asked, bodyOf, isBack, isCarrying, isOffline, secondsFor } = window.visitLine;
  const { FULL, action, element, isKept, say } = window.visitMessages;
  const { offerCheckIn } = window.visitPlace;
  const pages = window.visitPages;
  const questions = window.visitQuestions;
  const OWN_FIELDS = new Set(["csrf", "go", "autosave", "shown", "whole"]);

  const isOfShop = (url) => new URL(url).pathname.startsWith(shop);

  // What the server answered takes the place of the page, so that what it says to the reader is not lost.
  async function show(html, url) {
    window.visitMessages.forget();
    isOnlyHere = false;
    newer.clear();
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
  const offeredBy = (form) => new FormData(form).getAll("shown");
  // Typed, and kept nowhere but on the page.
  let isOnlyHere = false;
  // The page of which this device could not tell what it keeps: that is neither written over nor taken away.
  let unread = "";
  const isUnread = () => unread === location.pathname;
  async function keep(form) {
    if (isUnread()) {
      isOnlyHere = true;
      say("unread", WORN, UNKEPT);
      return;
    }
    const typed = { fields: fieldsOf(form), shown: offeredBy(form), at: Date.now() };
    isOnlyHere = !(await isKept(() => change(location.pathname, () => typed)));
  }
  addEventListener("beforeunload", (event) => {
    if (isOnlyHere) event.preventDefault();
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    typedAt = Date.now();
    newer.add(event.target.name);
    filled.then(() => form.isConnected && keep(form));
  });

  // The names of what was typed since the page was opened: newer than anything this device keeps, so that it stays. Heard,
  // not compared with what the server sent: on the way back a browser fills fields with what may be older than what is kept.
  const newer = new Set();
  function restored(form, fields) {
    const values = new Map();
    fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    let changed = false;
    for (const control of form.elements) {
      if (!control.name || OWN_FIELDS.has(control.name) || newer.has(control.name)) continue;
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
    // As if typed just now: what the page asked the server to save before does not hold it.
    if (changed) typedAt = Date.now();
    return changed;
  }
  // Whoever presses a button faster than this device waits until the fields hold what belongs into them, and what was typed
  // faster is kept together with that.
  let begun;
  let filled = new Promise((resolve) => (begun = resolve));
  async function fill() {
    try {
      await restore();
      unread = "";
    } catch {
      unread = location.pathname;
      say("unread", WORN, UNREAD);
    }
  }
  const WORN = "This device could not be read";
  const UNREAD = "What you had typed here before is still kept on it: load this page again to see it. What stands in the fields now is sent as it stands.";
  const UNKEPT = "What you type now is not kept on it. Leave this page open until it is sent. What you had typed here before is still kept.";
  async function restore() {
    const form = keptForm();
    const kept = form && (await get("forms", location.pathname));
    const back = form && (await broughtBack(form));
    // What was typed into a question that is not shown now would be forgotten with the next stroke.
    if (kept?.fields.some(([name]) => questions.isFolded(name))) questions.unfold();
    if (kept && restored(form, kept.fields)) {
      say("restored", "Back as you left it", "What you had typed here was not sent yet. It is in its fields again.");
    } else if (!kept && back?.length && restored(form, [...back.flatMap((line) => line.fields), ...fieldsOf(form)])) {
      say("restored", "Back as you left it", "What you had answered here before is in its fields again.");
      await keep(form);
      // Where it is still not asked, the server tells so again.
      for (const line of isOnlyHere ? [] : back) await dropUnasked(line);
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  // What was answered in vain, as far as this page has a field for it that is empty; it is typed anew then.
  async function broughtBack(form) {
    const has = new Set(fieldsOf(form).filter(([, value]) => value).map(([name]) => name));
    const lines = (await unasked()).filter((line) => line.path === location.pathname);
    const fitting = lines.filter((line) => line.fields.every(([name]) => form.elements[name] && !has.has(name)));
    return fitting;
  }

  // A page that saves itself: once the server says so, there is nothing left to keep.
  document.addEventListener("htmx:before:request", () => (askedAt = Date.now()));
  document.addEventListener("htmx:after:request", async (event) => {
    const isSaved = event.detail?.ctx?.text?.trim().startsWith("Saved");
    if (!isSaved) return;
    // What is kept and not in its fields as yet was not saved with them.
    await filled;
    // What the server has stands not only here; an answer that is not asked it does not have.
    if (askedAt >= typedAt && !event.detail.ctx.text.includes("data-unasked")) isOnlyHere = false;
    if (isUnread()) return;
    putUnasked(location.pathname, event.detail.ctx.text, isWhole(keptForm())).then(told);
    if (askedAt < typedAt) return;
    remove("forms", location.pathname);
    renewed(location.pathname, keptForm());
  });

  // Sent: by a request of our own, which may fail without taking the page along.
  let waiting = null;
  // Where the device keeps nothing at all our own way ends at once: then a form is sent as forms are.
  const plain = new Set();
  function instead(event, work) {
    const { submitter, target } = event;
    event.preventDefault();
    work.catch(() => {
      if (!navigator.onLine) return explainReading();
      isOnlyHere = false;
      plain.add(target);
      // Later: while its first sending is still being heard, a browser takes no second one.
      setTimeout(() => target.requestSubmit(submitter));
    });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (plain.has(form)) {
      plain.delete(form);
    } else if (form.matches("form[data-keep-pictures]")) {
      instead(event, queue(form));
    } else if (form.matches("form[data-keep-recordings]")) {
      instead(event, queueRecording(form));
    } else if (form.matches("form[data-hand-in]")) {
      instead(event, handIn(form, new FormData(form, event.submitter)));
    } else if (form.matches("form[data-keep]") && !isUnread()) {
      event.preventDefault();
      const { submitter } = event;
      // Of a device that cannot be read, a form is sent as forms are.
      filled.then(() => (isUnread() ? form.requestSubmit(submitter) : send(form, new FormData(form, submitter))));
    } else if (!navigator.onLine) {
      event.preventDefault();
      explainReading();
    } else if (form.matches("form[data-keep]")) {
      // On its way: nobody is asked whether to leave what was just sent.
      isOnlyHere = false;
    }
  });

  // What is put aside of a page shows what the server has, and so do the pages that hang on its answers.
  async function renewed(path, form) {
    const others = (form?.dataset.decides ?? "").split(" ").filter(Boolean);
    for (const each of [path, ...others.map((number) => `${shop}/report/${number}`)]) {
      await pages?.renew(each).catch(() => {});
    }
  }
  const isWhole = (form) => Boolean(form?.elements.whole);

  async function send(form, data) {
    waiting = null;
    // The page was about to save itself: what is sent now holds all of it, and the form may be gone by then.
    form._htmx?.triggerSpecs?.forEach((spec) => clearTimeout(spec.timeout));
    await keep(form);
    const isLast = form.matches("[data-hand-in]");
    const path = location.pathname;
    if (isOffline() && !isLast && (unfolded() || (await later(data)))) return;
    const { answer, html } = await asked(form.action, { method: "POST", body: bodyOf(form, data) }, secondsFor(data));
    if (!answer && !isLast && (unfolded() || (await later(data)))) return;
    if (!answer || answer.status >= 500 || answer.status === 429) {
      waiting = () => send(form, data);
      say("typed", "No connection", isOnlyHere ? "" : TYPED);
      return;
    }
    if (!isOfShop(answer.url)) {
      // Signed out meanwhile: what was typed is in its fields again afterwards.
      location.assign(answer.url);
      return;
    }
    if (answer.ok && isTaken(answer.url, data)) {
      await remove("forms", path);
      renewed(path, form);
    }
    await putUnasked(path, html, isWhole(form));
    await goOn(html, answer.url);
    pump();
  }
  // A page with every question on it is answered with what was not asked, and the way on.
  async function goOn(html, url) {
    const onward = questions.onwardIn(parsed(html));
    if (!onward) return show(html, url);
    const { answer, html: next } = await asked(onward);
    const kept = answer ? next : await pages?.htmlOf(onward.split("#")[0]);
    return kept ? show(kept, answer?.url ?? new URL(onward, location.href).href) : told();
  }
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  // Without a connection: the page is put into the queue as it is, and the next one opens from this device.
  // `base` is what the server had when this page was put aside: what has changed there since is not written over.
  async function later(data) {
    const path = location.pathname;
    // Nobody is led away from what is kept nowhere else.
    if (isOnlyHere || !(await setAside(path, { go: data.get("go"), shown: data.getAll("shown") }))) return false;
    const next = await pages.after(path, data.get("go"));
    const page = next && (await pages.htmlOf(next));
    if (page) await show(page, new URL(next, location.href).href);
    else await told();
    return true;
  }

  async function setAside(path, { go, shown }) {
    const html = await pages?.htmlOf(path);
    if (!html) return false;
    const form = parsed(html).querySelector("form[data-keep]");
    const base = form ? fieldsOf(form) : [];
    const waits = { go, shown, since: Date.now(), base, version: form?.dataset.version };
    return isKept(() => change(path, (kept) => ({ at: Date.now(), waits: { ...waits, base: kept?.waits?.base ?? base } })));
  }
  // A section that was left by a link waits like the others. Pages of another kind are sent by their button alone.
  const isSection = (path) => /\/report\/\d+$/.test(path) && path.startsWith(`${shop}/`);
  async function setLeftAside(isLeft) {
    const left = (await all("forms")).filter((kept) => kept.fields && !kept.waits && isSection(kept.path) && isLeft(kept));
    for (const kept of left) await setAside(kept.path, { go: null, shown: kept.shown ?? [] });
  }
  const LEFT_SECONDS = 60;
  const isElsewhere = (kept) => kept.path !== location.pathname;
  // In another tab somebody may be typing just now.
  const isLongLeft = (kept) => isElsewhere(kept) && Date.now() - kept.at > LEFT_SECONDS * 1000;

  // Sections are sent in their order: whether one is asked hangs on earlier ones alone. Then the other pages.
  const number = (path) => Number(path.split("/").at(-1)) || Infinity;
  const waitingForms = async () =>
    (await all("forms"))
      .filter((kept) => kept.waits && kept.path.startsWith(`${shop}/`))
      .sort((one, other) => number(one.path) - number(other.path) || one.waits.since - other.waits.since);
  // One tab at a time.
  const alone = (act) => (navigator.locks ? navigator.locks.request(`candour-visit-${shop.slice(-36)}`, act) : act());
  let replaying = null;
  const replay = () => (replaying ??= alone(replayed).finally(() => (replaying = null)));
  async function replayed() {
    let count = 0;
    const stuck = new Set();
    for (const kept of await waitingForms()) {
      if (!kept.waits.conflict && !(await sentLater(kept, stuck))) break;
      count += kept.waits.conflict ? 0 : 1;
      if ((await get("forms", kept.path))?.waits) stuck.add(number(kept.path));
    }
    await told();
    if (count && location.pathname === checkPath && !held && !waiting) await lookAgain();
  }
  const compared = (fields) =>
    JSON.stringify(fields.filter(([, value]) => typeof value === "string" && value).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]).sort());
  const conflict = (kept, words) => change(kept.path, (now) => ({ waits: { ...(now?.waits ?? kept.waits), conflict: words } }));

  // Whether the line holds. A page that something else was written to meanwhile waits for its shopper.
  // stuck: the numbers of the sections that have to be looked at first.
  async function sentLater(kept, stuck) {
    const { answer, html } = await asked(pages.whole(kept.path));
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
    if ((form.dataset.reads ?? "").split(" ").some((each) => stuck.has(Number(each)))) return true;
    if (kept.waits.version && kept.waits.version !== form.dataset.version) {
      await conflict(kept, "its questions are not those of this report any more");
      return true;
    }
    // What is not asked there has no field, and nothing that could have been changed.
    const names = new Set([...form.elements].map((control) => control.name));
    const asThere = (fields) => compared(fields.filter(([name]) => names.has(name)));
    const there = compared(fieldsOf(form));
    if (!kept.waits.isForced && there !== asThere(kept.waits.base) && there !== asThere(kept.fields)) {
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
    data.set("whole", "1");
    const { answer, html } = await asked(kept.path, { method: "POST", body: bodyOf(form, data) }, secondsFor(data));
    if (!answer || answer.status >= 500 || answer.status === 429) return false;
    if (answer.status === 422) await conflict(kept, `it needs another look: ${refusalIn(html)}`);
    else if (!answer.ok || !isOfShop(answer.url)) return false;
    else if (new URL(answer.url).pathname === `${shop}/report`) await conflict(kept, "the report had been handed in before it could be sent");
    else await settledForm(kept);
    await putUnasked(kept.path, html, true);
    await renewed(kept.path, form);
    return true;
  }
  // What was typed while it was on its way stays.
  const settledForm = (kept) =>
    change(kept.path, (now) => {
      if (!now || now.at === kept.at) return null;
      return now.waits?.since === kept.waits.since ? { waits: undefined } : now;
    });

  // Answers to what is not asked as things stand, as the server has told: the report does not have them, this device does.
  const UNASKED = "#unasked";
  // Those for which this device has no room are told as long as the page is open.
  let roomless = [];
  async function unasked() {
    const kept = (await all("forms")).filter((each) => each.path.startsWith(`${shop}/`) && each.path.endsWith(UNASKED));
    return [...kept.flatMap((each) => each.lines), ...roomless];
  }
  // isWhole: of the page that was sent, every question was on it, so that what is not told of is asked now, or empty.
  async function putUnasked(path, html, isWhole) {
    const lines = questions.unaskedIn(parsed(html));
    for (const each of new Set([...(isWhole ? [path] : []), ...lines.map((line) => line.path)])) {
      const fresh = lines.filter((line) => line.path === each);
      const isTold = (line) => fresh.some((other) => other.item === line.item);
      roomless = roomless.filter((line) => line.path !== each);
      const act = (kept) => {
        const before = isWhole && each === path ? [] : (kept?.lines ?? []).filter((line) => !isTold(line));
        const now = [...before, ...fresh];
        return now.length ? { lines: now, at: Date.now() } : null;
      };
      if (!(await isKept(() => change(each + UNASKED, act)))) roomless.push(...fresh);
    }
  }
  async function dropUnasked(dropped) {
    const isOther = (line) => line.path !== dropped.path || line.item !== dropped.item;
    roomless = roomless.filter(isOther);
    await change(dropped.path + UNASKED, (kept) => {
      const left = (kept?.lines ?? []).filter(isOther);
      return left.length ? { lines: left } : null;
    });
  }
  async function tellUnasked() {
    const place = document.getElementById("unasked");
    if (!place) return;
    const lines = await unasked();
    const now = JSON.stringify(lines);
    if (place.dataset.now === now) return;
    place.dataset.now = now;
    place.hidden = !lines.length;
    place.querySelector("[data-unasked-list]").replaceChildren(...(lines.length ? unaskedNotice(lines) : []));
  }
  function unaskedNotice(lines) {
    const isOne = lines.length === 1;
    const title = isOne ? "1 answer is not part of the report" : `${lines.length} answers are not part of the report`;
    const why = isOne ? "Its question is not asked after your other answers." : "Their questions are not asked after your other answers.";
    const list = element("ul", "");
    list.append(...lines.map((line) => element("li", line.text)));
    const whole = document.createElement("details");
    // Before a report is handed in they are looked at once more.
    whole.open = location.pathname === checkPath;
    const rest = "Kept on this device until you hand in. If one belongs into the report, change the answer that it hangs on: then it is in its field again.";
    const actions = element("div", "", "actions");
    actions.append(
      action(isOne ? "Remove it from this device" : "Remove them from this device", async () => {
        for (const line of lines) await dropUnasked(line);
        await told();
      }),
    );
    whole.append(element("summary", isOne ? "Which one, and why" : "Which ones, and why"), list, element("p", rest), actions);
    return [element("p", title, "notice-title"), element("p", why), whole];
  }

  // Handed in: not while a picture of this visit waits here, unless its shopper says so.
  // seen: what was told not to be part of it when its shopper decided; more than that is looked at first.
  let held = null;
  const unaskedNow = async () => JSON.stringify(await unasked());
  async function handIn(form, data, seen = null) {
    held = null;
    const known = seen ?? (await unaskedNow());
    await setLeftAside(isElsewhere);
    await replay();
    const left = await waitingForms();
    if (left.length) {
      // What is in conflict is decided by its shopper first; what waits for the line goes first.
      if (!left.some((kept) => kept.waits.conflict)) held = () => handIn(form, data, known);
      await told();
      document.querySelector(held ? "[data-hold]" : "#conflicts")?.focus();
      return;
    }
    if (data.get("go") !== "without") {
      // A picture that was refused just now is something to look at first.
      if (await pump()) return;
      if ((await waitingPictures()).length) {
        held = () => handIn(form, data, known);
        await told();
        document.querySelector("[data-hold]")?.focus();
        return;
      }
    }
    if ((await unasked()).length && (await unaskedNow()) !== known) {
      await lookAgain();
      say("handing", "Not handed in yet", "Look at what is not part of it. Then hand it in.");
      document.getElementById("unasked")?.focus();
      return;
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
    const over = await overflowing(files.map((file) => ({ path: trayPath, kind, name: file.name, content: file, at: Date.now() })));
    say("choice", files.length ? "" : "Choose a picture first");
    chosen(form.elements.picture, over);
    await pump();
  }
  // What has no room on this device goes at once, or stays chosen: the files of those that could do neither.
  async function overflowing(files) {
    const over = [];
    for (const file of files) {
      if (await isKept(() => put("pictures", file))) continue;
      const token = document.querySelector("input[name=csrf]")?.value;
      const answer = isOffline() ? { hindrance: "connection" } : await sent(file, token);
      if (answer.hindrance || answer.failed) over.push(file.content);
      if (answer.failed) say("choice", "Not added", `${file.name}: ${answer.failed}.`);
      if (answer.isTaken) await show(answer.html, answer.url);
    }
    if (over.length) say("full", "This device is full", `${over.map((file) => file.name).join(", ")} could not be kept here and is still chosen below. Leave this page open and add it again when there is a connection, or make room on this device first.`);
    return over;
  }
  function chosen(input, files) {
    const left = new DataTransfer();
    files.forEach((file) => left.items.add(file));
    input.files = left.files;
  }
  // A recording stands in the same queue, with what its shopper declared.
  async function queueRecording(form) {
    const [file] = form.elements.recording.files;
    const isDeclared = form.elements.lawful.checked;
    if (file && isDeclared) {
      const kind = new FormData(form).get("kind");
      const over = await overflowing([{ path: trayPath, to: form.action, kind, name: file.name, content: file, at: Date.now() }]);
      chosen(form.elements.recording, over);
      form.elements.lawful.checked = over.length > 0;
    }
    say("choice", file ? (isDeclared ? "" : "Tick that the recording was lawful where you made it") : "Choose a recording first");
    await pump();
  }
  let pumping = null;
  const pump = () => (pumping ??= alone(emptied).finally(() => (pumping = null)));
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
    await tellUnasked();
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
  const EVERY = "Every question is shown here: answer those that apply.";
  let ready = new Set();
  function explainReading() {
    const every = document.querySelector(".only-if") ? ` ${EVERY}` : "";
    say("reading", isOffline() ? "No connection" : "", `${ready.size && !isOnlyHere ? READING : ALONE}${every}`);
  }
  // A page that was read with a connection is lacking the questions that no answer asks for as yet.
  function unfolded() {
    const isMore = questions.unfold();
    explainReading();
    if (isMore) document.querySelector(".only-if[data-of]")?.scrollIntoView({ block: "center" });
    return isMore;
  }
  const isHere = (link) => link.protocol === "blob:" || (link.pathname === location.pathname && link.hash);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!isOffline() || !link || isHere(link)) return;
    event.preventDefault();
    if (isOnlyHere) return isUnread() ? explainReading() : say("full", "This device is full", FULL);
    const html = ready.has(link.pathname) && (await pages.htmlOf(link.pathname));
    // The page was about to save itself: it is set aside instead.
    if (html) keptForm()?._htmx?.triggerSpecs?.forEach((spec) => clearTimeout(spec.timeout));
    if (html) await setLeftAside((kept) => !isElsewhere(kept));
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
  addEventListener("offline", async () => {
    questions.unfold();
    await markLinks();
  });

  // Again and again, and at once when the device says that it is back.
  // Pictures first: a report that is handed in takes none.
  async function retry() {
    await setLeftAside(isLongLeft);
    await replay();
    await pump();
    if (held && !(await waitingPictures()).length && !(await waitingForms()).length) await held();
    if (waiting) await waiting();
    await markLinks();
  }
  addEventListener("online", async () => {
    isBack();
    await markLinks();
    await retry();
    if ((await get("forms", location.pathname))?.waits) return;
    keptForm()?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  setInterval(async () => {
    if (waiting || !isCarrying() || (await waitingPictures()).length || (await waitingForms()).length) await retry();
  }, RETRY_SECONDS * 1000);

  async function forgetOld() {
    const before = Date.now() - KEPT_DAYS * 24 * 60 * 60 * 1000;
    for (const form of await all("forms")) if (form.at < before) await remove("forms", form.path);
    for (const picture of await all("pictures")) if (picture.at < before) await remove("pictures", picture.id);
  }
  const isHandedIn = () => location.pathname === `${shop}/report`;
  async function begin() {
    if (isHandedIn()) for (const line of await unasked()) await dropUnasked(line);
    const picker = document.querySelector("form[data-keep-pictures] input[type=file]");
    if (picker) picker.multiple = true;
    offerCheckIn();
    if (isOffline()) questions.unfold();
    filled = fill();
    begun(filled);
    await filled;
    await told();
    await markLinks();
  }
  // Put aside while there is a connection, and away again once the report is in.
  async function putAside() {
    if (!pages || isOffline()) return;
    try {
      const isReady = isHandedIn() ? await pages.forget() : await pages.prepare();
      document.documentElement.toggleAttribute("data-opens-offline", Boolean(isReady));
    } catch {
      // It works as before: with a connection.
    }
    await markLinks();
  }
  (window.deviceCleared ?? Promise.resolve()).then(forgetOld).catch(() => {}).then(begin).catch(() => {}).then(retry).then(putAside);
})();
