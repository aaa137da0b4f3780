// The main steps without JavaScript: everything works with links and buttons alone.
"use strict";
const assert = require("node:assert/strict");
const { Person } = require("./people.js");
const { pdf } = require("./pdf.js");
const { whenFound } = require("./path.js");

const ADMINISTRATOR = { mail: "beheer2@voorbeeld.example", name: "Voorbeeld Tweede", password: "wolk nietje batterij paard" };
const LEAD = { mail: "project2@voorbeeld.example", name: "Voorbeeld Schrijver", password: "soep kanarie raam fiets" };
const ORGANISATION = "Opella";
const THEME = "leiderschap";
const TITLE = "Samen de dag beginnen in het voorbeeldhuis (fictief)";
const RARE = "ochtendgloren";

async function walk({ browser, site, looker, step }) {
  const open = () => Person.open(browser, site, looker, { script: false });
  const administrator = await open();
  const lead = await open();
  const visitor = await open();
  let draft;
  let address;

  await step("without JavaScript: signing in with a second factor, and inviting", async () => {
    const said = site.run("user", "create", "--email", ADMINISTRATOR.mail, "--name", ADMINISTRATOR.name, "--role", "beheerder");
    await administrator.accept(said.match(/http:\S+/)[0], ADMINISTRATOR.mail, ADMINISTRATOR.password, "zonder script: beheerder");
    await administrator.secure("zonder script: beheerder");
    await administrator.go("/beheer/gebruikers");
    await administrator.page.fill("input[name=naam]", LEAD.name);
    await administrator.page.fill("input[name=mailadres]", LEAD.mail);
    await administrator.page.fill("input[name=rol]", `Projectleider bij ${ORGANISATION}`);
    await administrator.press("Nodig uit");
    await lead.accept(await site.mailedLink(LEAD.mail, "/uitnodiging/"), LEAD.mail, LEAD.password, "zonder script: schrijver");
  });

  await step("without JavaScript: signing out and in again with a code", async () => {
    await administrator.page.locator("details.me summary").click();
    await administrator.press("Uitloggen", "header");
    await administrator.go("/inloggen");
    await administrator.page.fill("input[name=mailadres]", ADMINISTRATOR.mail);
    await administrator.page.fill("input[name=wachtwoord]", ADMINISTRATOR.password);
    await administrator.press("Inloggen");
    await administrator.look("zonder script: code");
    await administrator.page.fill("input[name=code]", await administrator.freshCode());
    await administrator.press("Verder");
    await administrator.go("/mijn");
    await administrator.sees(ADMINISTRATOR.name);
  });

  await step("without JavaScript: writing, a row more, a file, handing in", async () => {
    await lead.go("/schrijven");
    await lead.press("Verbeterplan");
    draft = new URL(lead.page.url()).pathname;
    await lead.look("zonder script: formulier");
    await lead.page.fill("input[name=titel] >> nth=0", TITLE);
    await lead.page.fill("textarea[name=samenvatting]", "Een fictief voorbeeld van een rustig begin van de dag.");
    const groups = lead.page.locator(`details:not([open]):has(input[name=themas][value="${THEME}"]) > summary`);
    while (0 < (await groups.count())) await groups.first().click();
    await lead.page.locator(`input[name=themas][value="${THEME}"]`).check();
    await lead.page.fill("textarea[name=tekst]", "Wij begonnen de dag samen (fictief).");
    await lead.press("Organisaties: één erbij");
    assert.equal(await lead.page.locator("input[name='organisaties.1.organisatie']").count(), 1, "a second row");
    await lead.page.setInputFiles("input[name=bestand]", {
      name: "ochtend.pdf",
      mimeType: "application/pdf",
      buffer: pdf(["Een fictief verslag", "Nog een bladzijde", `Hier staat ${RARE}`]),
    });
    await lead.press("Voeg toe");
    await lead.sees("ochtend.pdf");
    await lead.press("Indienen…");
    if (new URL(lead.page.url()).search.includes("controle")) await lead.seesNot("Dit klopt nog niet");
    await lead.press("Dien in ter beoordeling");
  });

  await step("without JavaScript: changes asked, mended, published, found, withdrawn", async () => {
    await administrator.go("/beoordelen");
    await administrator.follow(TITLE);
    await administrator.page.locator("summary", { hasText: "Vraag wijzigingen" }).click();
    await administrator.page.fill("#reden", "Zeg wie er meedeed (fictief).");
    await administrator.press("Vraag wijzigingen");
    await lead.go("/mijn");
    await lead.follow(TITLE);
    await lead.page.fill("textarea[name=tekst]", "Wij begonnen de dag samen, met zeven bewoners (fictief).");
    await lead.press("Indienen…");
    await lead.press("Dien in ter beoordeling");
    await administrator.go("/beoordelen");
    await administrator.follow(TITLE);
    await administrator.press("Publiceer nu");
    address = "/kennisbank/samen-de-dag-beginnen-in-het-voorbeeldhuis-fictief";
    await whenFound(visitor, RARE, address, true);
    await visitor.sees("p. 3");
    await visitor.look("zonder script: gevonden");
    await lead.go(address);
    await lead.follow("Intrekken");
    await lead.page.fill("#reden", "Het voorbeeld is voorbij (fictief).");
    await lead.press("Trek in");
    await visitor.go(address, 410);
  });

  for (const it of [administrator, lead, visitor]) await it.close();
}

module.exports = { walk };
