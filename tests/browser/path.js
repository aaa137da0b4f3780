// The path with JavaScript: from the first account to a document that was withdrawn.
"use strict";
const assert = require("node:assert/strict");
const { Person } = require("./people.js");
const { pdf } = require("./pdf.js");
const { until } = require("./site.js");

const ADMINISTRATOR = { mail: "beheer@voorbeeld.example", name: "Voorbeeld Beheer", password: "paard batterij nietje wolk" };
const EDITOR = { mail: "redactie@voorbeeld.example", name: "Voorbeeld Redactie", password: "lepel kasteel mist bakfiets" };
const LEAD = { mail: "project@voorbeeld.example", name: "Voorbeeld Projectleider", password: "fiets raam kanarie soep" };
const ORGANISATION = "Opella";
const THEME = "onbegrepen-gedrag-en-dementie";
const TITLE = "Rustige nachten in het voorbeeldhuis (fictief)";
const NEW_TITLE = "Rustige nachten in twee voorbeeldhuizen (fictief)";
/** Stands on the second page of the file and nowhere else. */
const RARE = "maanlichtronde";
const REASON = "Zeg erbij hoeveel bewoners meededen (fictief).";
const REMARK = "Kan dit korter? (fictief)";
const WITHDRAWN = "Het voorbeeld is voorbij (fictief).";
const SUMMARY = "Een fictief voorbeeld: minder rondes in de nacht, en bewoners die beter slapen.";

/** Opens the part of the form that holds a choice and makes the choice. */
async function choose(page, name, value) {
  const box = page.locator(`input[name=${name}][value="${value}"]`);
  const closed = page.locator(`details:not([open]):has(input[name=${name}][value="${value}"]) > summary`);
  while (0 < (await closed.count())) await closed.first().click();
  await box.check();
}

async function invite(person, who, role) {
  await person.go("/beheer/gebruikers");
  await person.fill("Naam", who.name);
  await person.fill("Mailadres", who.mail);
  await person.fill("Rol", role);
  await person.press("Nodig uit");
  await person.sees(who.name);
}

/** Waits until a search by somebody finds, or no longer finds, an address. */
function whenFound(person, question, address, isThere) {
  return until(`${question} ${isThere ? "to find" : "to lose"} ${address}`, async () => {
    await person.go(`/zoeken?q=${encodeURIComponent(question)}`);
    return (0 < (await person.page.locator(`.hits a[href^="${address}"]`).count())) === isThere;
  });
}

async function walk({ browser, site, looker, step }) {
  const open = () => Person.open(browser, site, looker, { script: true });
  const administrator = await open();
  const editor = await open();
  const lead = await open();
  const visitor = await open();
  let draft;
  let address;

  await step("a visitor sees the public pages", async () => {
    for (const it of ["/", "/zoeken?q=verzuim", "/themas", "/organisaties", "/over", "/inloggen", "/wachtwoord-vergeten", "/api/docs"]) {
      await visitor.go(it);
      await visitor.look(`bezoeker ${it}`);
    }
  });

  await step("the first administrator comes in by the link of the command line", async () => {
    const said = site.run("user", "create", "--email", ADMINISTRATOR.mail, "--name", ADMINISTRATOR.name, "--role", "beheerder");
    const link = said.match(/http:\S+/)[0];
    await administrator.accept(link, ADMINISTRATOR.mail, ADMINISTRATOR.password, "beheerder");
    await administrator.secure("beheerder");
    await administrator.go(link, 410);
    await administrator.look("beheerder: verlopen link");
  });

  await step("the administrator invites an editor and a project lead", async () => {
    for (const it of ["/beheer", "/beheer/gebruikers", "/beheer/lijsten", "/beheer/lijsten/organisaties", `/beheer/lijsten/organisaties/opella`, `/beheer/lijsten/themas/${THEME}`, "/beheer/zoekvragen", "/beheer/beoordelaars", "/mijn/account", "/mijn", "/schrijven", "/beoordelen"]) {
      await administrator.go(it);
      await administrator.look(`beheerder ${it}`);
    }
    await invite(administrator, EDITOR, "Redacteur");
    await invite(administrator, LEAD, `projectleider bij ${ORGANISATION}`);
    await administrator.look("beheerder: uitgenodigd");
    await administrator.follow(LEAD.name);
    await administrator.look("beheerder: gebruiker");
  });

  await step("both choose a password by the link in their mail", async () => {
    await editor.accept(await site.mailedLink(EDITOR.mail, "/uitnodiging/"), EDITOR.mail, EDITOR.password, "redacteur");
    await editor.secure("redacteur");
    await lead.accept(await site.mailedLink(LEAD.mail, "/uitnodiging/"), LEAD.mail, LEAD.password, "projectleider");
    await lead.go("/mijn");
    await lead.look("projectleider: mijn werk, leeg");
  });

  await step("a wrong password is refused, in words", async () => {
    const stranger = await open();
    await stranger.go("/inloggen");
    await stranger.page.fill("input[name=mailadres]", LEAD.mail);
    await stranger.page.fill("input[name=wachtwoord]", "niet het goede wachtwoord");
    await stranger.press("Inloggen");
    assert.match(await stranger.page.title(), /Inloggen/);
    await stranger.look("inloggen: fout");
    await stranger.close();
  });

  await step("the project lead writes a factsheet with a file", async () => {
    await lead.go("/schrijven");
    await lead.look("projectleider: schrijven");
    await lead.press("Factsheet");
    draft = new URL(lead.page.url()).pathname;
    await lead.look("formulier: nieuw");
    await lead.press("Indienen…");
    await lead.sees("Dit klopt nog niet");
    await lead.look("formulier: nog niet klaar");
    await lead.fill("Titel", TITLE);
    await lead.page.fill("textarea[name=samenvatting]", SUMMARY);
    await choose(lead.page, "themas", THEME);
    await lead.page.fill("textarea[name=tekst]", "Wij maakten **minder** rondes. Bewoners slapen beter. <script>alert(1)</script>");
    await lead.press("Bewaren");
    await lead.page.setInputFiles("input[name=bestand]", {
      name: "nachtronde.pdf",
      mimeType: "application/pdf",
      buffer: pdf(["De eerste bladzijde van een fictief verslag", `Op deze bladzijde staat de ${RARE} van het voorbeeldhuis`]),
    });
    await lead.page.fill("#bijlage-titel", "Verslag van de nacht (fictief)");
    await lead.press("Voeg toe");
    await lead.sees("nachtronde.pdf");
    assert.equal(await lead.page.inputValue("input[name=titel] >> nth=0"), TITLE);
    await lead.look("formulier: met bijlage");
  });

  await step("what is typed is kept by itself and survives a reload", async () => {
    const typed = "Wij maakten **minder** rondes en keken vaker van afstand. Bewoners slapen beter.";
    await lead.page.fill("textarea[name=tekst]", typed);
    await lead.page.waitForResponse((it) => it.url().endsWith("/bewaren") && it.status() === 200);
    await lead.page.waitForFunction(() => /Bewaard om/.test(document.querySelector("[data-saved]").textContent));
    await lead.page.reload();
    assert.equal(await lead.page.inputValue("textarea[name=tekst]"), typed);
    assert.ok(await lead.page.locator(`input[name=themas][value="${THEME}"]`).isChecked(), "the theme was kept");
  });

  await step("she looks at it and hands it in", async () => {
    await lead.go(`${draft}/voorbeeld`);
    await lead.sees(TITLE, "Verslag van de nacht (fictief)");
    await lead.look("voorbeeld");
    await lead.go(draft);
    await lead.press("Indienen…");
    await lead.sees(EDITOR.name);
    await lead.look("indienen");
    await lead.fill("Toelichting voor wie beoordeelt (mag leeg)", "Klopt de titel zo? (fictief)");
    await lead.press("Dien in ter beoordeling");
    await lead.look("ingediend");
    await lead.go("/mijn");
    await lead.sees("aan zet", TITLE);
    await lead.look("projectleider: ingediend");
    await visitor.go(draft);
    assert.ok(visitor.page.url().includes("/inloggen"), "a visitor does not see a draft");
    await visitor.go(`/zoeken?q=${RARE}`);
    await visitor.seesNot(TITLE);
  });

  await step("the editor asks for changes, with a reason and a remark at a field", async () => {
    await site.mailedLink(EDITOR.mail, "/beoordelen/");
    await editor.go("/beoordelen");
    await editor.look("beoordelen: lijst");
    await editor.follow(TITLE);
    await editor.sees("Klopt de titel zo? (fictief)");
    await editor.look("beoordelen");
    await editor.page.selectOption("#veld", "samenvatting");
    await editor.page.fill("#opmerking", REMARK);
    await editor.press("Plaats opmerking");
    await editor.sees(REMARK);
    await editor.look("beoordelen: met opmerking");
    await editor.page.locator("summary", { hasText: "Vraag wijzigingen" }).click();
    await editor.press("Vraag wijzigingen");
    await editor.look("beoordelen: zonder reden");
    await editor.page.fill("#reden", REASON);
    await editor.press("Vraag wijzigingen");
  });

  await step("the author sees that the ball is hers, mends it and hands it in again", async () => {
    await site.mailedLink(LEAD.mail, "/schrijven/");
    await lead.go("/mijn");
    await lead.sees("Aan zet", TITLE, REASON);
    await lead.look("projectleider: aan zet");
    await lead.follow(TITLE);
    await lead.sees(REASON, REMARK);
    await lead.look("formulier: wijzigingen gevraagd");
    await lead.page.fill("textarea[name=samenvatting]", "Een fictief voorbeeld: zeven bewoners slapen beter.");
    await lead.press(/^Gedaan/);
    assert.equal(await lead.page.inputValue("textarea[name=samenvatting]"), "Een fictief voorbeeld: zeven bewoners slapen beter.");
    await lead.press("Indienen…");
    await lead.press("Dien in ter beoordeling");
  });

  await step("the editor publishes; a visitor finds it by a word of the second page of the file", async () => {
    await editor.go("/beoordelen");
    await editor.follow(TITLE);
    await editor.press("Publiceer nu");
    await editor.look("gepubliceerd");
    address = "/kennisbank/rustige-nachten-in-het-voorbeeldhuis-fictief";
    await whenFound(visitor, RARE, address, true);
    await visitor.sees(TITLE, "p. 2");
    await visitor.look("gevonden in een bijlage");
    await visitor.page.locator(".hits h2 a").first().click();
    await visitor.page.waitForLoadState("load");
    assert.equal(new URL(visitor.page.url()).pathname, address);
    await visitor.sees("zeven bewoners", "keken vaker van afstand");
    await visitor.look("document");
  });

  await step("a new version is written, reviewed and laid beside the old one", async () => {
    await lead.go(address);
    await lead.look("document: van de auteur");
    await lead.press("Bewerken");
    await lead.fill("Titel", NEW_TITLE);
    await lead.press("Indienen…");
    await lead.press("Dien in ter beoordeling");
    await visitor.go(address);
    await visitor.sees(TITLE);
    await editor.go("/beoordelen");
    await editor.follow(NEW_TITLE);
    await editor.sees("Wat er verschilt van de gepubliceerde versie");
    await editor.look("beoordelen: nieuwe versie");
    await editor.press("Publiceer nu");
    await visitor.go(address);
    await visitor.sees(NEW_TITLE);
    await visitor.go(`${address}/versies`);
    await visitor.look("versies");
    await visitor.follow("met versie 1");
    await visitor.sees("in het voorbeeldhuis", "in twee voorbeeldhuizen");
    await visitor.look("versies vergeleken");
    await visitor.go(`${address}/versies/1`);
    await visitor.look("een oude versie");
    await editor.go(`${address}/versies`);
    await editor.look("versies: redacteur");
  });

  await step("a withdrawn document is gone, says why, and is found no more", async () => {
    await lead.go(address);
    await lead.follow("Intrekken");
    await lead.press("Trek in");
    await lead.look("intrekken: zonder reden");
    await lead.page.fill("#reden", WITHDRAWN);
    await lead.press("Trek in");
    await visitor.go(address, 410);
    await visitor.sees(WITHDRAWN);
    await visitor.look("ingetrokken");
    await whenFound(visitor, RARE, address, false);
    await visitor.go(`${address}/bijlagen/nachtronde.pdf`, 404);
  });

  await step("the administrator reads back what happened", async () => {
    for (const it of ["/beheer/logboek", "/beheer/berichten"]) {
      await administrator.go(it);
      await administrator.look(`beheerder ${it}`);
    }
    await visitor.go("/bestaat-niet", 404);
    await visitor.look("niet gevonden");
  });

  for (const it of [administrator, editor, lead, visitor]) await it.close();
}

module.exports = { walk, invite, whenFound, ADMINISTRATOR, EDITOR };
