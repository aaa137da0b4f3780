//! `user` and `token`: accounts and tokens from the command line, for the operator.

use crate::app;
use crate::config::Config;
use crate::domain::account::{AccountRole, Grant, Scope, mail_address};
use crate::domain::actor::Actor;
use crate::domain::fault::Fault;
use crate::domain::id::TokenId;
use crate::store::{Store, account, api_token};
use crate::text::dutch;
use crate::workflow::account::{self as accounts, By, Invitation};
use crate::workflow::{self, Error};

use super::{Outcome, TokenCommand, UserCommand, complain, say};

pub(super) async fn run(config: Config, command: UserCommand) -> anyhow::Result<Outcome> {
    let store = open(&config, &command).await?;
    let actor = Actor::System;
    let by = By { store: &store, actor: &actor, from: None, now: app::Clock::System.now(), site: &config.public_url };
    let res = match command {
        UserCommand::Create { email, name, role, organisation, network, theme } => {
            let Some(role) = AccountRole::parse(&role) else { return Ok(unknown_role(&role)) };
            let scope = match (organisation, network, theme) {
                (Some(slug), None, None) => Scope::Organisation(slug),
                (None, Some(slug), None) => Scope::Network(slug),
                (None, None, Some(slug)) => Scope::Theme(slug),
                (None, None, None) => Scope::Everywhere,
                _ => return Ok(refused("noem hoogstens één van --organisation, --network en --theme")),
            };
            let grant = Grant { role, scope };
            let invited = accounts::invite(by, &Invitation { mail: &email, name: &name, grant }).await;
            invited.map(|(_, link)| {
                say("Account gemaakt. Kies een wachtwoord via deze link; hij werkt één keer, en zeven dagen lang:");
                say(&link);
            })
        }
        UserCommand::Link { email } => match find(&store, &email).await? {
            Some(entry) => accounts::link(by, &entry.account.id).await.map(|link| {
                say("Kies een nieuw wachtwoord via deze link; hij werkt één keer:");
                say(&link);
            }),
            None => Err(Error::NotFound),
        },
        UserCommand::List => {
            let all = account::list(&store).await?;
            for it in &all {
                let roles: Vec<String> = it.account.grants.iter().map(shown).collect();
                let account = &it.account;
                say(&format!("{}  {}  {}  {}", account.mail, account.name, account.status.word(), roles.join(", ")));
            }
            say(&dutch::count(all.len(), "account", "accounts"));
            Ok(())
        }
        UserCommand::Block { email } => match find(&store, &email).await? {
            Some(entry) => {
                accounts::block(by, &entry.account.id).await.map(|()| say(&format!("{email} is geblokkeerd.")))
            }
            None => Err(Error::NotFound),
        },
    };
    end(&store, res).await
}

pub(super) async fn tokens(config: Config, command: TokenCommand) -> anyhow::Result<Outcome> {
    let store = app::open_existing_store(&config).await?;
    let actor = Actor::System;
    let by = By { store: &store, actor: &actor, from: None, now: app::Clock::System.now(), site: &config.public_url };
    let res = match command {
        TokenCommand::List => {
            let all = api_token::list(&store, None).await?;
            for it in &all {
                let owner = account::get(&store, &it.account).await?.map(|it| it.account.mail).unwrap_or_default();
                let until = dutch::date(it.expires_at.date_naive());
                say(&format!("{}  {owner}  {}  {}  tot {until}", it.id, it.name, it.scope.word()));
            }
            say(&dutch::count(all.len(), "token", "tokens"));
            Ok(())
        }
        TokenCommand::Revoke { id } => {
            let revoked = accounts::own::revoke_any_token(by, &TokenId::stored(id)).await;
            revoked.map(|()| say("Het token is ingetrokken."))
        }
    };
    end(&store, res).await
}

/// The first account may be made before the site ever ran.
async fn open(config: &Config, command: &UserCommand) -> anyhow::Result<Store> {
    Ok(match command {
        UserCommand::Create { .. } => app::open_store(config).await?,
        _ => app::open_existing_store(config).await?,
    })
}

async fn find(store: &Store, typed: &str) -> anyhow::Result<Option<account::Entry>> {
    match mail_address(typed) {
        Ok(mail) => Ok(account::by_mail(store, &mail).await?),
        Err(_) => Ok(None),
    }
}

async fn end(store: &Store, res: Result<(), Error>) -> anyhow::Result<Outcome> {
    let outcome = match res {
        Ok(()) => Outcome::Fine,
        Err(workflow::Error::Form(faults)) => {
            faults.iter().for_each(|it: &Fault| complain(&it.to_string()));
            Outcome::Findings
        }
        Err(workflow::Error::NotFound) => {
            refused("dat is er niet; bekijk de lijst met: leerkring user list of token list")
        }
        Err(error) => return Err(error.into()),
    };
    store.close().await?;
    Ok(outcome)
}

fn shown(it: &Grant) -> String {
    match &it.scope {
        Scope::Everywhere => it.role.word().to_owned(),
        Scope::Organisation(slug) | Scope::Network(slug) | Scope::Theme(slug) => format!("{} ({slug})", it.role.word()),
    }
}

fn unknown_role(typed: &str) -> Outcome {
    let known: Vec<&str> = AccountRole::ALL.iter().map(|it| it.word()).collect();
    refused(&format!("de rol \"{typed}\" bestaat niet; kies uit {}", known.join(", ")))
}

fn refused(text: &str) -> Outcome {
    complain(text);
    Outcome::Findings
}
