// The place of a check-in, taken from the device when its shopper asks for it.
window.visitPlace = (() => {
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
  return { offerCheckIn };
})();
