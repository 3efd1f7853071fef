// Where somebody starts from, taken from the device when they ask for it: shown roughly, and kept only by their button.
(() => {
  const place = document.querySelector("[data-own-place]");
  const numbers = document.querySelector("[data-numbers]");
  if (!place || !numbers || !navigator.geolocation) return;
  const said = place.querySelector("[role=status]");
  const fields = numbers.querySelector("form").elements;
  // The square kilometre is all that is kept, and so no more of it leaves the device.
  const shown = ({ coords }) => {
    fields.latitude.value = coords.latitude.toFixed(2);
    fields.longitude.value = coords.longitude.toFixed(2);
    numbers.open = true;
    said.textContent = "Your device says this square kilometre. Nothing is kept until you press “Keep these”.";
    numbers.querySelector("button").focus();
  };
  const untold = () => (said.textContent = "Your device did not tell the place. The other ways do as well.");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    said.textContent = "Asking your device…";
    navigator.geolocation.getCurrentPosition(shown, untold, { timeout: 20000, maximumAge: 600000 });
  });
})();
