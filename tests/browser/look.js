// Looks at a page as axe does, and whether it fits its screen, on a desk and on a phone.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
];
const GRAVE = ["serious", "critical"];

/** What sticks out of the page, inside the browser; nothing when all fits. */
function tooWide() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const out = [...document.querySelectorAll("body *")].filter((it) => clientWidth < it.getBoundingClientRect().right);
  const name = (it) => `${it.tagName.toLowerCase()}${it.id ? `#${it.id}` : ""}${it.className ? `.${it.className}` : ""}`;
  return `${scrollWidth} px wide; ${out.slice(0, 4).map(name).join(", ")}`;
}

class Looker {
  constructor(shots) {
    this.shots = shots;
    this.faults = [];
    this.seen = 0;
    if (shots) fs.mkdirSync(shots, { recursive: true });
  }

  /** Looks at the page a browser is on; `name` says which it is. Without script there is only a picture to take. */
  async at(page, name, hasScript) {
    if (!hasScript && !this.shots) return;
    const before = page.viewportSize();
    for (const screen of SCREENS) {
      await page.setViewportSize(screen);
      const where = `${name}, ${screen.width} px`;
      this.seen += 1;
      if (this.shots) {
        const file = `${String(this.seen).padStart(3, "0")}-${name.replace(/[^a-z0-9]+/gi, "-")}-${screen.width}.png`;
        await page.screenshot({ path: path.join(this.shots, file), fullPage: true });
      }
      if (!hasScript) continue;
      const wide = await page.evaluate(tooWide);
      if (wide) this.faults.push(`${where}: scrolls sideways: ${wide}`);
      await page.evaluate(AXE);
      const found = await page.evaluate(
        async (rules) => (await globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"] })).violations,
        RULES,
      );
      for (const it of found) {
        const line = `${where}: ${it.impact}: ${it.id}: ${it.help}: ${it.nodes.map((node) => node.target.join(" ")).slice(0, 4).join("; ")}`;
        if (GRAVE.includes(it.impact)) this.faults.push(line);
        else console.log(`   note: ${line}`);
      }
    }
    if (before) await page.setViewportSize(before);
  }
}

module.exports = { Looker };
