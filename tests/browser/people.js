// The browser of one person: what it opens, what it fills in, how it signs in.
"use strict";
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { pause } = require("./site.js");

const STEP = 30_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of an app for this secret in a step of time (RFC 6238: SHA-1, six figures). */
function code(secret, step) {
  const bits = [...secret].map((it) => ALPHABET.indexOf(it).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = crypto.createHmac("sha1", key).update(counter).digest();
  const at = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

class Person {
  /** `script` says whether the browser runs JavaScript. */
  static async open(browser, site, looker, { script }) {
    const res = new Person();
    Object.assign(res, { site, looker, script, errors: [], lastStep: 0 });
    res.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: script, locale: "nl-NL" });
    res.page = await res.context.newPage();
    res.page.setDefaultTimeout(60_000);
    // A fault of our script, or something that our own policy of content refuses.
    res.page.on("pageerror", (error) => res.errors.push(`${res.page.url()}: ${error.message}`));
    res.page.on("console", (it) => {
      const isOurs = it.type() === "error" && !/Failed to load resource/.test(it.text());
      if (isOurs) res.errors.push(`${res.page.url()}: ${it.text()}`);
    });
    return res;
  }

  /** Opens an address; its status. */
  async go(address, status = 200) {
    const url = address.startsWith("http") ? address : this.site.base + address;
    const answer = await this.page.goto(url);
    assert.equal(answer.status(), status, `${address}: status`);
    return answer;
  }

  /** Presses a button by its name and waits for the page that comes. */
  async press(name, within = "main") {
    const button = this.page.locator(within).getByRole("button", { name, exact: true }).first();
    await button.waitFor();
    await Promise.all([this.page.waitForEvent("load"), button.click()]);
  }

  async follow(name) {
    const link = this.page.locator("main").getByRole("link", { name, exact: true }).first();
    await link.waitFor();
    await Promise.all([this.page.waitForEvent("load"), link.click()]);
  }

  async fill(label, text) {
    await this.page.locator("main").getByLabel(label, { exact: true }).first().fill(text);
  }

  /** The text of the page as it is read. */
  text() {
    return this.page.locator("main").innerText();
  }

  async sees(...texts) {
    const all = await this.text();
    for (const it of texts) assert.ok(all.includes(it), `${this.page.url()} should say “${it}”; it says:\n${all.slice(0, 3000)}`);
  }

  async seesNot(text) {
    const all = await this.text();
    assert.ok(!all.includes(text), `${this.page.url()} should not say “${text}”`);
  }

  look(name) {
    return this.looker.at(this.page, name, this.script);
  }

  /** Chooses a first password by a link from a mail and signs in with it. */
  async accept(link, mail, password, name) {
    await this.go(link);
    await this.look(`${name}: wachtwoord kiezen`);
    await this.page.fill("input[name=wachtwoord]", password);
    await this.page.fill("input[name=herhaling]", password);
    await this.press("Bewaar wachtwoord");
    if (this.page.url().includes("/inloggen")) {
      await this.look(`${name}: inloggen`);
      await this.page.fill("input[name=mailadres]", mail);
      await this.page.fill("input[name=wachtwoord]", password);
      await this.press("Inloggen");
    }
  }

  /** Signs in with a password; for a role without a second factor. */
  async signIn(mail, password) {
    await this.go("/inloggen");
    await this.page.fill("input[name=mailadres]", mail);
    await this.page.fill("input[name=wachtwoord]", password);
    await this.press("Inloggen");
    assert.ok(!this.page.url().includes("/inloggen"), `${mail} is signed in`);
  }

  /** Sets the second factor up that the role asks for. */
  async secure(name) {
    await this.go("/mijn/account/tweede-factor");
    await this.look(`${name}: tweede factor`);
    const text = await this.page.locator("main p:has-text('Sleutel') code").innerText();
    this.secret = text.replace(/[^A-Z2-7]/g, "");
    await this.page.fill("input[name=code]", await this.freshCode());
    await this.press("Zet de tweede factor aan");
    await this.sees("Bewaar uw herstelcodes");
    await this.look(`${name}: herstelcodes`);
  }

  /** A code that was not used before: each is good once. */
  async freshCode() {
    while (Math.floor(Date.now() / STEP) <= this.lastStep) await pause(500);
    this.lastStep = Math.floor(Date.now() / STEP);
    return code(this.secret, this.lastStep);
  }

  async close() {
    assert.deepEqual(this.errors, [], "faults in the browser");
    await this.context.close();
  }
}

module.exports = { Person };
