// Starts the real program, walks the path of writing with and without JavaScript and the path of delivering, and stops it.
// Usage: node run.js PROGRAM [PATH...]    where a path is write, plain or figures; without one, all
"use strict";
const fs = require("node:fs");
const { chromium } = require("playwright-core");
const { Looker } = require("./look.js");
const { Site } = require("./site.js");

const PATHS = { write: require("./path.js"), plain: require("./plain.js"), figures: require("./figures.js") };

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

async function main() {
  const asked = process.argv.slice(3);
  const unknown = asked.find((it) => !PATHS[it]);
  if (unknown) throw new Error(`no path ${unknown}; there is ${Object.keys(PATHS).join(", ")}`);
  const executablePath = CHROMIUM.find((it) => fs.existsSync(it));
  if (!executablePath) throw new Error(`no Chromium: looked at ${CHROMIUM.join(", ")}`);
  const looker = new Looker(process.env.LEERKRING_SHOTS);
  const site = await Site.start(process.argv[2] ?? "target/debug/leerkring");
  const steps = [];
  let broken;
  try {
    // Inside a container there is no sandbox of its own to be had; what is opened is our own site.
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const step = async (name, walk) => {
      steps.push(name);
      await walk();
      console.log(`ok ${name}`);
    };
    try {
      for (const [name, it] of Object.entries(PATHS)) {
        if (asked.length === 0 || asked.includes(name)) await it.walk({ browser, site, looker, step });
      }
    } finally {
      await browser.close();
    }
  } catch (error) {
    broken = error;
  }
  const { code, log } = await site.stop();
  if (broken) {
    console.error(`\nFAILED at: ${steps.at(-1) ?? "the start"}\n${broken.stack}`);
    console.error(`\nThe last lines of the program:\n${log.split("\n").slice(-15).join("\n")}`);
  }
  for (const it of looker.faults) console.error(`FAULT ${it}`);
  if (code !== 0) console.error(`FAULT the program ended with code ${code}`);
  if (/panicked/.test(log)) console.error(`FAULT the program panicked:\n${log}`);
  const isGood = !broken && looker.faults.length === 0 && code === 0 && !/panicked/.test(log);
  console.log(`${steps.length} steps, ${looker.seen} looks, ${isGood ? "all good" : "FAILED"}`);
  process.exitCode = isGood ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
