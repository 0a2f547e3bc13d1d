"use strict";
// Platform storage (1EdTech LTI Client Side postMessages 1.0 and LTI
// Postmessage Storage 1.0): keeps what a tool may not keep in cookies, for as
// long as this page is open. Each origin of the tool has a store of its own.
(() => {
  const MAX_ENTRIES = 500;
  const MAX_LENGTH = 4096; // of a key or value
  const SUBJECTS = ["lti.capabilities", "lti.put_data", "lti.get_data"];
  const stores = new Map();

  // allowed tells whether a message comes from the tool's own frame and origin.
  const allowed = (event) => {
    const frame = document.querySelector("#contentframe");
    return frame && event.source === frame.contentWindow && frame.dataset.storage.split(" ").includes(event.origin);
  };

  const isText = (v) => typeof v === "string" && v.length <= MAX_LENGTH;

  const put = (store, { key, value }) => {
    if (value === null || value === undefined) {
      store.delete(key);
      return { key };
    }
    if (!isText(value)) return { error: { code: "bad_request", message: "value is no short text" } };
    if (!store.has(key) && store.size >= MAX_ENTRIES) return { error: { code: "storage_exhaustion", message: "too many keys" } };
    store.set(key, value);
    return { key, value };
  };

  const answer = (store, data) => {
    if (data.subject === "lti.capabilities") return { supported_messages: SUBJECTS.map((subject) => ({ subject })) };
    if (!isText(data.message_id) || !data.message_id) return { error: { code: "bad_request", message: "message_id is missing" } };
    if (!isText(data.key) || !data.key) return { error: { code: "bad_request", message: "key is missing" } };
    if (data.subject === "lti.put_data") return put(store, data);
    return { key: data.key, value: store.has(data.key) ? store.get(data.key) : null };
  };

  window.addEventListener("message", (event) => {
    const data = event.data;
    if (!data || !SUBJECTS.includes(data.subject) || !allowed(event)) return;
    if (!stores.has(event.origin)) stores.set(event.origin, new Map());
    const reply = { subject: data.subject + ".response", message_id: data.message_id, ...answer(stores.get(event.origin), data) };
    event.source.postMessage(reply, event.origin);
  });
})();
