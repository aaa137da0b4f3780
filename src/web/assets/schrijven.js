// Keeps what is typed in the form of a document by itself, and says so. Without this script the buttons do it.
"use strict";
(() => {
  /** How long typing must pause before it is kept, in milliseconds. */
  const PAUSE = 2000;

  function keep(form) {
    const status = form.querySelector("[data-saved]");
    const checks = form.querySelector("[data-checks]");
    const version = form.elements.versie;
    let timer = 0;
    let isSending = false;
    let isChanged = false;
    let isStopped = false;

    const say = (text) => {
      if (status && status.textContent !== text) status.textContent = text;
    };

    async function send() {
      if (isSending || isStopped) return;
      isSending = true;
      isChanged = false;
      say("Bewaren…");
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          redirect: "error",
        });
        if (!answer.headers.get("content-type")?.includes("json")) {
          // Signed out meanwhile, or the site is down: the text stays in the form.
          isStopped = answer.status === 401 || answer.status === 403;
          say("Niet bewaard. Log in een ander venster opnieuw in en kies dan Bewaren.");
          isChanged = !isStopped;
          isSending = false;
          if (isChanged) wait();
          return;
        }
        const said = await answer.json();
        if (answer.ok) {
          version.value = said.versie;
          say(`Bewaard om ${said.bewaard}`);
          // Made by our own server, from escaped text.
          if (checks) checks.innerHTML = said.controle;
        } else {
          // What is wrong is not mended by sending it again; the button shows it all.
          isStopped = answer.status === 409;
          say(said.melding ?? "Niet bewaard. Kies Bewaren.");
        }
      } catch {
        isChanged = true;
        say("Niet bewaard: geen verbinding. Wij proberen het opnieuw.");
      }
      isSending = false;
      if (isChanged) wait();
    }

    function wait() {
      isChanged = true;
      clearTimeout(timer);
      timer = setTimeout(send, PAUSE);
    }

    form.addEventListener("input", wait);
    form.addEventListener("change", (event) => {
      const part = event.target.closest("details.part");
      const count = part?.querySelectorAll("input:checked").length;
      if (part) part.querySelector("[data-chosen]").textContent = count ? `(${count} gekozen)` : "";
    });
    // A form beside it leaves the page: what is typed is kept first.
    document.querySelectorAll("form[data-keep-first]").forEach((other) => {
      other.addEventListener("submit", async (event) => {
        if (!isChanged && !isSending) return;
        event.preventDefault();
        clearTimeout(timer);
        while (isSending) await new Promise((done) => setTimeout(done, 100));
        if (isChanged) await send();
        clearTimeout(timer);
        // When it could not be kept, the browser asks before it leaves.
        if (!isChanged) other.submit();
      });
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      isStopped = true;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isChanged && !isStopped) event.preventDefault();
    });
  }

  document.querySelectorAll("form[data-autosave]").forEach(keep);
  // Who comes back from a fault begins at its list.
  document.querySelector("#botsing, #fouten")?.focus();
})();
