// The path of delivering: a template filled in by a spreadsheet program, faults by their cell, a second person, where
// the organisation stands then, and whom it asks how to do better. On the invented network of `leerkring demo`.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const ExcelJS = require("exceljs");
const { Person } = require("./people.js");

const MEMBER = "projectleider@demo.example";
const COLLEAGUE = "collega@demo.example";
/** Of a member that does better, shows its name and lets itself be asked. */
const TEACHER = "verbeteraar@demo.example";
const QUESTION = "Hoe kregen jullie de nachten rond (fictief)?";
const INDICATOR = "ziekteverzuim-kwartaal";
const REASON = "De uren van de flexpool telden eerst niet mee (fictief).";
const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What is typed first, with the three faults people make most: words, a part above the whole, an empty formula. */
const FAULTY = [
  [INDICATOR, { teller: 887.4, noemer: 9000 }],
  ["vacaturegraad", { teller: "veel", noemer: 120 }],
  ["tijdelijke-contracten-kwartaal", { teller: 130, noemer: 120 }],
  ["scholing-actueel", { teller: { formula: "B1" }, noemer: 120 }],
];
const MENDED = [
  ["vacaturegraad", { teller: 9, noemer: 120 }],
  ["tijdelijke-contracten-kwartaal", { teller: 13, noemer: 120 }],
  ["scholing-actueel", { teller: 99, noemer: 120 }],
];

/** A sheet with a heading above its columns. */
class Sheet {
  static async read(bytes) {
    const res = new Sheet();
    res.book = new ExcelJS.Workbook();
    await res.book.xlsx.load(bytes);
    res.rows = res.book.getWorksheet("Cijfers");
    return res;
  }

  cell(indicator, column) {
    const headings = this.rows.getRow(1).values;
    const at = headings.indexOf(column);
    assert.ok(0 < at, `the column ${column} is in ${headings}`);
    const codes = this.rows.getColumn(headings.indexOf("indicator")).values;
    const row = codes.indexOf(indicator);
    assert.ok(1 < row, `a row for ${indicator} is in ${codes}`);
    return this.rows.getCell(row, at);
  }

  fill(lines) {
    for (const [indicator, cells] of lines) {
      for (const [column, value] of Object.entries(cells)) this.cell(indicator, column).value = value;
    }
  }

  async file() {
    return { name: "verzuim en inzet.xlsx", mimeType: EXCEL, buffer: Buffer.from(await this.book.xlsx.writeBuffer()) };
  }
}

/** Saves what a link gives; its name and bytes. */
async function save(person, link) {
  await link.waitFor();
  const [download] = await Promise.all([person.page.waitForEvent("download"), link.click()]);
  return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

/** Sends a file on the page of delivering. */
async function send(person, file) {
  await person.page.setInputFiles("input[name=bestand]", file);
  await person.press("Lees het bestand");
}

async function walk({ browser, site, looker, step }) {
  const open = () => Person.open(browser, site, looker, { script: true });
  const member = await open();
  const colleague = await open();
  const teacher = await open();
  let sheet;
  let delivery;

  await step("figures: an invented network, and a member that signs in", async () => {
    const said = site.run("demo");
    const password = (mail) => said.match(new RegExp(`${mail}\\s+(\\S+)`))[1];
    await member.signIn(MEMBER, password(MEMBER));
    await colleague.signIn(COLLEAGUE, password(COLLEAGUE));
    await teacher.signIn(TEACHER, password(TEACHER));
    await member.go("/aanleveren");
    await member.sees("Voorbeeldzorg 07 (fictief)", "Een bestand sturen");
    await member.look("aanleveren");
  });

  await step("figures: the template opens in a spreadsheet program and says what is asked", async () => {
    const { name, bytes } = await save(member, member.page.locator('a[href*="-K"][href*="vorm=xlsx"]').last());
    assert.match(name, /^aanlevering-voorbeeldzorg-07-\d{4}-k\d\.xlsx$/);
    sheet = await Sheet.read(bytes);
    assert.equal(sheet.book.worksheets[0].name, "Uitleg");
    assert.equal(sheet.cell(INDICATOR, "organisatie").value, "voorbeeldzorg-07");
    assert.equal(typeof sheet.cell(INDICATOR, "vorige waarde").value, "number");
    assert.ok(!sheet.cell(INDICATOR, "teller").protection?.locked, "what is asked can be filled in");
    assert.notEqual(sheet.cell(INDICATOR, "indicator").protection?.locked, false, "the rest is locked");
  });

  await step("figures: what is wrong is said by its cell, and nothing is kept", async () => {
    sheet.fill(FAULTY);
    const wrong = { vacaturegraad: /"veel" is geen getal/, "tijdelijke-contracten-kwartaal": /groter dan de noemer/, "scholing-actueel": /formule zonder uitkomst/ };
    await send(member, await sheet.file());
    await member.sees("Er is niets opgeslagen: 3 fouten");
    for (const [indicator, text] of Object.entries(wrong)) {
      const at = `cel ${sheet.cell(indicator, "teller").address}`;
      const row = member.page.locator("#fouten tbody tr", { has: member.page.locator("th", { hasText: new RegExp(`${at}$`, "i") }) });
      assert.match(await row.locator("td").innerText(), text, `${indicator} at ${at}`);
    }
    await member.look("aanleveren: fouten");
  });

  await step("figures: mended, they are kept as a draft, and what changes asks why", async () => {
    sheet.fill(MENDED);
    await send(member, await sheet.file());
    delivery = new URL(member.page.url()).pathname;
    assert.match(delivery, /^\/aanleveren\/\w{26}$/);
    await member.sees("Concept", "4 cijfers", "887,4 van 9.000", "Schrijf eerst waarom", "U leverde dit zelf aan");
    assert.equal(await member.page.getByRole("button", { name: "Akkoord met deze cijfers" }).count(), 0);
    await member.look("aanlevering: concept");
    await member.page.fill("#reden", REASON);
    await member.press("Bewaar de reden");
    await member.sees(REASON);
    await member.look("aanlevering: met reden");
  });

  await step("figures: a second person agrees and releases them", async () => {
    await colleague.go("/aanleveren");
    await colleague.follow("verzuim en inzet.xlsx");
    await colleague.sees(REASON);
    await colleague.look("aanlevering: tweede persoon");
    await colleague.press("Akkoord met deze cijfers");
    await colleague.look("aanlevering: akkoord");
    await colleague.press("Geef vrij");
    await colleague.sees("Vrijgegeven", "Deze cijfers tellen mee");
    await member.go(delivery);
    await member.sees("Akkoord van Collega-projectleider (fictief)");
    await member.look("aanlevering: vrijgegeven");
  });

  await step("figures: the member sees where it stands, how it moves, and whom to learn from", async () => {
    await member.go("/vergelijken");
    await member.sees("Ziekteverzuim per kwartaal");
    await member.look("vergelijken: lid");
    await member.follow("Ziekteverzuim per kwartaal");
    await member.sees("Uw waarde is 9,86%", "De mediaan van Voorbeeldnetwerk (fictief)", "Waar u staat", "Hoe het zich ontwikkelt");
    await member.sees("Deze organisaties doen het aantoonbaar beter", "Teams roosteren zelf");
    assert.ok(0 < (await member.page.locator("#positie-kop ~ figure svg").count()), "drawings");
    await member.look("vergelijken: waar u staat");
    await member.page.evaluate(() => document.querySelectorAll("main details").forEach((it) => (it.open = true)));
    await member.look("vergelijken: alles open");
  });

  await step("figures: the same figures as a file", async () => {
    const csv = await save(member, member.page.getByRole("link", { name: /CSV/ }));
    assert.equal(csv.name, `${INDICATOR}-cijfers.csv`);
    assert.match(csv.bytes.toString("utf8"), /;9,86;/);
    const excel = await save(member, member.page.getByRole("link", { name: /^Excel/ }));
    const { book, rows } = await Sheet.read(excel.bytes);
    assert.ok(rows.getColumn(rows.getRow(1).values.indexOf("Eigen waarde")).values.includes(9.86), "as a number");
    assert.ok(book.getWorksheet("Toelichting").getColumn(1).values.includes("Methode: Wat u niet ziet"));
    const picture = await save(member, member.page.getByRole("link", { name: /^PNG.*Waar u staat/ }));
    assert.equal(picture.name, `${INDICATOR}-positie.png`);
    assert.equal(picture.bytes.subarray(1, 4).toString("latin1"), "PNG");
  });

  await step("figures: it asks a better member how it does it, without mail addresses", async () => {
    await member.follow("Stel een vraag aan Voorbeeldzorg 17 (fictief)");
    await member.look("vraag: leeg");
    await member.press("Verstuur de vraag");
    await member.sees("Er is niets verstuurd");
    await member.look("vraag: fout");
    await member.fill("Uw vraag", QUESTION);
    await member.press("Verstuur de vraag");
    await member.sees("Uw vraag is verstuurd");
    await teacher.go(await site.mailedLink(TEACHER, "/vragen/"));
    await teacher.sees(QUESTION, "Voorbeeldzorg 07 (fictief)");
    await teacher.seesNot(MEMBER);
    await teacher.look("vraag: te beantwoorden");
    await teacher.fill("Uw antwoord", "Elk team maakt zijn eigen rooster, zes weken vooruit (fictief).");
    await teacher.press("Verstuur het antwoord");
    await teacher.sees("Deze vraag is beantwoord");
    await teacher.look("vraag: beantwoord");
  });

  await step("figures: it ticks organisations by name and compares with them", async () => {
    await member.go(`/vergelijken/${INDICATOR}`);
    await member.follow("Kies zelf organisaties");
    await member.look("kiezen");
    await member.fill("Zoek op naam", "voorbeeldzorg 2");
    await member.press("Zoek");
    await member.look("kiezen: gezocht");
    for (const box of await member.page.locator("input[name=keuze]").all()) await box.check();
    await member.press("Vergelijk met deze keuze");
    await member.sees("De mediaan van eigen keuze van 10 organisaties");
    await member.look("vergelijken: eigen keuze");
  });

  for (const it of [member, colleague, teacher]) await it.close();
}

module.exports = { walk };
