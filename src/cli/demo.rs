//! `demo`: an invented network beside the library, to see how comparing works.

use crate::accounts::secret;
use crate::app::{self, Clock};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::exchange::demo::{Demo, NETWORK, Person};
use crate::store::{Store, account};
use crate::text::dutch;
use crate::workflow::account::{self as accounts, By, Invitation};
use crate::workflow::{self, Error, history_load};

use super::progress::Progress;
use super::{Outcome, complain, import, say};

/// How many hexadecimal digits a password of the demonstration has.
const PASSWORD: usize = 20;

pub(super) async fn run(config: Config) -> anyhow::Result<Outcome> {
    let store = app::open_store(&config).await?;
    let done = fill(&store, &config).await;
    store.close().await?;
    done
}

async fn fill(store: &Store, config: &Config) -> anyhow::Result<Outcome> {
    if store.is_empty().await? {
        // The indicators come from the content folder.
        if import::take_in(store, &app::intake(config), &config.content, false).await?.is_none() {
            return Ok(Outcome::Findings);
        }
    }
    let now = Clock::System.now();
    let catalogue = store.catalogue().await?;
    if catalogue.indicators.is_empty() {
        complain("er zijn geen indicatoren; neem eerst de inhoud op met: leerkring import");
        return Ok(Outcome::Findings);
    }
    let progress = Progress::new("Organisaties en praktijken");
    let demo = Demo::new(&catalogue, now.date_naive());
    let step = |done: usize, all: usize| progress.step(done, all);
    match workflow::library::take_in(store, &Actor::System, &demo.library, now, false, &step).await {
        Ok(_) => (),
        Err(Error::Invalid(faults)) => {
            faults.iter().for_each(|(subject, fault)| complain(&format!("{subject:?}: {fault}")));
            return Ok(Outcome::Findings);
        }
        Err(error) => return Err(error.into()),
    }
    progress.next("Cijfers");
    let deliveries: Vec<_> = demo.deliveries(catalogue.indicators.iter()).collect();
    let count = history_load::take_in(store, &Actor::System, Some(NETWORK), &deliveries, now, &step).await?;
    drop(progress);
    say(&match count {
        0 => "De cijfers van het voorbeeldnetwerk stonden er al.".to_owned(),
        count => {
            format!("Voorbeeldnetwerk (fictief): {} van 60 organisaties.", dutch::count(count, "cijfer", "cijfers"))
        }
    });
    let mut made = 0;
    for person in &demo.people {
        if let Some(password) = welcome(store, config, person).await? {
            if made == 0 {
                say("Inloggen kan met deze accounts. De wachtwoorden staan alleen hier, één keer:");
            }
            say(&format!("  {:<28} {password}   {}", person.mail, person.name));
            made += 1;
        }
    }
    if made == 0 {
        say(
            "De accounts van het voorbeeldnetwerk waren er al; een nieuw wachtwoord maakt u met: leerkring user link --email ADRES",
        );
    }
    say("Redacteur en beheerder stellen bij het eerste inloggen een tweede factor in. Start de site met: leerkring");
    Ok(Outcome::Fine)
}

/// Makes an account with a password; `None` when it is there already.
async fn welcome(store: &Store, config: &Config, person: &Person) -> anyhow::Result<Option<String>> {
    if account::by_mail(store, person.mail).await?.is_some() {
        return Ok(None);
    }
    let by = By { store, actor: &Actor::System, from: None, now: Clock::System.now(), site: &config.public_url };
    let invitation = Invitation { mail: person.mail, name: person.name, grant: person.grant.clone() };
    let (_, link) = accounts::invite(by, &invitation).await?;
    let password: String = secret::generate()?.chars().take(PASSWORD).collect();
    let token = link.rsplit('/').next().unwrap_or_default();
    accounts::sign_in::set_password(by, token, &password, &password).await?;
    Ok(Some(password))
}
