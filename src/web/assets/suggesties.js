// Help while typing: makes a search box a combobox (ARIA 1.2) with a list of suggestions, grouped by kind.
// Nothing depends on it: without this script the form around the box works as it stands.
"use strict";
(() => {
  /** How long typing must pause before a question goes out, in milliseconds. */
  const PAUSE = 120;
  /** The fewest letters to ask with. */
  const LEAST = 2;
  /** The kinds in their order, with the heading of each group. */
  const KINDS = { titel: "Titels", thema: "Thema’s", organisatie: "Organisaties", begrip: "Begrippen" };

  function element(attributes, text = "") {
    const res = document.createElement("div");
    for (const [name, value] of Object.entries(attributes)) res.setAttribute(name, value);
    res.textContent = text;
    return res;
  }

  function combobox(input) {
    const id = `${input.id}-suggesties`;
    const list = element({ id, class: "suggestions", role: "listbox", "aria-label": "Suggesties", hidden: "" });
    const status = element({ class: "hidden", role: "status", "aria-live": "polite" });
    let options = [];
    let active = -1;
    let timer = 0;
    let request = null;

    const typed = () => input.value.trim();
    const isOpen = () => !list.hidden;

    /** Forgets what was asked: an answer that still comes is not shown. */
    function cancel() {
      clearTimeout(timer);
      request?.abort();
      request = null;
    }

    function close() {
      cancel();
      list.hidden = true;
      list.replaceChildren();
      options = [];
      activate(-1);
      input.setAttribute("aria-expanded", "false");
      status.textContent = "";
    }

    /** Makes an option the active one; -1 goes back to the text. */
    function activate(at) {
      options[active]?.setAttribute("aria-selected", "false");
      active = at;
      const option = options[at];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function show(suggestions) {
      close();
      for (const [kind, label] of Object.entries(KINDS)) {
        const ofKind = suggestions.filter((it) => it.soort === kind);
        if (ofKind.length === 0) continue;
        const heading = element({ id: `${id}-${kind}`, role: "presentation" }, label);
        const group = element({ role: "group", "aria-labelledby": heading.id });
        group.append(heading);
        for (const { tekst, url } of ofKind) {
          const option = element({ id: `${id}-${options.length}`, role: "option", "aria-selected": "false" }, tekst);
          option.dataset.url = url;
          options.push(option);
          group.append(option);
        }
        list.append(group);
      }
      const count = options.length;
      if (0 < count) {
        list.hidden = false;
        list.scrollTop = 0;
        input.setAttribute("aria-expanded", "true");
      }
      status.textContent =
        count === 0 ? "Geen suggesties" : `${count} ${count === 1 ? "suggestie" : "suggesties"}, kies met de pijltjestoetsen`;
    }

    async function ask() {
      cancel();
      const q = typed();
      if (q.length < LEAST) return close();
      const mine = new AbortController();
      request = mine;
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(q)}`, { signal: mine.signal });
        const found = answer.ok ? (await answer.json()).suggesties : [];
        // Too late: something else was typed, or the box was left.
        if (request !== mine || typed() !== q || document.activeElement !== input) return;
        show(found);
      } catch {
        // Offline, or asked again: a search box without help is still a search box.
        if (request === mine) close();
      }
    }

    function choose(option) {
      const { url } = option.dataset;
      close();
      location.assign(url);
    }

    /** What a key does, if anything: returns whether it was for the list. */
    function press(key) {
      const last = options.length - 1;
      switch (key) {
        case "ArrowDown":
          if (isOpen()) activate(active === last ? -1 : active + 1);
          else ask();
          return true;
        case "ArrowUp":
          if (isOpen()) activate(active === -1 ? last : active - 1);
          else ask();
          return true;
        case "Home":
          if (active === -1) return false;
          activate(0);
          return true;
        case "End":
          if (active === -1) return false;
          activate(last);
          return true;
        case "Escape":
          if (!isOpen()) return false;
          close();
          return true;
        case "Enter":
          if (active === -1) return false;
          choose(options[active]);
          return true;
        case "ArrowLeft":
        case "ArrowRight":
          // The cursor moves in the text: so does the attention.
          activate(-1);
          return false;
        default:
          return false;
      }
    }

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", id);
    input.parentElement.append(list, status);

    input.addEventListener("input", () => {
      activate(-1);
      cancel();
      if (typed().length < LEAST) close();
      else timer = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      const isPlain = !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
      if (isPlain && press(event.key)) event.preventDefault();
    });
    input.addEventListener("blur", close);
    input.form?.addEventListener("submit", close);
    // The box keeps the focus, so that a press on the list does not close it before the choice is made.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(combobox);
})();
