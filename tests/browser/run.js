// Starts the real program, walks the path of writing with and without JavaScript, and stops it.
// Usage: node run.js PROGRAM
"use strict";
const fs = require("node:fs");
const { chromium } = require("playwright-core");
const { Looker } = require("./look.js");
const { Site } = require("./site.js");
const path = require("./path.js");
const plain = require("./plain.js");

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

async function main() {
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
      await path.walk({ browser, site, looker, step });
      await plain.walk({ browser, site, looker, step });
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
