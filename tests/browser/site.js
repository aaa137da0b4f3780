// The real program, in an empty folder of its own, on a free port of this machine.
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

/** Much longer than anything takes, in milliseconds: past it, the program hangs. */
const PATIENCE = 120_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until there is an answer. */
async function until(what, ask) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const found = await ask();
    if (found) return found;
    await pause(200);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A port that nobody listens on now: the links in mails must name it before the program knows it. */
function freePort() {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

class Site {
  static async start(program) {
    const site = new Site();
    site.program = path.resolve(program);
    site.folder = fs.mkdtempSync(path.join(os.tmpdir(), "leerkring-browser-"));
    site.environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("LEERKRING_")));
    const content = path.resolve(__dirname, "../../content");
    const log = fs.openSync(path.join(site.folder, "serve.log"), "w");
    site.base = `http://127.0.0.1:${await freePort()}`;
    const listen = site.base.slice("http://".length);
    site.child = spawn(site.program, ["serve", "--listen", listen, "--content", content], {
      cwd: site.folder,
      env: site.environment,
      stdio: ["ignore", "pipe", log],
    });
    let said = "";
    site.child.stdout.on("data", (bytes) => (said += bytes));
    await until("the program to listen", () => {
      if (site.child.exitCode !== null) throw new Error(`the program did not start: ${said}${site.log()}`);
      return said.includes(`luistert op ${site.base}`);
    });
    return site;
  }

  /** Runs a command beside the running site; what it prints. */
  run(...words) {
    const done = spawnSync(this.program, [...words, "--public-url", this.base], {
      cwd: this.folder,
      env: this.environment,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`leerkring ${words.join(" ")}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /** A link in the newest mail to somebody that has such a link. */
  mailedLink(address, part) {
    const folder = path.join(this.folder, "data/mail");
    return until(`a mail to ${address} with ${part}`, () => {
      if (!fs.existsSync(folder)) return undefined;
      const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
      files.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
      const texts = files.map((name) => fs.readFileSync(name, "utf8").replace(/=\r?\n/g, "").replace(/=3D/g, "="));
      const mine = texts.filter((it) => it.includes(address));
      const links = mine.flatMap((it) => it.match(/http:\/\/\S+/g) ?? []);
      return links.find((it) => it.includes(part));
    });
  }

  log() {
    return fs.readFileSync(path.join(this.folder, "serve.log"), "utf8");
  }

  /** Asks the program to stop and waits for it; its exit code. */
  async stop() {
    const ended = new Promise((done) => this.child.once("exit", done));
    if (this.child.exitCode === null) this.child.kill("SIGTERM");
    const code = this.child.exitCode ?? (await ended);
    const log = this.log();
    fs.rmSync(this.folder, { recursive: true, force: true });
    return { code, log };
  }
}

module.exports = { Site, until, pause };
