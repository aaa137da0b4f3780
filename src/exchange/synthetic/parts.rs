//! Dutch words to make texts of, by kind. Each list is one text; words stand apart by white space.

/// The small words of every sentence, the most frequent first.
pub(super) const SMALL: &str = "
    de van het een en in is dat op te voor met zijn die niet aan er om ook als bij door naar dan maar uit of nog tot over
    wat hun ze hij wordt kan meer werd worden zij heeft al haar was geen na we deze wel hebben dit wij kunnen zo moet
    alle andere onder veel tussen daar hoe waar zich tegen zou nu omdat moeten waren vaak hier had toen elkaar ons onze
    iedereen iemand samen goed zelf zonder mij ik je u uw jij jou hem wie welke elke elk iets niets alles altijd soms
    nooit weer steeds vooral bijvoorbeeld daarom daarbij daarmee hierdoor hierbij waarbij waardoor zodat terwijl voordat
    nadat wanneer sinds tijdens volgens per binnen buiten boven beneden naast achter zowel bovendien echter dus want
    toch even eerst daarna later eerder vroeger straks vandaag gisteren morgen ongeveer bijna juist alleen zelfs verder
    opnieuw meestal mogen willen zullen zal wil mag gaat komt gaan doen laten laat hadden beide enkele sommige zulke
    ieder eigen ervan erop eraan erin ermee hiervan daarvan waarvan hieraan
";

/// Nouns: one, more of them (`-` when nobody says it), and as the first part of a compound with its linking letters.
pub(super) const NOUNS: &str = "
    bewoner/bewoners/bewoners cliënt/cliënten/cliënten medewerker/medewerkers/medewerkers
    verpleegkundige/verpleegkundigen/verpleegkundigen verzorgende/verzorgenden/verzorgenden
    begeleider/begeleiders/begeleiders behandelaar/behandelaars/behandelaars
    mantelzorger/mantelzorgers/mantelzorgers vrijwilliger/vrijwilligers/vrijwilligers arts/artsen/artsen
    huisarts/huisartsen/huisartsen psycholoog/psychologen/psychologen therapeut/therapeuten/therapeuten
    fysiotherapeut/fysiotherapeuten/fysiotherapeuten ergotherapeut/ergotherapeuten/ergotherapeuten
    diëtist/diëtisten/diëtisten apotheker/apothekers/apothekers leidinggevende/leidinggevenden/leidinggevenden
    bestuurder/bestuurders/bestuurders manager/managers/managers coach/coaches/coach
    opleider/opleiders/opleiders leerling/leerlingen/leerlingen stagiair/stagiairs/stagiairs
    student/studenten/studenten docent/docenten/docenten ouder/ouders/ouder kind/kinderen/kinder
    partner/partners/partner familie/families/familie naaste/naasten/naasten buur/buren/buren gast/gasten/gasten
    vriend/vrienden/vrienden patiënt/patiënten/patiënten deelnemer/deelnemers/deelnemers mens/mensen/mensen
    professional/professionals/professional specialist/specialisten/specialisten adviseur/adviseurs/adviseurs
    onderzoeker/onderzoekers/onderzoekers kok/koks/koks planner/planners/planners
    inspecteur/inspecteurs/inspecteurs toezichthouder/toezichthouders/toezichthouders
    gebruiker/gebruikers/gebruikers team/teams/team huis/huizen/huis verpleeghuis/verpleeghuizen/verpleeghuis
    woning/woningen/woning kamer/kamers/kamer afdeling/afdelingen/afdelings locatie/locaties/locatie
    keuken/keukens/keuken tuin/tuinen/tuin gang/gangen/gang wijk/wijken/wijk buurt/buurten/buurt
    dorp/dorpen/dorps stad/steden/stads regio/-/regio gemeente/gemeenten/gemeente instelling/instellingen/instellings
    organisatie/organisaties/organisatie ziekenhuis/ziekenhuizen/ziekenhuis kantoor/kantoren/kantoor
    school/scholen/school praktijk/praktijken/praktijk apotheek/apotheken/apotheek badkamer/badkamers/badkamer
    huiskamer/huiskamers/huiskamer restaurant/restaurants/restaurant winkel/winkels/winkel
    werkplaats/werkplaatsen/werkplaats plein/pleinen/plein straat/straten/straat deur/deuren/deur
    gebouw/gebouwen/gebouw vloer/vloeren/vloer bed/bedden/bedden stoel/stoelen/stoel tafel/tafels/tafel
    raam/ramen/raam trap/trappen/trap zorg/-/zorg hulp/-/hulp verpleging/-/verplegings
    verzorging/-/verzorgings begeleiding/-/begeleidings behandeling/behandelingen/behandel
    ondersteuning/-/ondersteunings opname/opnames/opname ontslag/-/ontslag indicatie/indicaties/indicatie
    diagnose/diagnoses/diagnose medicatie/-/medicatie medicijn/medicijnen/medicijn maaltijd/maaltijden/maaltijd
    voeding/-/voedings wond/wonden/wond pijn/pijnen/pijn slaap/-/slaap dementie/-/dementie
    beperking/beperkingen/beperkings ziekte/ziekten/ziekte infectie/infecties/infectie hygiëne/-/hygiëne
    beweging/bewegingen/bewegings activiteit/activiteiten/activiteiten dag/dagen/dag nacht/nachten/nacht
    avond/avonden/avond ochtend/ochtenden/ochtend week/weken/week maand/maanden/maand jaar/jaren/jaar
    dagbesteding/-/dagbestedings welzijn/-/welzijns gezondheid/-/gezondheids leven/levens/levens
    levensloop/-/levensloop gedrag/-/gedrags onrust/-/onrust eenzaamheid/-/eenzaamheids rouw/-/rouw
    afscheid/-/afscheids mond/monden/mond huid/-/huid hart/harten/hart bloed/-/bloed hand/handen/hand
    voet/voeten/voet oog/ogen/oog oor/oren/oor spier/spieren/spier rooster/roosters/rooster
    planning/planningen/planning dienst/diensten/dienst taak/taken/taak functie/functies/functie rol/rollen/rol
    werk/werken/werk baan/banen/banen verzuim/-/verzuim uitstroom/-/uitstroom instroom/-/instroom inzet/-/inzet
    bezetting/bezettingen/bezettings formatie/formaties/formatie personeel/-/personeels
    contract/contracten/contract loon/lonen/loon arbeid/-/arbeids scholing/scholingen/scholings
    training/trainingen/trainings opleiding/opleidingen/opleidings les/lessen/les cursus/cursussen/cursus
    kennis/-/kennis ervaring/ervaringen/ervarings vaardigheid/vaardigheden/vaardigheids
    gesprek/gesprekken/gespreks overleg/overleggen/overleg vergadering/vergaderingen/vergader
    besluit/besluiten/besluit afspraak/afspraken/afspraken plan/plannen/plan zorgplan/zorgplannen/zorgplan
    project/projecten/project programma/-/programma doel/doelen/doel werkwijze/werkwijzen/werkwijze
    methode/methoden/methode richtlijn/richtlijnen/richtlijn protocol/protocollen/protocol
    proces/processen/proces systeem/systemen/systeem dossier/dossiers/dossier rapport/rapporten/rapport
    rapportage/rapportages/rapportage verslag/verslagen/verslag meting/metingen/meet cijfer/cijfers/cijfer
    gegeven/gegevens/gegevens vraag/vragen/vragen antwoord/antwoorden/antwoord wens/wensen/wensen
    behoefte/behoeften/behoefte keuze/keuzes/keuze kans/kansen/kansen risico/-/risico
    incident/incidenten/incidenten fout/fouten/fouten melding/meldingen/meldings klacht/klachten/klachten
    oorzaak/oorzaken/oorzaken gevolg/gevolgen/gevolg oplossing/oplossingen/oplossings
    verbetering/verbeteringen/verbeter verandering/veranderingen/veranderings
    vernieuwing/vernieuwingen/vernieuwings kwaliteit/kwaliteiten/kwaliteits veiligheid/-/veiligheids
    visie/visies/visie beleid/-/beleids bestuur/besturen/bestuurs raad/raden/raads
    commissie/commissies/commissie netwerk/netwerken/netwerk samenwerking/-/samenwerkings keten/ketens/keten
    markt/markten/markt geld/-/geld kosten/-/kosten budget/budgetten/budget tarief/tarieven/tarief
    wet/wetten/wets regel/regels/regel recht/rechten/rechts toezicht/-/toezichts inspectie/inspecties/inspectie
    norm/normen/normen eis/eisen/eisen waarde/waarden/waarde cultuur/culturen/cultuur sfeer/-/sfeer
    vertrouwen/-/vertrouwens aandacht/-/aandachts tijd/tijden/tijd rust/-/rust ruimte/ruimtes/ruimte
    vrijheid/vrijheden/vrijheids regie/-/regie zeggenschap/-/zeggenschaps inspraak/-/inspraak
    betrokkenheid/-/betrokkenheids tevredenheid/-/tevredenheids werkdruk/-/werkdruk stress/-/stress
    energie/-/energie motivatie/-/motivatie talent/talenten/talenten kracht/krachten/kracht
    leiderschap/-/leiderschaps techniek/technieken/techniek technologie/-/technologie
    sensor/sensoren/sensor scherm/schermen/scherm robot/robots/robot bril/brillen/brillen
    telefoon/telefoons/telefoon tablet/tablets/tablet alarm/alarmen/alarm sleutel/sleutels/sleutel
    beeld/beelden/beeld film/films/film spel/spellen/spel boek/boeken/boeken kaart/kaarten/kaarten
    lijst/lijsten/lijst brief/brieven/brieven formulier/formulieren/formulieren bord/borden/bord
    muziek/-/muziek kunst/-/kunst licht/-/licht geluid/geluiden/geluids kleur/kleuren/kleuren water/-/water
    lucht/-/lucht vervoer/-/vervoers fiets/fietsen/fiets rolstoel/rolstoelen/rolstoel lift/liften/lift
    hulpmiddel/hulpmiddelen/hulpmiddelen middel/middelen/middelen materiaal/materialen/materialen
    kleding/-/kleding afval/-/afval bijeenkomst/bijeenkomsten/bijeenkomst werkgroep/werkgroepen/werkgroep
    groep/groepen/groeps bezoek/bezoeken/bezoek voorbeeld/voorbeelden/voorbeeld idee/ideeën/ideeën
    verhaal/verhalen/verhalen stap/stappen/stappen fase/fasen/fase begin/-/begin
    resultaat/resultaten/resultaat effect/effecten/effect invloed/invloeden/invloed
    onderzoek/onderzoeken/onderzoeks evaluatie/evaluaties/evaluatie analyse/analyses/analyse
    advies/adviezen/advies subsidie/subsidies/subsidie financiering/-/financierings
    uitvoering/-/uitvoerings ontwerp/ontwerpen/ontwerp borging/-/borgings invoering/-/invoerings
    toekomst/-/toekomst ontwikkeling/ontwikkelingen/ontwikkelings transitie/transities/transitie
    innovatie/innovaties/innovatie kring/kringen/kring bouwsteen/bouwstenen/bouwsteen
    indicator/indicatoren/indicatoren teken/tekens/teken dialoog/dialogen/dialoog
    handreiking/handreikingen/handreikings wegwijzer/wegwijzers/wegwijzer kalender/kalenders/kalender
    ronde/rondes/ronde pauze/pauzes/pauze ritme/ritmes/ritme gewoonte/gewoontes/gewoonte hobby/-/hobby
    koor/koren/koor wandeling/wandelingen/wandel dier/dieren/dieren hond/honden/honden plant/planten/planten
    bloem/bloemen/bloemen koffie/-/koffie brood/broden/brood soep/soepen/soep fruit/-/fruit
    smaak/smaken/smaak gewicht/gewichten/gewichts kiosk/kiosken/kiosk balie/balies/balie
    overdracht/overdrachten/overdrachts wisseling/wisselingen/wisselings achterwacht/-/achterwacht
";

/// Verbs: to do, he does, he did, done.
pub(super) const VERBS: &str = "
    werken/werkt/werkte/gewerkt leren/leert/leerde/geleerd zorgen/zorgt/zorgde/gezorgd helpen/helpt/hielp/geholpen
    geven/geeft/gaf/gegeven krijgen/krijgt/kreeg/gekregen maken/maakt/maakte/gemaakt zien/ziet/zag/gezien
    kijken/kijkt/keek/gekeken luisteren/luistert/luisterde/geluisterd vragen/vraagt/vroeg/gevraagd
    praten/praat/praatte/gepraat spreken/spreekt/sprak/gesproken zeggen/zegt/zei/gezegd
    vertellen/vertelt/vertelde/verteld schrijven/schrijft/schreef/geschreven lezen/leest/las/gelezen
    meten/meet/mat/gemeten tellen/telt/telde/geteld volgen/volgt/volgde/gevolgd delen/deelt/deelde/gedeeld
    kiezen/kiest/koos/gekozen besluiten/besluit/besloot/besloten beginnen/begint/begon/begonnen
    starten/start/startte/gestart stoppen/stopt/stopte/gestopt eindigen/eindigt/eindigde/geëindigd
    blijven/blijft/bleef/gebleven houden/houdt/hield/gehouden brengen/brengt/bracht/gebracht
    nemen/neemt/nam/genomen vinden/vindt/vond/gevonden zoeken/zoekt/zocht/gezocht denken/denkt/dacht/gedacht
    weten/weet/wist/geweten kennen/kent/kende/gekend begrijpen/begrijpt/begreep/begrepen
    voelen/voelt/voelde/gevoeld merken/merkt/merkte/gemerkt ervaren/ervaart/ervoer/ervaren
    leven/leeft/leefde/geleefd wonen/woont/woonde/gewoond slapen/slaapt/sliep/geslapen eten/eet/at/gegeten
    drinken/drinkt/dronk/gedronken bewegen/beweegt/bewoog/bewogen lopen/loopt/liep/gelopen
    vallen/valt/viel/gevallen zitten/zit/zat/gezeten liggen/ligt/lag/gelegen staan/staat/stond/gestaan
    wassen/wast/waste/gewassen koken/kookt/kookte/gekookt spelen/speelt/speelde/gespeeld
    zingen/zingt/zong/gezongen lachen/lacht/lachte/gelachen rusten/rust/rustte/gerust
    bezoeken/bezoekt/bezocht/bezocht ontmoeten/ontmoet/ontmoette/ontmoet betrekken/betrekt/betrok/betrokken
    begeleiden/begeleidt/begeleidde/begeleid behandelen/behandelt/behandelde/behandeld
    verzorgen/verzorgt/verzorgde/verzorgd verplegen/verpleegt/verpleegde/verpleegd
    ondersteunen/ondersteunt/ondersteunde/ondersteund verbeteren/verbetert/verbeterde/verbeterd
    veranderen/verandert/veranderde/veranderd vernieuwen/vernieuwt/vernieuwde/vernieuwd
    ontwikkelen/ontwikkelt/ontwikkelde/ontwikkeld ontwerpen/ontwerpt/ontwierp/ontworpen
    bouwen/bouwt/bouwde/gebouwd organiseren/organiseert/organiseerde/georganiseerd
    plannen/plant/plande/gepland roosteren/roostert/roosterde/geroosterd verdelen/verdeelt/verdeelde/verdeeld
    overleggen/overlegt/overlegde/overlegd samenwerken/samenwerkt/samenwerkte/samengewerkt
    bespreken/bespreekt/besprak/besproken evalueren/evalueert/evalueerde/geëvalueerd
    onderzoeken/onderzoekt/onderzocht/onderzocht analyseren/analyseert/analyseerde/geanalyseerd
    beoordelen/beoordeelt/beoordeelde/beoordeeld bewaken/bewaakt/bewaakte/bewaakt borgen/borgt/borgde/geborgd
    vastleggen/vastlegt/vastlegde/vastgelegd registreren/registreert/registreerde/geregistreerd
    rapporteren/rapporteert/rapporteerde/gerapporteerd melden/meldt/meldde/gemeld
    signaleren/signaleert/signaleerde/gesignaleerd voorkomen/voorkomt/voorkwam/voorkomen
    verminderen/vermindert/verminderde/verminderd verlagen/verlaagt/verlaagde/verlaagd
    verhogen/verhoogt/verhoogde/verhoogd vergroten/vergroot/vergrootte/vergroot
    versterken/versterkt/versterkte/versterkt verkorten/verkort/verkortte/verkort
    vereenvoudigen/vereenvoudigt/vereenvoudigde/vereenvoudigd versnellen/versnelt/versnelde/versneld
    besparen/bespaart/bespaarde/bespaard betalen/betaalt/betaalde/betaald
    investeren/investeert/investeerde/geïnvesteerd financieren/financiert/financierde/gefinancierd
    scholen/schoolt/schoolde/geschoold trainen/traint/trainde/getraind opleiden/opleidt/opleidde/opgeleid
    oefenen/oefent/oefende/geoefend toepassen/toepast/toepaste/toegepast gebruiken/gebruikt/gebruikte/gebruikt
    proberen/probeert/probeerde/geprobeerd testen/test/testte/getest invoeren/invoert/invoerde/ingevoerd
    uitvoeren/uitvoert/uitvoerde/uitgevoerd uitbreiden/uitbreidt/uitbreidde/uitgebreid
    overnemen/overneemt/overnam/overgenomen aanpassen/aanpast/aanpaste/aangepast
    aansluiten/aansluit/aansloot/aangesloten bereiken/bereikt/bereikte/bereikt leiden/leidt/leidde/geleid
    sturen/stuurt/stuurde/gestuurd steunen/steunt/steunde/gesteund stimuleren/stimuleert/stimuleerde/gestimuleerd
    motiveren/motiveert/motiveerde/gemotiveerd waarderen/waardeert/waardeerde/gewaardeerd
    vertrouwen/vertrouwt/vertrouwde/vertrouwd respecteren/respecteert/respecteerde/gerespecteerd
    beschermen/beschermt/beschermde/beschermd beveiligen/beveiligt/beveiligde/beveiligd
    openen/opent/opende/geopend sluiten/sluit/sloot/gesloten verhuizen/verhuist/verhuisde/verhuisd
    vervoeren/vervoert/vervoerde/vervoerd verzamelen/verzamelt/verzamelde/verzameld
    bewaren/bewaart/bewaarde/bewaard tonen/toont/toonde/getoond uitleggen/uitlegt/uitlegde/uitgelegd
    informeren/informeert/informeerde/geïnformeerd adviseren/adviseert/adviseerde/geadviseerd
    verwijzen/verwijst/verwees/verwezen opnemen/opneemt/opnam/opgenomen wachten/wacht/wachtte/gewacht
    bellen/belt/belde/gebeld groeien/groeit/groeide/gegroeid dalen/daalt/daalde/gedaald stijgen/stijgt/steeg/gestegen
    lukken/lukt/lukte/gelukt passen/past/paste/gepast horen/hoort/hoorde/gehoord
    verwachten/verwacht/verwachtte/verwacht hopen/hoopt/hoopte/gehoopt durven/durft/durfde/gedurfd
    vergelijken/vergelijkt/vergeleek/vergeleken vormen/vormt/vormde/gevormd regelen/regelt/regelde/geregeld
    herkennen/herkent/herkende/herkend erkennen/erkent/erkende/erkend afspreken/afspreekt/afsprak/afgesproken
    uitproberen/uitprobeert/uitprobeerde/uitgeprobeerd terugkijken/terugkijkt/terugkeek/teruggekeken
    vooruitkijken/vooruitkijkt/vooruitkeek/vooruitgekeken meedenken/meedenkt/meedacht/meegedacht
    meedoen/meedoet/meedeed/meegedaan inwerken/inwerkt/inwerkte/ingewerkt bijhouden/bijhoudt/bijhield/bijgehouden
    behouden/behoudt/behield/behouden verspreiden/verspreidt/verspreidde/verspreid benutten/benut/benutte/benut
    ontlasten/ontlast/ontlastte/ontlast overdragen/overdraagt/overdroeg/overgedragen
    verantwoorden/verantwoordt/verantwoordde/verantwoord ontdekken/ontdekt/ontdekte/ontdekt
    wandelen/wandelt/wandelde/gewandeld fietsen/fietst/fietste/gefietst tuinieren/tuiniert/tuinierde/getuinierd
";

/// Adjectives: as they are, and before a noun.
pub(super) const ADJECTIVES: &str = "
    nieuw/nieuwe groot/grote klein/kleine lang/lange kort/korte hoog/hoge laag/lage oud/oude jong/jonge eigen/eigen
    open/open gesloten/gesloten vrij/vrije veilig/veilige gezond/gezonde ziek/zieke zwaar/zware licht/lichte
    sterk/sterke zwak/zwakke snel/snelle langzaam/langzame vroeg/vroege laat/late rustig/rustige druk/drukke
    stil/stille warm/warme koud/koude zacht/zachte hard/harde mooi/mooie fijn/fijne prettig/prettige
    vriendelijk/vriendelijke persoonlijk/persoonlijke gezamenlijk/gezamenlijke dagelijks/dagelijkse
    wekelijks/wekelijkse maandelijks/maandelijkse jaarlijks/jaarlijkse tijdelijk/tijdelijke vast/vaste
    flexibel/flexibele zelfstandig/zelfstandige afhankelijk/afhankelijke kwetsbaar/kwetsbare haalbaar/haalbare
    meetbaar/meetbare zichtbaar/zichtbare bruikbaar/bruikbare betaalbaar/betaalbare duurzaam/duurzame
    zorgzaam/zorgzame eenvoudig/eenvoudige ingewikkeld/ingewikkelde moeilijk/moeilijke makkelijk/makkelijke
    duidelijk/duidelijke onduidelijk/onduidelijke helder/heldere belangrijk/belangrijke nodig/nodige
    nuttig/nuttige handig/handige praktisch/praktische technisch/technische digitaal/digitale medisch/medische
    sociaal/sociale lichamelijk/lichamelijke geestelijk/geestelijke regionaal/regionale landelijk/landelijke
    lokaal/lokale gemeentelijk/gemeentelijke wettelijk/wettelijke financieel/financiële structureel/structurele
    incidenteel/incidentele tevreden/tevreden trots/trotse blij/blije bang/bange boos/boze verdrietig/verdrietige
    eenzaam/eenzame betrokken/betrokken deskundig/deskundige bekwaam/bekwame bevoegd/bevoegde
    ervaren/ervaren verantwoordelijk/verantwoordelijke aanwezig/aanwezige afwezig/afwezige
    beschikbaar/beschikbare bereikbaar/bereikbare toegankelijk/toegankelijke passend/passende
    lerend/lerende groeiend/groeiende dalend/dalende gericht/gerichte breed/brede smal/smalle diep/diepe
    volledig/volledige gedeeltelijk/gedeeltelijke beter/betere slechter/slechtere meerdere/meerdere
    vorig/vorige volgend/volgende eerste/eerste tweede/tweede derde/derde laatste/laatste huidig/huidige
    toekomstig/toekomstige mogelijk/mogelijke onmogelijk/onmogelijke zeker/zekere onzeker/onzekere
    gewoon/gewone bijzonder/bijzondere verschillend/verschillende gelijk/gelijke juist/juiste verkeerd/verkeerde
    schoon/schone vies/vieze droog/droge nat/natte vol/volle leeg/lege rond/ronde recht/rechte scheef/scheve
    blijvend/blijvende merkbaar/merkbare
";

/// Beginnings, middles and ends of syllables that sound Dutch.
pub(super) const ONSETS: &str =
    "b bl br d dr f fl g gr h j k kl kn kr l m n p pl pr r s sch sl sm sp st str t tr v vl w z zw";
pub(super) const VOWELS: &str = "a aa e ee i ie o oe oo u ui ei ij ou eu";
pub(super) const CODAS: &str = "l m n r s t k p f ng nk nt rt st rd ld lm rm nd ks";
pub(super) const ENDINGS: &str = "en er el ing te erij elijk aal ig sel";
