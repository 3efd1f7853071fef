// What this device keeps of a visit: what was typed, by page, and pictures. Nothing leaves from here.
window.visitStore = (() => {
  if (!window.indexedDB) return null;

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
  // In one transaction: whoever types meanwhile loses nothing. What becomes null goes.
  async function change(path, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("forms", "readwrite");
      const store = transaction.objectStore("forms");
      const asked = store.get(path);
      asked.onsuccess = () => {
        const changed = act(asked.result);
        if (changed) store.put({ ...asked.result, path, ...changed });
        else store.delete(path);
      };
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  return { all, change, get, put, remove };
})();
