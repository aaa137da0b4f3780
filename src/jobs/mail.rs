//! Sends the mails that wait: over SMTP, or as files in the data folder where no server is set.
//!
//! A mail is marked as being tried before it goes out, and as sent after. Should the program die between the two, it is
//! tried again at the end of its wait: a mail can come twice after a crash in that moment, but is never lost. Its
//! `Message-ID` stays the same, so that a mail program shows it once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::oneshot;

use crate::config::Config;
use crate::domain::mail::MailState;
use crate::store::mail::{self, Mail};
use crate::store::{self, Store};

use super::tidy;

/// How often is looked for mails that wait.
const PACE: Duration = Duration::from_secs(2);
/// How often what is over is forgotten.
const TIDY: TimeDelta = TimeDelta::minutes(10);
/// How many are sent in a row.
const BATCH: u64 = 50;
/// After so many tries a mail is given up; with the waits between them that takes three days.
const TRIES_MAX: i32 = 20;
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
const PATIENCE: Duration = Duration::from_secs(30);

/// Where mails go.
pub struct Post {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Files(PathBuf),
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("instelling {0} kan niet: {1}")]
    Setting(&'static str, String),
}

impl Post {
    pub fn open(config: &Config) -> Result<Post, Error> {
        let from = config.mail_from.parse().map_err(|_| {
            Error::Setting("mail_from", "schrijf een mailadres, zoals Leerkring <leerkring@voorbeeld.nl>".into())
        })?;
        let way = match &config.smtp_url {
            Some(url) => Way::Smtp(Box::new(server(url, config.ca_file.as_deref())?)),
            None => Way::Files(config.mail_folder()),
        };
        Ok(Post { from, way })
    }

    /// Where mails go when there is no server.
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Files(folder) => Some(folder),
            Way::Smtp(_) => None,
        }
    }

    /// Sends every mail that may be tried now; says how many went out.
    pub async fn deliver(&self, store: &Store, now: DateTime<Utc>) -> store::Result<usize> {
        let mut sent = 0;
        for due in mail::due(store, now, BATCH).await? {
            // Taken: another run of this job leaves it alone until its wait is over.
            let write = store.write().await?;
            let Some(mut it) = mail::get_in(&write, &due.id).await? else { continue };
            if it.state != MailState::Waiting || now < it.next_at {
                continue;
            }
            it.tries += 1;
            it.next_at = now + wait(it.tries);
            mail::save(&write, &it).await?;
            write.commit_apart().await?;

            match self.send(&it).await {
                Ok(()) => {
                    it.state = MailState::Sent;
                    it.sent_at = Some(now);
                    it.body = String::new();
                    it.error = String::new();
                    sent += 1;
                }
                Err(error) => {
                    tracing::warn!(mail.id = %it.id, mail.tries = it.tries, error, "bericht niet verstuurd");
                    it.error = error.chars().take(300).collect();
                    if TRIES_MAX <= it.tries {
                        it.state = MailState::Failed;
                    }
                }
            }
            let write = store.write().await?;
            mail::save(&write, &it).await?;
            write.commit_apart().await?;
        }
        Ok(sent)
    }

    async fn send(&self, it: &Mail) -> Result<(), String> {
        let recipient: Mailbox = it.recipient.parse().map_err(|_| "het mailadres is niet te lezen".to_owned())?;
        let host = self.from.email.domain();
        let mut message = Message::builder().from(self.from.clone()).to(recipient);
        if let Some(address) = &it.reply_to {
            message = message.reply_to(address.parse().map_err(|_| format!("{address} is geen mailadres"))?);
        }
        let message = message
            .subject(&it.subject)
            .message_id(Some(format!("<{}@{host}>", it.id)))
            .date(it.created_at.into())
            .header(ContentType::TEXT_PLAIN)
            .body(it.body.clone())
            .map_err(|error| error.to_string())?;
        match &self.way {
            Way::Smtp(smtp) => {
                let sending = smtp.send(message);
                match tokio::time::timeout(2 * PATIENCE, sending).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(error)) => Err(reasons(&error)),
                    Err(_) => Err("de mailserver antwoordt niet".to_owned()),
                }
            }
            Way::Files(folder) => {
                let text = format!("Aan: {}\nOnderwerp: {}\n\n{}", it.recipient, it.subject, it.body);
                let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
                tokio::fs::create_dir_all(folder).await.map_err(failed)?;
                let partial = folder.join(format!(".{}", it.id));
                tokio::fs::write(&partial, text).await.map_err(failed)?;
                tokio::fs::rename(&partial, folder.join(format!("{}.txt", it.id))).await.map_err(failed)
            }
        }
    }

    /// Sends what waits and forgets what is over, until `stop` rings or is dropped.
    pub async fn run(self, store: Store, now: impl Fn() -> DateTime<Utc>, mut stop: oneshot::Receiver<()>) {
        let mut tidied = None;
        loop {
            if let Err(error) = self.deliver(&store, now()).await {
                tracing::error!(error = %error, "berichten versturen mislukt");
            }
            if tidied.is_none_or(|it| it + TIDY <= now()) {
                tidied = Some(now());
                if let Err(error) = tidy::forget(&store, now()).await {
                    tracing::error!(error = %error, "opruimen mislukt");
                }
            }
            if tokio::time::timeout(PACE, &mut stop).await.is_ok() {
                return;
            }
        }
    }
}

/// The server of an address, trusted by the authorities everybody knows and those of a file.
fn server(url: &str, authorities: Option<&Path>) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
    let wrong = || {
        let allowed = "schrijf smtps://NAAM:WACHTWOORD@SERVER of smtp://SERVER:587?tls=required";
        Error::Setting("smtp_url", allowed.to_owned())
    };
    let mut smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| wrong())?;
    if let Some(path) = authorities {
        let failed = |reason: String| Error::Setting("ca_file", format!("{}: {reason}", path.display()));
        let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let authorities = Certificate::from_pem(&pem).map_err(|error| failed(error.to_string()))?;
        let url = url::Url::parse(url).map_err(|_| wrong())?;
        let tls = TlsParameters::builder(url.host_str().unwrap_or_default().to_owned());
        let tls = tls.add_root_certificate(authorities).build_rustls().map_err(|error| failed(error.to_string()))?;
        // As the address says it.
        let way = url.query_pairs().find(|it| it.0 == "tls").map(|it| it.1.into_owned());
        smtp = match (url.scheme(), way.as_deref()) {
            ("smtps", _) => smtp.tls(Tls::Wrapper(tls)),
            (_, Some("required")) => smtp.tls(Tls::Required(tls)),
            (_, Some("opportunistic")) => smtp.tls(Tls::Opportunistic(tls)),
            _ => smtp,
        };
    }
    Ok(smtp.timeout(Some(PATIENCE)).build())
}

/// An error with what caused it.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut res = error.to_string();
    let mut inner = error.source();
    while let Some(it) = inner {
        res.push_str(&format!(": {it}"));
        inner = it.source();
    }
    res
}

/// How long a mail waits after so many tries: half a minute, doubled each time, at most six hours.
fn wait(tries: i32) -> TimeDelta {
    let doubled = u32::try_from(tries - 1).unwrap_or(0).min(12);
    (FIRST_WAIT * 2_i32.pow(doubled)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double() {
        assert_eq!([1, 2, 3].map(|it| wait(it).num_seconds()), [30, 60, 120]);
        assert_eq!(wait(100), LONGEST_WAIT);
        let all: TimeDelta = (1..TRIES_MAX).map(wait).sum();
        assert!(TimeDelta::days(2) < all && all < TimeDelta::days(4), "{all}");
    }
}
